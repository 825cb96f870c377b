package io.ipvlan.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.KernelException;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.HostState;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the engine relies on, whichever kernel it is given. The kernel in memory has to keep it as well as
/// the real one: otherwise tests against it would prove nothing.
abstract class KernelContract {
    private static final String DUMMY = "ipvl-contract";
    private static final IpPrefix EVERYTHING = IpPrefix.parse("0.0.0.0/0");

    private Kernel kernel;

    /// A kernel on a host that has the loopback link `lo`.
    abstract Kernel open();

    /// A namespace with nothing in it, which lives until the test is over.
    abstract Netns namespace();

    @BeforeEach
    void openKernelWithADummyLink() {
        kernel = open();
        kernel.createDummy(new Step.CreateDummy(DUMMY));
    }

    @AfterEach
    void deleteTheDummyLink() {
        kernel.indexOf(DUMMY).ifPresent(index -> kernel.deleteDummy(delete(DUMMY, index, Optional.empty())));
        kernel.close();
    }

    private static Step.DeleteLink delete(String name, int index, Optional<Netns> netns) {
        return new Step.DeleteLink(name, index, netns);
    }

    private int parent() {
        return kernel.indexOf(DUMMY).orElseThrow();
    }

    private Step.CreateIpvlan child(Netns netns, String name, int index) {
        return new Step.CreateIpvlan(
                name, index, DUMMY, parent(), netns, IpvlanMode.L3, IpvlanFlag.BRIDGE, OptionalInt.empty());
    }

    private static Step address(Netns netns, String address) {
        return new Step.AddAddress(IpCidr.parse(address), "eth0", netns);
    }

    private static Step defaultRoute(Netns netns) {
        return new Step.AddRoute(Route.onLink(EVERYTHING, "eth0"), netns);
    }

    @Test
    void aDummyLinkIsSeenOnTheHostUntilItIsDeleted() {
        HostState.Link link = kernel.observe().links().stream()
                .filter(candidate -> candidate.name().equals(DUMMY))
                .findFirst()
                .orElseThrow();
        assertEquals("dummy", link.kind());
        assertEquals(parent(), link.index());
        kernel.deleteDummy(delete(DUMMY, link.index(), Optional.empty()));
        assertEquals(OptionalInt.empty(), kernel.indexOf(DUMMY));
    }

    @Test
    void theLoopbackLinkIsKnownForWhatItIs() {
        assertTrue(
                kernel.observe().links().stream().anyMatch(link -> link.name().equals("lo") && link.loopback()));
    }

    @Test
    void aNameOnTheHostIsGivenOnce() {
        ConflictException refused =
                assertThrows(ConflictException.class, () -> kernel.createDummy(new Step.CreateDummy(DUMMY)));
        assertEquals("EEXIST", refused.kernelError().orElseThrow().name());
    }

    @Test
    void deletingWhatIsGoneIsSuccess() {
        int index = parent();
        kernel.deleteDummy(delete(DUMMY, index, Optional.empty()));
        kernel.deleteDummy(delete(DUMMY, index, Optional.empty()));
        Netns netns = namespace();
        try (Kernel.Namespace namespace = kernel.open(netns)) {
            namespace.deleteChild(delete("eth0", 77_000, Optional.of(netns)));
        }
    }

    @Test
    void onlyADummyLinkIsDeletedAsOne() {
        int loopback = kernel.indexOf("lo").orElseThrow();
        kernel.deleteDummy(delete("lo", loopback, Optional.empty()));
        assertTrue(kernel.indexOf("lo").isPresent());
    }

    @Test
    void aNamespaceIsTheSameHoweverOftenItIsOpened() {
        Netns one = namespace();
        Netns other = namespace();
        try (Kernel.Namespace first = kernel.open(one);
                Kernel.Namespace second = kernel.open(one);
                Kernel.Namespace third = kernel.open(other)) {
            assertEquals(first.id(), second.id());
            assertFalse(first.id().equals(third.id()));
        }
    }

    @Test
    void aChildIsThereUntilItIsDeleted() {
        Netns netns = namespace();
        try (Kernel.Namespace namespace = kernel.open(netns)) {
            assertFalse(namespace.hasChild(77_001));
            namespace.createChild(child(netns, "eth0", 77_001));
            assertTrue(namespace.hasChild(77_001));
            namespace.deleteChild(delete("eth0", 77_001, Optional.of(netns)));
            assertFalse(namespace.hasChild(77_001));
        }
    }

    @Test
    void aDeletedParentTakesItsChildrenAlong() {
        Netns netns = namespace();
        try (Kernel.Namespace namespace = kernel.open(netns)) {
            namespace.createChild(child(netns, "eth0", 77_002));
            kernel.deleteDummy(delete(DUMMY, parent(), Optional.empty()));
            assertFalse(namespace.hasChild(77_002));
        }
    }

