package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.Drift;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointInfo;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NetworkInfo;
import io.ipvlan.NetworkStore;
import io.ipvlan.NotFoundException;
import io.ipvlan.Refusal;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Subnet;
import io.ipvlan.ipam.SubnetAllocator;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a later engine finds again, with the same kernel and a directory that lasts.
class RestoreTest {
    private static final Netns BLUE = Netns.ofName("blue");
    private static final IpvlanNetwork DUMMY = IpvlanNetwork.builder("ipnet210")
            .l3()
            .subnet("10.1.0.0/24")
            .autoSubnet(IpFamily.IPV4)
            .label("owner", "a team\nof two")
            .build();
    private static final IpvlanNetwork LAN = IpvlanNetwork.builder("lan")
            .parent("eth0")
            .subnet(Subnet.of("192.168.1.0/24").withRange("192.168.1.248/29"))
            .build();

    private final Path directory;
    private final FaultyKernel kernel = new FaultyKernel();
    private Engine engine;

    RestoreTest(@TempDir Path directory) {
        this.directory = directory;
        engine = open();
    }

    private Engine open() {
        NetworkStore store = NetworkStore.directory(directory);
        try {
            return Engine.open(kernel, store, SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS));
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void reopen() {
        engine.close();
        engine = open();
    }

    private ActiveNetwork network(String name) {
        return engine.find(name).orElseThrow();
    }

    @Test
    void networksAndEndpointsAreFoundAgain() {
        engine.create(LAN)
                .attach(EndpointSpec.in(BLUE)
                        .withId("web-1")
                        .withInterfaceName("eth1")
                        .withoutDefaultRoute());
        engine.create(DUMMY).attach(BLUE);
        List<NetworkInfo> before =
                engine.networks().stream().map(ActiveNetwork::inspect).toList();
        List<Step> applied = kernel.applied();
        reopen();

        assertEquals(
                before, engine.networks().stream().map(ActiveNetwork::inspect).toList());
        assertEquals(applied, kernel.applied(), "finding them changes nothing");
        assertEquals(DUMMY, network("ipnet210").description());
    }

    /// Another engine came in between, whose child link this one cannot see where it looks.
    @Test
    void aNetworkThatIsFoundAgainDoesNotFlipThoseMadeMeanwhile() {
        engine.create(LAN);
        engine.close();
        IpvlanNetwork routed = IpvlanNetwork.builder("routed")
                .l3()
                .parent("eth0")
                .subnet("10.9.0.0/24")
                .build();
        try (Engine other =
                Engine.open(kernel, NetworkStore.inMemory(), SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS))) {
            other.create(routed).attach(Netns.ofName("green"));
            engine = open();
            ConflictException refused =
                    assertThrows(ConflictException.class, () -> network("lan").attach(BLUE));
            assertTrue(refused.reason().contains("network 'routed' uses 'eth0' as l3 bridge"), refused::reason);
            assertThrows(ConflictException.class, () -> network("lan").plan(EndpointSpec.in(BLUE)));
        }
    }

