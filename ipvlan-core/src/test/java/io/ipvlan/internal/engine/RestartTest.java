package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NetworkStore;
import io.ipvlan.Parent;
import io.ipvlan.internal.engine.Lifeline.Fault;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.SubnetAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What an engine makes of what another one left: by the store, and by the kernel.
class RestartTest {
    private static final IpvlanNetwork STICKY = IpvlanNetwork.builder("sticky")
            .parent("eth0")
            .subnet("192.168.1.0/24")
            .strategy(Strategy.STICKY)
            .build();
    private static final IpvlanNetwork COOLING = IpvlanNetwork.builder("cooling")
            .parent("eth0")
            .subnet("192.168.1.0/24")
            .coolDown(Duration.ofMinutes(10))
            .build();
    private static final EndpointSpec WEB = EndpointSpec.in(BLUE).withId("web");

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private List<String> ids(String network) {
        return bench.network(network).endpoints().stream().map(Endpoint::id).toList();
    }

    @Test
    void whatLivesIsLeftAsItIs() {
        bench.engine.create(DUMMY).attach(WEB);
        Bench.Snapshot before = bench.snapshot();
        bench.reopen();

        assertEquals(before, bench.snapshot());
        assertEquals(List.of("web"), ids("dummy"));
        assertEquals(List.of(), bench.network("dummy").verify());
    }

    @Test
    void endpointsOfBeforeARestartOfTheMachineAreFreed() {
        bench.engine.create(ETH0).attach(WEB);
        bench.kernel.restart();
        bench.kernel.empty(BLUE);
        bench.reopen();

        assertEquals(List.of(), ids("lan"));
        assertEquals(Set.of("lan"), bench.remembered().keySet());
        assertEquals(List.of("192.168.1.2/24"), Bench.next(bench.network("lan")), "its address is free again");
        bench.reopen();
        assertEquals(List.of(), ids("lan"));
    }

    @Test
    void stickyAddressesOutliveARestartOfTheMachine() {
        ActiveNetwork network = bench.engine.create(STICKY);
        network.attach(EndpointSpec.in(GREEN).withId("first"));
        List<String> had = Bench.addresses(network.attach(WEB));
        bench.kernel.restart();
        bench.kernel.empty(BLUE);
        bench.kernel.empty(GREEN);
        bench.reopen();

        assertEquals(List.of(), ids("sticky"));
        assertEquals(had, Bench.addresses(bench.network("sticky").attach(WEB)));
    }

    @Test
    void whoComesBackGetsItsStickyAddressFromALaterEngineToo() {
        ActiveNetwork network = bench.engine.create(STICKY);
        network.attach(EndpointSpec.in(GREEN).withId("first"));
        Endpoint web = network.attach(WEB);
        List<String> had = Bench.addresses(web);
        web.detach();
        assertEquals(
                Set.of("sticky", "sticky/first", "sticky/web"),
                bench.remembered().keySet());
        bench.reopen();

        assertEquals(List.of("first"), ids("sticky"));
        assertEquals(had, Bench.addresses(bench.network("sticky").attach(WEB)));
    }

    @Test
    void whoseAddressAnotherGotIsForgotten() {
        ActiveNetwork network = bench.engine.create(STICKY);
        Endpoint web = network.attach(WEB);
        String had = Bench.addresses(web).getFirst();
        web.detach();
        network.attach(EndpointSpec.in(GREEN).withId("taker").withAddress(had.substring(0, had.indexOf('/'))));

        assertEquals(Set.of("sticky", "sticky/taker"), bench.remembered().keySet());
    }

    @Test
    void whoseAddressAnotherFailedToGetIsRememberedStill() {
        ActiveNetwork network = bench.engine.create(STICKY);
        network.attach(WEB.withAddress("192.168.1.20")).detach();
        Map<String, String> before = bench.remembered();
        EndpointSpec taker = EndpointSpec.in(GREEN).withId("taker").withAddress("192.168.1.20");
        int refused = 0;
        for (boolean attached = false; !attached; refused++) {
            assertEquals(before, bench.remembered());
            bench.lifeline.fail(refused + 1, Fault.REFUSED);
            try {
                network.attach(taker);
                attached = true;
            } catch (IpvlanException | UncheckedIOException _) {
                assertTrue(bench.lifeline.failed());
            }
            bench.lifeline.heal();
        }
        assertTrue(refused > 4, "the link, and the store before and after it, among others");
        assertEquals(Set.of("sticky", "sticky/taker"), bench.remembered().keySet());
    }

