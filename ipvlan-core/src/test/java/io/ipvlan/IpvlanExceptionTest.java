package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.IpamException;
import io.ipvlan.ipam.Subnet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IpvlanExceptionTest {
    private static final KernelError EBUSY = new KernelError(16, "EBUSY", "");
    private static final KernelError EINVAL = new KernelError(22, "EINVAL", "Nexthop has invalid gateway");

    static List<IpvlanException> oneOfEachKind() {
        return List.of(
                new InvalidNetworkException("n", List.of(new Violation("mtu 1", "too small"))),
                new NotFoundException("open", "'blue'", "there is none", null, null),
                new ConflictException("create child link", "'eth0'", "taken", EBUSY, null),
                new AddressException("lease address", "10.0.0.1", "held", null, null, inUse()),
                new PermissionException("create dummy link", "'d0'", "CAP_NET_ADMIN", null, null),
                new UnsupportedException("create child link", "'eth0'", "no module", "load it", null, null),
                new KernelException("add route", "'default'", "the kernel refused", EINVAL, null));
    }

    private static IpamException inUse() {
        AddressPool pool = AddressPool.of(Subnet.of("10.0.0.0/24"));
        pool.allocate(pool.subnet().firstUsable(), "web-1");
        return assertThrows(
                IpamException.class, () -> pool.allocate(pool.subnet().firstUsable(), "web-2"));
    }

    @Test
    void theMessageNamesOperationObjectReasonAndTheKernelsError() {
        assertEquals(
                "create child link 'eth0': taken [EBUSY]",
                new ConflictException("create child link", "'eth0'", "taken", EBUSY, null).getMessage());
        assertEquals(
                "add route 'default': the kernel refused [EINVAL: Nexthop has invalid gateway]",
                new KernelException("add route", "'default'", "the kernel refused", EINVAL, null).getMessage());
        assertEquals(
                "open 'blue': there is none",
                new NotFoundException("open", "'blue'", "there is none", null, null).getMessage());
    }

    @Test
    void thePartsOfTheMessageCanBeAskedFor() {
        ConflictException conflict = new ConflictException("create child link", "'eth0'", "taken", EBUSY, null);

        assertEquals("create child link", conflict.operation());
        assertEquals("'eth0'", conflict.object());
        assertEquals("taken", conflict.reason());
        assertEquals(Optional.of(EBUSY), conflict.kernelError());
    }

    @Test
    void aMissingCapabilityIsNamedWithWaysToGrantIt() {
        PermissionException refused = new PermissionException("open", "'blue'", "CAP_SYS_ADMIN", null, null);

        assertEquals("CAP_SYS_ADMIN", refused.missingCapability());
        assertTrue(refused.reason().contains("AmbientCapabilities=CAP_SYS_ADMIN"), refused::reason);
        assertTrue(refused.reason().contains("--cap-add SYS_ADMIN"), refused::reason);
    }

    @Test
    void aMissingFeatureComesWithItsRemedy() {
        UnsupportedException refused = new UnsupportedException("open", "'x'", "no module", "load it", null, null);

        assertEquals("load it", refused.remedy());
        assertEquals("open 'x': no module; load it", refused.getMessage());
    }

    @Test
    void whatCouldNotBeUndoneIsInTheMessage() {
        KernelException failed = new KernelException("add route", "'default'", "no answer", null, null);
        assertEquals(List.of(), failed.leftovers());
        failed.addLeftover("ip -n blue link delete eth0");
        failed.addLeftover("ip link delete d0");

        assertEquals(List.of("ip -n blue link delete eth0", "ip link delete d0"), failed.leftovers());
        assertEquals(
                "add route 'default': no answer; could not be undone, do it by hand: ip -n blue link delete eth0;"
                        + " ip link delete d0",
                failed.getMessage());
        assertTrue(failed.toString().endsWith("ip link delete d0"), failed::toString);
    }

    /// Without a default: a new kind would break the programs of users, so it shall break this first.
    private static String kind(IpvlanException e) {
        return switch (e) {
            case InvalidNetworkException x -> "invalid " + x.violations().size();
            case NotFoundException _ -> "not found";
            case ConflictException _ -> "conflict";
            case AddressException _ -> "address";
            case PermissionException x -> "permission " + x.missingCapability();
            case UnsupportedException x -> "unsupported " + x.remedy();
            case KernelException _ -> "kernel";
        };
    }

    @Test
    void aSwitchOverTheSevenKindsNeedsNoDefault() {
        assertEquals(
                List.of(
                        "invalid 1",
                        "not found",
                        "conflict",
                        "address",
                        "permission CAP_NET_ADMIN",
                        "unsupported load it",
                        "kernel"),
                oneOfEachKind().stream().map(IpvlanExceptionTest::kind).toList());
    }

    @ParameterizedTest
    @MethodSource("oneOfEachKind")
    void itSurvivesSerialisation(IpvlanException original) throws IOException, ClassNotFoundException {
        original.addLeftover("ip link delete d0");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(original);
        }
        IpvlanException copy;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            copy = assertInstanceOf(original.getClass(), in.readObject());
        }

        assertEquals(original.getMessage(), copy.getMessage());
        assertEquals(original.kernelError(), copy.kernelError());
        assertEquals(original.leftovers(), copy.leftovers());
        if (original instanceof InvalidNetworkException invalid) {
            assertEquals(
                    invalid.violations(),
                    assertInstanceOf(InvalidNetworkException.class, copy).violations());
        }
    }
}