    /// After a reboot, for example.
    @Test
    void theHostsNamespaceMayHaveAnotherIdentityThanIsRemembered() {
        engine.create(LAN);
        engine.close();
        try (Engine later = Engine.open(
                new FaultyKernel(),
                NetworkStore.directory(directory),
                SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS))) {
            assertTrue(assertThrows(
                            ConflictException.class,
                            () -> later.create(IpvlanNetwork.builder("routed")
                                    .l3()
                                    .parent("eth0")
                                    .subnet("10.9.0.0/24")
                                    .build()))
                    .reason()
                    .contains("network 'lan' uses 'eth0' as l2 bridge"));
        }
        engine = open();
    }

    @Test
    void hostAccessKeepsItsRoutesWhateverAddressTheParentGetsLater() {
        IpvlanNetwork access = LAN.toBuilder().hostAccess().build();
        engine.create(access).attach(EndpointSpec.in(BLUE).withId("a"));
        assertEquals(List.of(), network("lan").verify());
        kernel.addAddress("eth0", "10.77.0.1/24");
        reopen();

        assertEquals(List.of(), network("lan").verify());
        network("lan").endpoints().getFirst().detach();
        network("lan").delete();
    }

    @Test
    void namesAddressesSubnetsAndModesAreStillTaken() {
        engine.create(DUMMY).attach(EndpointSpec.in(BLUE).withId("a").withAddress("10.1.0.1"));
        engine.create(LAN);
        reopen();
        ActiveNetwork network = network("ipnet210");

        assertThrows(ConflictException.class, () -> engine.create(DUMMY));
        assertEquals(network, engine.ensure(DUMMY));
        assertThrows(
                ConflictException.class,
                () -> network.attach(EndpointSpec.in(BLUE).withId("a")));
        assertThrows(
                AddressException.class,
                () -> network.attach(EndpointSpec.in(BLUE).withAddress("10.1.0.1")));
        assertEquals(List.of("10.1.0.2/24"), Bench.next(network));
        ActiveNetwork drawing = engine.create(
                IpvlanNetwork.builder("drawing").autoSubnet(IpFamily.IPV4).build());
        assertEquals("172.18.0.0/16", drawing.inspect().subnets().getFirst().toString());
        assertThrows(
                ConflictException.class,
                () -> engine.create(IpvlanNetwork.builder("routed")
                        .l3()
                        .parent(LAN.parent())
                        .subnet("10.7.0.0/16")
                        .build()));
    }

    @Test
    void theParentsAddressIsStillWithheld() {
        engine.create(LAN);
        reopen();

        assertThrows(
                AddressException.class,
                () -> network("lan").attach(EndpointSpec.in(BLUE).withAddress("192.168.1.250")));
    }

    /// A host whose address comes from outside may be given one that an endpoint has; all the others still
    /// work.
    @Test
    void anAddressThatTheParentTookLaterStaysWithItsEndpoint() {
        engine.create(LAN).attach(EndpointSpec.in(BLUE).withAddress("192.168.1.9"));
        kernel.addAddress("eth0", "192.168.1.9/24");
        reopen();

        Endpoint endpoint = network("lan").endpoints().getFirst();
        assertEquals(List.of("192.168.1.9/24"), Bench.addresses(endpoint));
        endpoint.detach();
        network("lan").delete();
        assertEquals(List.of(), engine.networks());
    }

    @Test
    void whatWasFoundAgainCanBeRemoved() {
        engine.create(DUMMY).attach(BLUE);
        reopen();
        network("ipnet210").endpoints().forEach(Endpoint::detach);
        network("ipnet210").delete();

        assertEquals(List.of(), kernel.children());
        assertEquals(2, kernel.host().observe().links().size());
        reopen();
        assertEquals(List.of(), engine.networks());
        assertEquals(DUMMY, engine.create(DUMMY).description());
    }

    @Test
    void anEphemeralNetworkIsNotFoundAgain() {
        engine.ephemeral(DUMMY).attach(BLUE);
        reopen();

        assertEquals(Optional.empty(), engine.find("ipnet210"));
    }

    @Test
    void aNetworkWhoseParentIsMissingIsFoundAndCanBeDeleted() {
        ActiveNetwork first = engine.create(DUMMY);
        first.attach(EndpointSpec.in(BLUE).withId("a"));
        String parent = first.inspect().parent();
        assertEquals(LinkNames.dummyParent("ipnet210"), parent);
        kernel.host().delete(new Step.DeleteLink(parent, kernel.indexOf(parent).orElseThrow(), Optional.empty()));
        reopen();
        ActiveNetwork network = network("ipnet210");

        assertEquals(
                List.of("a"),
                network.inspect().endpoints().stream().map(EndpointInfo::id).toList());
        assertThrows(NotFoundException.class, () -> network.attach(Netns.ofName("green")));
        network.delete();
        reopen();
        assertEquals(List.of(), engine.networks());
    }

    /// Changes what is remembered while no engine has the store open.
    private Optional<String> exchange(String key, Optional<String> next) {
        try (NetworkStore store = NetworkStore.directory(directory)) {
            Optional<String> before = Optional.ofNullable(store.load().get(key));
            assertTrue(store.compareAndSet(key, before, next));
            return before;
        }
    }

    /// Renames the parent while no engine has the store open, and lets another link have its name.
    private void renameParentOf(String network, String name) {
        exchange(
                network,
                exchange(network, Optional.empty()).map(text -> text.replace("link.name=eth0", "link.name=" + name)));
    }

    @Test
    void aParentIsKnownByItsIndexThoughAnotherLinkHasItsName() {
        engine.create(LAN).attach(EndpointSpec.in(BLUE).withId("a"));
        String other = engine.create(DUMMY).inspect().parent();
        engine.close();
        renameParentOf("lan", other);
        engine = open();
        ActiveNetwork lan = network("lan");

        assertEquals(kernel.indexOf("eth0").orElseThrow(), lan.inspect().parentIndex());
        assertEquals(
                List.of("its parent '" + other + "' was renamed to 'eth0', and is still used"),
                lan.verify().stream().map(Drift::reason).toList());
        lan.attach(EndpointSpec.in(Netns.ofName("green")).withId("b"));
        assertEquals(1, lan.verify().size(), "the new one stands where the others do");
        ConflictException refused = assertThrows(
                ConflictException.class,
                () -> engine.create(IpvlanNetwork.builder("same")
                        .parent("eth0")
                        .subnet("192.168.1.0/24")
                        .build()));
        assertTrue(refused.reason().contains("overlaps one of network 'lan'"), refused::reason);
    }

    @Test
    void anEndpointOfANetworkNobodyRemembersIsPassedOver() {
        engine.create(DUMMY).attach(BLUE);
        engine.close();
        exchange("ipnet210", Optional.empty());
        engine = open();

        assertEquals(List.of(), engine.networks());
    }

    @Test
    void aRecordThatCannotBeReadIsNamedAndNothingIsLost() {
        engine.create(DUMMY);
        engine.close();
        Optional<String> text = exchange("ipnet210", Optional.of("version=2\n"));

        String refused = Refusal.of(UncheckedIOException.class, this::open);
        assertTrue(refused.contains("'ipnet210'"), refused);
        exchange("ipnet210", text);
        engine = open();
        assertEquals(DUMMY, network("ipnet210").description());
    }

    /// Somebody wrote to the store behind the engine's back, which a shared store allows.
    @Test
    void whatAnotherProgramChangedIsNotOverwritten() {
        FaultyStore shared = new FaultyStore(new Lifeline());
        FaultyKernel other = new FaultyKernel();
        try (Engine here = Engine.open(other, shared, SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS))) {
            assertTrue(shared.compareAndSet("lan", Optional.empty(), Optional.of("somebody's")));
            ConflictException refused = assertThrows(ConflictException.class, () -> here.create(LAN));
            assertTrue(refused.reason().contains("another program"), refused::reason);
            assertEquals("somebody's", shared.load().get("lan"));
            assertEquals(List.of(), here.networks());

            assertTrue(shared.compareAndSet("lan", Optional.of("somebody's"), Optional.empty()));
            here.create(LAN).delete();
        }
    }
}
