package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointInfo;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Plan;
import io.ipvlan.ip.IpCidr;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NetworkTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static String conflict(Executable operation) {
        return assertThrows(ConflictException.class, operation).reason();
    }

    @Test
    void anEndpointIsWhatItsSpecificationSays() {
        Endpoint endpoint = bench.engine
                .create(DUMMY)
                .attach(EndpointSpec.in(BLUE)
                        .withId("web-1")
                        .withAddress("10.1.214.10")
                        .withInterfaceName("eth1"));
        EndpointInfo info = endpoint.info();

        assertEquals("web-1", endpoint.id());
        assertEquals(
                new EndpointInfo("web-1", BLUE, "eth1", info.interfaceIndex(), List.of(IpCidr.parse("10.1.214.10/24"))),
                info);
        assertEquals(List.of("eth1 in blue"), bench.kernel.children());
        assertEquals(List.of(info), bench.network("dummy").inspect().endpoints());
        assertEquals(List.of(endpoint), bench.network("dummy").endpoints());
    }

    @Test
    void whatIsNotSaidIsChosen() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Endpoint one = network.attach(BLUE);
        Endpoint other = network.attach(GREEN);

        assertEquals("eth0", one.info().interfaceName());
        assertEquals(List.of("10.1.214.1/24"), Bench.addresses(one));
        assertEquals(List.of("10.1.214.2/24"), Bench.addresses(other));
        assertNotEquals(one.id(), other.id());
        assertNotEquals(one.info().interfaceIndex(), other.info().interfaceIndex());
    }

    @Test
    void aPlanChangesNothingAndIsWhatAttachingDoesButForTheIndex() {
        ActiveNetwork network = bench.engine.create(ETH0);
        EndpointSpec spec = EndpointSpec.in(BLUE).withId("web-1");
        Bench.Snapshot before = bench.snapshot();
        Plan plan = network.plan(spec);
        assertEquals(before, bench.snapshot());
        network.attach(spec);

        assertEquals(plan.toString(), new Plan(bench.kernel.applied()).toString());
        assertEquals("the network has an endpoint of that id already", conflict(() -> network.plan(spec)));
    }

    @Test
    void aPlanThatIsRefusedHoldsNoAddress() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        EndpointSpec wanted = EndpointSpec.in(BLUE).withAddress("10.1.214.10");
        assertThrows(AddressException.class, () -> network.plan(wanted.withAddress("10.9.9.9")));

        assertEquals(List.of("10.1.214.10/24"), Bench.addresses(network.attach(wanted)));
    }

    @Test
    void anIdIsTakenOnce() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(EndpointSpec.in(BLUE).withId("web-1"));
        EndpointSpec again = EndpointSpec.in(GREEN).withId("web-1");

        assertEquals("the network has an endpoint of that id already", conflict(() -> network.attach(again)));
        ActiveNetwork other = bench.engine.create(ETH0);
        assertEquals("web-1", other.attach(again).id(), "another network has ids of its own");
    }

    @Test
    void aLinksNameIsTakenOnceInANamespace() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(BLUE);
        List<String> next = Bench.next(network);

        EndpointSpec second = EndpointSpec.in(BLUE).withInterfaceName("eth0");
        assertTrue(conflict(() -> network.attach(second)).contains("withInterfaceName"));
        assertTrue(conflict(() -> network.attach(EndpointSpec.in(GREEN).withInterfaceName("lo")))
                .contains("withInterfaceName"));
        assertEquals(next, Bench.next(network));
    }

    @Test
    void aLinkThatIsNotNamedGetsTheLowestFreeName() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        EndpointSpec plain = EndpointSpec.in(BLUE).withoutDefaultRoute();
        network.attach(plain.withInterfaceName("eth1"));

        assertEquals("eth0", network.attach(plain).info().interfaceName());
        assertTrue(
                network.plan(plain).toString().contains("add address 10.1.214.3/24 to eth2 in blue"),
                () -> network.plan(plain).toString());
        Endpoint third = network.attach(plain);
        assertEquals("eth2", third.info().interfaceName());
        third.detach();
        assertEquals("eth2", network.attach(plain).info().interfaceName());
    }

    @Test
    void aDefaultRouteIsTakenOnceInANamespace() {
        bench.engine.create(DUMMY).attach(BLUE);
        ActiveNetwork lan = bench.engine.create(ETH0);
        EndpointSpec second = EndpointSpec.in(BLUE).withInterfaceName("eth1");

        assertTrue(conflict(() -> lan.attach(second)).contains("withoutDefaultRoute()"));
        assertEquals(List.of("eth0 in blue"), bench.kernel.children(), "the link is taken back");
        lan.attach(second.withoutDefaultRoute());
        assertEquals(List.of("eth0 in blue", "eth1 in blue"), bench.kernel.children());
    }

    @Test
    void detachingRemovesTheLinkAndFreesItsAddress() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Bench.Snapshot before = bench.snapshot();
        EndpointSpec spec = EndpointSpec.in(BLUE).withId("a").withAddress("10.1.214.10");
        for (int round = 0; round < 3; round++) {
            Endpoint endpoint = network.attach(spec);
            endpoint.detach();
            endpoint.detach();
            assertEquals(before, bench.snapshot());
        }
    }

    @Test
    void detachingAnOldHandleLeavesANewEndpointOfThatIdAlone() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Endpoint old = network.attach(EndpointSpec.in(BLUE).withId("a"));
        old.detach();
        Endpoint fresh = network.attach(EndpointSpec.in(BLUE).withId("a"));
        old.detach();

        assertEquals(List.of(fresh), network.endpoints());
        assertEquals(List.of("eth0 in blue"), bench.kernel.children());
    }

    @Test
    void detachingALinkThatIsGoneIsSuccess() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Endpoint endpoint = network.attach(BLUE);
        bench.kernel.empty(BLUE);
        endpoint.detach();

        assertEquals(List.of(), network.endpoints());
        assertEquals(List.of("10.1.214.1/24"), Bench.next(network));
    }

    @Test
    void aNetworkWithEndpointsIsNotDeleted() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(EndpointSpec.in(BLUE).withId("web-1"));
        network.attach(EndpointSpec.in(GREEN).withId("web-2"));
        Bench.Snapshot before = bench.snapshot();

        assertEquals("endpoints are attached, detach them first: [web-1, web-2]", conflict(network::delete));
        assertEquals(before, bench.snapshot());
    }

    @Test
    void endpointsThatAreGoneDoNotHoldANetwork() {
        Bench.Snapshot before = bench.snapshot();
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(EndpointSpec.in(BLUE).withId("web-1"));
        network.attach(EndpointSpec.in(GREEN).withId("web-2"));
        bench.kernel.empty(BLUE);
        assertEquals("endpoints are attached, detach them first: [web-2]", conflict(network::delete));
        bench.kernel.empty(GREEN);
        network.delete();

        assertEquals(before, bench.snapshot());
    }

    @Test
    void deletingRemovesWhatWasMadeAndTwiceIsSuccess() {
        Bench.Snapshot before = bench.snapshot();
        for (int round = 0; round < 2; round++) {
            ActiveNetwork dummy = bench.engine.create(DUMMY);
            ActiveNetwork lan = bench.engine.create(ETH0);
            dummy.delete();
            dummy.delete();
            lan.delete();
            assertEquals(before, bench.snapshot());
        }
    }

    @Test
    void deletingAnOldHandleLeavesANewNetworkOfThatNameAlone() {
        ActiveNetwork old = bench.engine.create(DUMMY);
        old.delete();
        bench.engine.create(DUMMY);
        Bench.Snapshot before = bench.snapshot();
        old.delete();

        assertEquals(before, bench.snapshot());
    }

    @Test
    void aDeletedNetworkRefusesEverythingByName() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Endpoint endpoint = network.attach(BLUE);
        endpoint.detach();
        network.delete();

        List<Executable> uses = List.of(
                () -> network.attach(BLUE),
                () -> network.plan(EndpointSpec.in(BLUE)),
                network::endpoints,
                network::inspect);
        for (Executable use : uses) {
            assertEquals(
                    "network 'dummy' is deleted",
                    assertThrows(IllegalStateException.class, use).getMessage());
        }
        assertEquals("dummy", network.name());
        assertEquals(DUMMY, network.description());
        endpoint.detach();
    }
}
