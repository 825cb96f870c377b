package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.internal.engine.FaultyKernel.When;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A store that fails, before its change or after it: a full disk may do either.
class StoreFaultTest {
    private static final EndpointSpec WEB = EndpointSpec.in(BLUE).withId("web");

    @ParameterizedTest
    @EnumSource
    void aNetworkThatCannotBeRememberedIsNotMade(When when) {
        try (Bench bench = new Bench()) {
            Bench.Snapshot before = bench.snapshot();
            bench.store.failNext(when);
            UncheckedIOException failed = assertThrows(UncheckedIOException.class, () -> bench.engine.create(DUMMY));

            assertEquals(0, failed.getSuppressed().length);
            assertEquals(before, bench.snapshot());
            assertEquals(DUMMY, bench.engine.create(DUMMY).description());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkThatCannotBeRememberedHoldsNoParent(When when) {
        try (Bench bench = new Bench()) {
            bench.store.failNext(when);
            assertThrows(UncheckedIOException.class, () -> bench.engine.create(ETH0));

            IpvlanNetwork other = IpvlanNetwork.builder("other")
                    .l3()
                    .parent("eth0")
                    .subnet("10.1.0.0/24")
                    .build();
            assertEquals(other, bench.engine.create(other).description());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointThatCannotBeRememberedIsNotMade(When when) {
        try (Bench bench = new Bench()) {
            ActiveNetwork network = bench.engine.create(DUMMY);
            Bench.Snapshot before = bench.snapshot();
            bench.store.failNext(when);
            UncheckedIOException failed = assertThrows(UncheckedIOException.class, () -> network.attach(WEB));

            assertEquals(0, failed.getSuppressed().length);
            assertEquals(before, bench.snapshot());
            assertEquals(List.of("10.1.214.1/24"), Bench.addresses(network.attach(WEB)));
        }
    }

    /// Its link is gone by then; but its address is not given to another before the store has forgotten it.
    @ParameterizedTest
    @EnumSource
    void anEndpointThatCannotBeForgottenStaysKnown(When when) {
        try (Bench bench = new Bench()) {
            ActiveNetwork network = bench.engine.create(DUMMY);
            Bench.Snapshot without = bench.snapshot();
            Endpoint endpoint = network.attach(WEB);
            bench.store.failNext(when);
            assertThrows(UncheckedIOException.class, endpoint::detach);

            assertEquals(List.of(endpoint), network.endpoints());
            assertEquals(List.of("10.1.214.2/24"), Bench.next(network));
            endpoint.detach();
            assertEquals(without, bench.snapshot());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkThatCannotBeForgottenStaysKnown(When when) {
        try (Bench bench = new Bench()) {
            Bench.Snapshot without = bench.snapshot();
            ActiveNetwork network = bench.engine.create(DUMMY);
            bench.store.failNext(when);
            assertThrows(UncheckedIOException.class, network::delete);

            assertTrue(bench.engine.find("dummy").isPresent());
            network.delete();
            assertEquals(without, bench.snapshot());
        }
    }
}