    @Test
    void addressesCoolDownAcrossEngines() {
        ActiveNetwork network = bench.engine.create(COOLING);
        network.attach(WEB).detach();
        List<String> next = Bench.next(network);
        assertEquals(List.of("192.168.1.3/24"), next);
        bench.reopen();

        assertEquals(next, Bench.next(bench.network("cooling")));
        assertEquals(Set.of("cooling", "cooling/web"), bench.remembered().keySet());
    }

    @Test
    void whatHasCooledDownIsForgotten() {
        ActiveNetwork network = bench.engine.create(COOLING);
        network.attach(WEB).detach();
        bench.clock = bench.clock.plusSeconds(601);
        network.attach(EndpointSpec.in(GREEN).withId("other")).detach();

        assertEquals(Set.of("cooling", "cooling/other"), bench.remembered().keySet());
        network.delete();
        assertEquals(Set.of(), bench.remembered().keySet());
    }

    @Test
    void anEndpointWhoseNamespaceIsGoneIsFreed() {
        bench.engine.create(ETH0).attach(WEB);
        bench.kernel.lose(BLUE);
        bench.reopen();

        assertEquals(List.of(), ids("lan"));
        assertEquals(Set.of("lan"), bench.remembered().keySet());
    }

    @Test
    void howOftenTheKernelIsAskedDoesNotDependOnHowManyEndpointsThereAre() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        for (int number = 0; number < 50; number++) {
            network.attach(EndpointSpec.in(BLUE).withId("blue-" + number).withoutDefaultRoute());
            network.attach(EndpointSpec.in(GREEN).withId("green-" + number).withoutDefaultRoute());
        }
        bench.kernel.lose(GREEN);
        bench.kernel.asked().clear();
        bench.reopen();