    @Test
    void aNameAndAnIndexAreGivenOnceInANamespaceAndAgainInAnother() {
        Netns one = namespace();
        Netns other = namespace();
        try (Kernel.Namespace first = kernel.open(one);
                Kernel.Namespace second = kernel.open(other)) {
            first.createChild(child(one, "eth0", 77_003));
            ConflictException name =
                    assertThrows(ConflictException.class, () -> first.createChild(child(one, "eth0", 77_004)));
            assertTrue(name.reason().contains("of that name"), name.getMessage());
            ConflictException index =
                    assertThrows(ConflictException.class, () -> first.createChild(child(one, "eth1", 77_003)));
            assertTrue(index.reason().contains("77003"), index.getMessage());
            second.createChild(child(other, "eth0", 77_003));
            assertFalse(first.hasChild(77_004));
        }
    }

    @Test
    void aChildNeedsAParentThatExistsAndCanHaveChildren() {
        Netns netns = namespace();
        int loopback = kernel.indexOf("lo").orElseThrow();
        try (Kernel.Namespace namespace = kernel.open(netns)) {
            assertThrows(
                    NotFoundException.class, () -> namespace.createChild(onParent(netns, "gone", Integer.MAX_VALUE)));
            assertThrows(NotFoundException.class, () -> namespace.createChild(onParent(netns, "missing", -1)));
            assertThrows(ConflictException.class, () -> namespace.createChild(onParent(netns, "lo", loopback)));
            assertFalse(namespace.hasChild(77_005));
        }
    }

    private static Step.CreateIpvlan onParent(Netns netns, String parent, int parentIndex) {
        return new Step.CreateIpvlan(
                "eth0", 77_005, parent, parentIndex, netns, IpvlanMode.L2, IpvlanFlag.BRIDGE, OptionalInt.empty());
    }

    @Test
    void anAddressIsGivenOnceAmongTheChildrenOfAParent() {
        Netns one = namespace();
        Netns other = namespace();
        try (Kernel.Namespace first = kernel.open(one);
                Kernel.Namespace second = kernel.open(other)) {
            first.createChild(child(one, "eth0", 77_006));
            second.createChild(child(other, "eth0", 77_007));
            first.configure(77_006, List.of(address(one, "10.7.0.2/24"), address(one, "2001:db8:7::2/64")));
            for (String taken : List.of("10.7.0.2/24", "2001:db8:7::2/64")) {
                AddressException refused = assertThrows(
                        AddressException.class, () -> second.configure(77_007, List.of(address(other, taken))));
                assertEquals("EADDRINUSE", refused.kernelError().orElseThrow().name());
            }
            first.deleteChild(delete("eth0", 77_006, Optional.of(one)));
            second.configure(77_007, List.of(address(other, "10.7.0.2/24"), address(other, "2001:db8:7::2/64")));
        }
    }

    @Test
    void aRefusalDoesNotStopWhatComesAfterIt() {
        Netns netns = namespace();
        try (Kernel.Namespace namespace = kernel.open(netns)) {
            namespace.createChild(child(netns, "eth0", 77_008));
            namespace.configure(77_008, List.of(address(netns, "10.7.0.2/24")));
            assertThrows(
                    AddressException.class,
                    () -> namespace.configure(77_008, List.of(address(netns, "10.7.0.2/24"), defaultRoute(netns))));
            ConflictException second = assertThrows(
                    ConflictException.class, () -> namespace.configure(77_008, List.of(defaultRoute(netns))));
            assertTrue(second.reason().contains("default route"), second.getMessage());
        }
    }

    @Test
    void aGatewayMustBeOnTheLink() {
        Netns netns = namespace();
        Step route = new Step.AddRoute(Route.via(EVERYTHING, IpAddress.parse("10.99.0.1"), "eth0"), netns);
        try (Kernel.Namespace namespace = kernel.open(netns)) {
            namespace.createChild(child(netns, "eth0", 77_009));
            IpvlanException refused = assertThrows(
                    KernelException.class,
                    () -> namespace.configure(77_009, List.of(address(netns, "10.7.0.2/24"), route)));
            assertEquals("ENETUNREACH", refused.kernelError().orElseThrow().name());
        }
    }

    @Test
    void aLinkThatIsNotThereCannotBeConfigured() {
        Netns netns = namespace();
        try (Kernel.Namespace namespace = kernel.open(netns)) {
            assertThrows(
                    NotFoundException.class, () -> namespace.configure(77_010, List.of(address(netns, "10.7.0.2/24"))));
            assertThrows(NotFoundException.class, () -> namespace.configure(77_010, List.of(defaultRoute(netns))));
        }
    }

    @Test
    void aClosedKernelSaysSo() {
        Kernel closed = open();
        closed.close();
        assertThrows(IllegalStateException.class, closed::observe);
        assertThrows(IllegalStateException.class, () -> closed.indexOf("lo"));
    }
}
