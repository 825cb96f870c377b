package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.store.MemoryStore;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.SubnetAllocator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What others do to the host between two operations, and what is left of an earlier program, does not leave
/// a network that can neither be used nor removed.
class RecoveryTest {
    private static final Netns BLUE = Netns.ofName("blue");
    private static final Netns STRANGER = Netns.ofName("stranger");
    private static final IpvlanNetwork DUMMY =
            IpvlanNetwork.builder("dummy").l3().subnet("10.1.0.0/24").build();
    private static final IpvlanNetwork ON_ETH0 = IpvlanNetwork.builder("lan")
            .l3()
            .parent("eth0")
            .subnet("10.2.0.0/24")
            .build();

    private final FaultyKernel kernel = new FaultyKernel();
    private final MemoryStore store = new MemoryStore();
    private Engine engine = open();

    private Engine open() {
        return Engine.open(kernel, store, SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private int deleteParentOf(ActiveNetwork network) {
        String parent = network.inspect().parent();
        int index = kernel.indexOf(parent).orElseThrow();
        kernel.host().delete(new Step.DeleteLink(parent, index, Optional.empty()));
        return index;
    }

    @Test
    void aNetworkWhoseDummyParentIsGoneCanBeDeleted() {
        ActiveNetwork network = engine.create(DUMMY);
        network.attach(BLUE);
        deleteParentOf(network);
        assertThrows(NotFoundException.class, () -> network.attach(STRANGER));
        network.delete();
        assertEquals(List.of(), engine.networks());
    }

    @Test
    void ensuringANetworkMakesItsDummyParentAgain() {
        deleteParentOf(engine.create(DUMMY));
        engine.close();
        engine = open();

        ActiveNetwork network = engine.ensure(DUMMY);
        network.attach(BLUE);
        assertEquals(List.of("eth0 in blue"), kernel.children());
    }

    @Test
    void aParentThatWasMadeAgainIsUsedUnderItsNewIndex() {
        ActiveNetwork network = engine.create(DUMMY);
        int old = deleteParentOf(network);
        kernel.host().create(new Step.CreateDummy(network.inspect().parent(), 4711, Optional.empty()));

        network.attach(BLUE);
        int now = kernel.indexOf(network.inspect().parent()).orElseThrow();
        assertTrue(now != old);
        assertEquals(List.of("eth0 in blue"), kernel.children());
    }

    /// A child link that the engine did not make, with an address.
    private void stranger(String address) {
        Optional<Netns> where = Optional.of(STRANGER);
        int eth0 = kernel.indexOf("eth0").orElseThrow();
        try (Kernel.Namespace namespace = kernel.open(where);
                Kernel.Namespace host = kernel.open(Optional.empty())) {
            host.createChild(
                    new Step.CreateIpvlan(
                            "eth0",
                            99,
                            "eth0",
                            eth0,
                            Optional.empty(),
                            where,
                            IpvlanMode.L3,
                            IpvlanFlag.BRIDGE,
                            OptionalInt.empty()),
                    namespace);
            namespace.configure(List.of(new Step.AddAddress(IpCidr.parse(address), "eth0", 99, where)));
        }
    }

    @Test
    void anAutomaticAddressThatAStrangerHasIsPassedOver() {
        ActiveNetwork network = engine.create(ON_ETH0);
        stranger("10.2.0.1/24");

        assertEquals(List.of("10.2.0.2/24"), Bench.addresses(network.attach(BLUE)));
        assertEquals(List.of("10.2.0.3/24"), Bench.next(network));
    }

    @Test
    void anAddressAskedForThatAStrangerHasIsRefused() {
        ActiveNetwork network = engine.create(ON_ETH0);
        stranger("10.2.0.7/24");

        AddressException refused = assertThrows(
                AddressException.class,
                () -> network.attach(EndpointSpec.in(BLUE).withAddress("10.2.0.7")));
        assertEquals(Optional.of(IpAddress.parse("10.2.0.7")), refused.address());
        assertEquals(List.of("eth0 in stranger"), kernel.children());
    }

    @Test
    void twoEnginesOfAProgramDoNotBreakEachOthersParent() {
        engine.create(ON_ETH0);
        try (Engine other = Engine.open(kernel, new MemoryStore(), SubnetAllocator.of(List.of()))) {
            ConflictException mode = assertThrows(
                    ConflictException.class,
                    () -> other.create(IpvlanNetwork.builder("other")
                            .l2()
                            .parent("eth0")
                            .subnet("10.3.0.0/24")
                            .build()));
            assertTrue(mode.reason().contains("network 'lan'"), mode::getMessage);
            assertThrows(
                    ConflictException.class,
                    () -> other.create(ON_ETH0.toBuilder().build()),
                    "the same addresses would be given twice");
        }
    }

    @Test
    void anEndpointThatDoesNotFitAnyMoreCanStillBeDetached() {
        engine.create(ON_ETH0).attach(EndpointSpec.in(BLUE).withId("web").withAddress("10.2.0.9"));
        String record = String.valueOf(store.load().get("lan/web"));
        engine.close();
        store.compareAndSet("lan/copy", Optional.empty(), Optional.of(record.replace("id=web", "id=copy")));
        engine = open();

        ActiveNetwork network = engine.find("lan").orElseThrow();
        assertEquals(2, network.endpoints().size());
        network.endpoints().forEach(endpoint -> endpoint.detach());
        network.delete();
        assertEquals(Map.of(), store.load());
    }

    @Test
    void anEndpointWithoutItsNetworkIsForgotten() {
        engine.create(ON_ETH0).attach(EndpointSpec.in(BLUE).withId("web"));
        engine.close();
        store.compareAndSet("lan", Optional.ofNullable(store.load().get("lan")), Optional.empty());
        engine = open();

        assertEquals(Map.of(), store.load());
        assertEquals(List.of(), engine.create(ON_ETH0).endpoints());
    }
}