        assertEquals(50, ids("dummy").size());
        assertEquals(Map.of("bootId", 1, "observe", 1, "sweep", 1, "find in sweep", 2), bench.kernel.asked());
    }

    @Test
    void anEndpointWhoseLinkIsGoneStaysAndIsMended() {
        bench.engine.create(ETH0).attach(WEB);
        bench.kernel.empty(BLUE);
        bench.reopen();

        assertEquals(1, bench.network("lan").verify().size());
        assertEquals(List.of(), bench.network("lan").repair());
        assertEquals(List.of("eth0 in blue"), bench.kernel.children());
    }

    @Test
    void anEphemeralNetworkDoesNotOutliveItsEngine() {
        Bench.Snapshot before = bench.snapshot();
        bench.engine.ephemeral(DUMMY).attach(WEB);
        bench.reopen();

        assertTrue(bench.engine.find("dummy").isEmpty());
        assertEquals(before, bench.snapshot());
    }

    @Test
    void anotherProgramInTheStoreIsNoticed() {
        bench.engine.create(ETH0);
        Bench.set(bench.store, "lan/web", "something else");

        ConflictException refused =
                assertThrows(ConflictException.class, () -> bench.network("lan").attach(WEB));
        assertEquals("another program changed it in the network store", refused.reason());
        assertEquals(List.of(), bench.kernel.children());
        assertEquals(List.of(), ids("lan"));
    }

    @Test
    void whatMayBeWhereThisProcessMayNotLookIsTakenForAliveUntilItIsDetached() {
        bench.engine.create(ETH0).attach(WEB);
        bench.kernel.hide(BLUE);
        bench.reopen();
        assertEquals(List.of("web"), ids("lan"));
        assertEquals(1, bench.network("lan").verify().size());

        bench.network("lan").detachAll();
        assertEquals(List.of(), ids("lan"));
        assertEquals(List.of("192.168.1.3/24"), Bench.next(bench.network("lan")), "its address rests");
        bench.network("lan").delete();
    }

    @Test
    void aParentThatMayNotBeLookedAtDoesNotKeepTheOthersOutOfReach() {
        bench.engine.create(DUMMY.toBuilder().parent(Parent.dummy().in(GREEN)).build());
        bench.engine.create(ETH0).attach(WEB);
        bench.kernel.hide(GREEN);
        bench.reopen();

        assertEquals(List.of("web"), ids("lan"));
        bench.network("dummy").delete();
        assertEquals(Set.of("lan", "lan/web"), bench.remembered().keySet());
    }

    @Test
    void aParentThatCouldNotBeLookedAtIsClaimedWhenItIsUsedAgain() {
        String parent = bench.engine
                .create(DUMMY.toBuilder().parent(Parent.dummy().in(GREEN)).build())
                .inspect()
                .parent();
        bench.kernel.hide(GREEN);
        bench.reopen();
        bench.kernel.show(GREEN);
        bench.network("dummy").attach(WEB);

        ConflictException refused = assertThrows(
                ConflictException.class,
                () -> bench.engine.create(IpvlanNetwork.builder("other")
                        .l3()
                        .parent(Parent.link(parent).in(GREEN))
                        .subnet("10.1.214.0/24")
                        .build()));
        assertTrue(refused.reason().contains("overlaps one of network 'dummy'"), refused::reason);
    }

    /// The store took the beginning of a deletion, and nothing after it.
    @Test
    void aNetworkWhoseDeletionFailedAndThatLivesOnIsNotDeletedLater() {
        ActiveNetwork network = bench.engine.create(ETH0);
        bench.lifeline.failFrom(1, Lifeline.Fault.UNANSWERED);
        assertThrows(RuntimeException.class, network::delete);
        bench.lifeline.heal();
        network.attach(WEB);
        Bench.set(
                bench.store,
                "lan",
                String.valueOf(bench.store.load().get("lan")).replace("=PRESENT", "=LEAVING"));
        bench.reopen();

        assertEquals(List.of("web"), ids("lan"));
        assertEquals(List.of("eth0 in blue"), bench.kernel.children());
        bench.reopen();
        assertEquals(List.of("web"), ids("lan"));
    }

    /// What was begun and failed left a record; its address went to another.
    @Test
    void whoLivesKeepsItsAddressWhateverElseTheStoreSays() {
        bench.engine.create(ETH0).attach(WEB);
        String web = String.valueOf(bench.store.load().get("lan/web"));
        Bench.set(
                bench.store,
                "lan/a",
                web.replace("id=web", "id=a")
                        .replace("=PRESENT", "=ARRIVING")
                        .replaceAll("link.index=\\d+", "link.index=7"));
        bench.reopen();

        assertEquals(List.of("web"), ids("lan"));
        assertEquals(List.of("192.168.1.3/24"), Bench.next(bench.network("lan")));
        assertEquals(List.of(), bench.network("lan").verify());
    }

    @Test
    void anAddressThatNobodyHadAfterAllDoesNotRest() {
        ActiveNetwork network = bench.engine.create(COOLING);
        network.attach(WEB);
        EndpointSpec named = EndpointSpec.in(BLUE).withAddress("192.168.1.9").withoutDefaultRoute();
        assertThrows(ConflictException.class, () -> network.attach(named.withInterfaceName("eth0")));

        assertEquals(List.of("192.168.1.9/24"), Bench.addresses(network.attach(named)));
    }

    @Test
    void whatHasCooledDownBeforeALaterEngineOpensIsForgotten() {
        bench.engine.create(COOLING).attach(WEB).detach();
        bench.clock = bench.clock.plusSeconds(601);
        bench.reopen();

        assertEquals(Set.of("cooling"), bench.remembered().keySet());
        assertEquals(List.of("192.168.1.2/24"), Bench.next(bench.network("cooling")));
    }

    @Test
    void whoHasAnotherAddressByNowKeepsItWhenSomebodyGetsTheFormerOne() {
        ActiveNetwork network = bench.engine.create(STICKY);
        network.attach(WEB.withAddress("192.168.1.20")).detach();
        network.attach(WEB.withAddress("192.168.1.30")).detach();
        network.attach(EndpointSpec.in(GREEN).withId("db").withAddress("192.168.1.20"));
        bench.reopen();

        assertEquals(
                List.of("192.168.1.30/24"),
                Bench.addresses(bench.network("sticky").attach(WEB)));
    }

    @Test
    void whatTheKernelKnowsIsSaidWhenTheStoreCannotBeRead() {
        bench.engine.create(ETH0).attach(WEB);
        NetworkStore damaged = new NetworkStore() {
            @Override
            public Map<String, String> load() {
                throw new UncheckedIOException("the store is damaged", new IOException());
            }

            @Override
            public boolean compareAndSet(String key, Optional<String> expected, Optional<String> next) {
                return false;
            }

            @Override
            public void sync() {}

            @Override
            public void close() {}
        };

        UncheckedIOException refused = assertThrows(
                UncheckedIOException.class, () -> Engine.open(bench.kernel, damaged, SubnetAllocator.of(List.of())));
        assertEquals(
                "the store is damaged; the kernel has links of this library, which ownedLinks() shows to an engine"
                        + " without this store: [lan/web: ipvlan 'eth0' in blue [192.168.1.2/24]]",
                refused.getMessage());
    }
}
