package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.KernelException;
import io.ipvlan.Step;
import io.ipvlan.internal.engine.FaultyKernel.When;
import io.ipvlan.ip.IpFamily;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Lets each call to the kernel fail in turn, and looks at what is left.
class FaultTest {
    private static final IpvlanNetwork DUAL = IpvlanNetwork.builder("dual")
            .l3()
            .internal()
            .subnet("10.1.0.0/24")
            .subnet("10.2.0.0/24")
            .subnet("2001:db8::/64")
            .autoSubnet(IpFamily.IPV4)
            .build();
    private static final EndpointSpec WEB = EndpointSpec.in(BLUE).withId("web");

    private static void nothing(Bench bench) {}

    private static void network(Bench bench) {
        bench.engine.create(DUAL);
        bench.network("dual").attach(EndpointSpec.in(GREEN).withId("other"));
    }

    private static void endpoint(Bench bench) {
        network(bench);
        bench.network("dual").attach(WEB);
    }

    private static void detach(Bench bench) {
        bench.network("dual").endpoints().stream()
                .filter(endpoint -> endpoint.id().equals("web"))
                .forEach(endpoint -> endpoint.detach());
    }

    /// Fails at the first call to the kernel, then at the second, and so on until the operation succeeds.
    ///
    /// @param undone whether a call that took effect without an answer is taken back too
    /// @return how many calls there were to fail at
    private static int failEverywhere(Consumer<Bench> prepare, Consumer<Bench> operation, When when, boolean undone) {
        for (int call = 1; ; call++) {
            try (Bench bench = new Bench()) {
                prepare.accept(bench);
                Bench.Snapshot before = bench.snapshot();
                bench.kernel.fail(call, when);
                try {
                    operation.accept(bench);
                    assertFalse(bench.kernel.failed(), "a failure was swallowed");
                    return call - 1;
                } catch (KernelException e) {
                    assertEquals(when == When.BEFORE, e.kernelError().isPresent());
                    assertEquals(List.of(), e.leftovers());
                    assertEquals(0, e.getSuppressed().length);
                }
                bench.kernel.heal();
                Bench.Snapshot after = bench.snapshot();
                if (undone) {
                    assertEquals(before, after, "call " + call);
                } else {
                    assertEquals(before.withoutKernel(), after.withoutKernel(), "call " + call);
                }
                operation.accept(bench);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkOnADummyLinkIsMadeWholeOrNotAtAll(When when) {
        int calls = failEverywhere(FaultTest::nothing, bench -> bench.engine.create(DUAL), when, true);

        assertEquals(4, calls, "look, look again now that nobody else can, make the link, say whose it is");
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkOnAParentIsMadeWholeOrNotAtAll(When when) {
        int calls = failEverywhere(FaultTest::nothing, bench -> bench.engine.create(ETH0), when, true);

        assertEquals(2, calls, "look, look for child links elsewhere");
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointIsMadeWholeOrNotAtAll(When when) {
        int calls = failEverywhere(
                FaultTest::network, bench -> bench.network("dual").attach(WEB), when, true);

        assertEquals(4, calls, "open the namespace, look at the parent, make the link, configure it");
    }

    @Test
    void anEndpointConfiguredInPartIsTakenBack() {
        for (int steps = 0; ; steps++) {
            try (Bench bench = new Bench()) {
                network(bench);
                ActiveNetwork network = bench.network("dual");
                Bench.Snapshot before = bench.snapshot();
                bench.kernel.configureOnly(steps);
                try {
                    network.attach(WEB);
                    assertFalse(bench.kernel.failed());
                    assertEquals(5, steps, "whose it is, two addresses and two routes to other subnets");
                    return;
                } catch (KernelException e) {
                    assertEquals(List.of(), e.leftovers());
                }
                bench.kernel.heal();
                assertEquals(before, bench.snapshot());
                network.attach(WEB);
                assertEquals(List.of("eth0 in green", "eth0 in blue"), bench.kernel.children());
            }
        }
    }

    /// What the kernel did without an answer cannot be taken back here; doing it again ends well all the
    /// same.
    @ParameterizedTest
    @EnumSource
    void anEndpointStaysKnownUntilItIsGone(When when) {
        int calls = failEverywhere(FaultTest::endpoint, FaultTest::detach, when, when == When.BEFORE);

        assertEquals(2, calls, "open the namespace, delete the link");
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkStaysKnownUntilItIsGone(When when) {
        int calls = failEverywhere(
                bench -> bench.engine.create(DUMMY),
                bench -> bench.engine.find("dummy").ifPresent(ActiveNetwork::delete),
                when,
                when == When.BEFORE);

        assertEquals(4, calls, "look at the dummy link, at what stands on it here and elsewhere, delete it");
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkWhoseEndpointsAreGoneCanBeDeletedAgainAfterAnyFailure(When when) {
        for (int call = 1; ; call++) {
            try (Bench bench = new Bench()) {
                Bench.Snapshot before = bench.snapshot();
                ActiveNetwork network = bench.engine.create(DUMMY);
                network.attach(BLUE);
                bench.kernel.empty(BLUE);
                bench.kernel.fail(call, when);
                try {
                    network.delete();
                    assertEquals(
                            9, call, "open and look, open and delete, look at the dummy link thrice and delete it");
                    return;
                } catch (KernelException e) {
                    assertTrue(bench.engine.find("dummy").isPresent());
                }
                bench.kernel.heal();
                network.delete();
                assertEquals(before, bench.snapshot());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEphemeralNetworkCanBeClosedAgainAfterAnyFailure(When when) {
        for (int call = 1; ; call++) {
            try (Bench bench = new Bench()) {
                Bench.Snapshot before = bench.snapshot();
                var network = bench.engine.ephemeral(DUMMY);
                network.attach(BLUE);
                network.attach(GREEN);
                bench.kernel.fail(call, when);
                try {
                    network.close();
                    assertEquals(
                            10, call, "look at the dummy link thrice and delete it; open and delete twice; look again");
                    return;
                } catch (IpvlanException e) {
                    assertTrue(bench.kernel.failed());
                }
                bench.kernel.heal();
                network.close();
                assertEquals(before, bench.snapshot());
            }
        }
    }

    @Test
    void aChildLinkThatCannotBeTakenBackIsNamed() {
        try (Bench bench = new Bench()) {
            ActiveNetwork network = bench.engine.create(ETH0);
            bench.kernel.failFrom(4, When.BEFORE);
            KernelException failed = assertThrows(KernelException.class, () -> network.attach(WEB));
            bench.kernel.heal();

            assertEquals(List.of("ip -n blue link delete eth0"), failed.leftovers());
            assertTrue(failed.getMessage().endsWith("do it by hand: ip -n blue link delete eth0"));
            assertEquals(1, failed.getSuppressed().length);
            assertEquals(List.of("eth0 in blue"), bench.kernel.children());
            assertEquals(List.of(), network.endpoints());
            assertEquals(List.of("192.168.1.2/24"), Bench.next(network));

            bench.reopen();
            assertEquals(List.of(), bench.kernel.children(), "the store knows of it, so the next engine removes it");
            assertEquals(Set.of("lan"), bench.remembered().keySet());
        }
    }

    @Test
    void aDummyLinkThatCannotBeTakenBackIsNamed() {
        try (Bench bench = new Bench()) {
            bench.kernel.failFrom(3, When.AFTER);
            KernelException failed = assertThrows(KernelException.class, () -> bench.engine.create(DUMMY));
            bench.kernel.heal();

            Step.CreateDummy made = (Step.CreateDummy) bench.kernel.applied().getFirst();
            assertEquals(List.of("ip link delete " + made.name()), failed.leftovers());
            assertEquals(1, failed.getSuppressed().length);
            assertEquals(List.of(), bench.engine.networks());
        }
    }

    /// What is there under that name or index then is somebody else's.
    @Test
    void whatWasDefinitelyRefusedIsNotTakenBack() {
        try (Bench bench = new Bench()) {
            ActiveNetwork network = bench.engine.create(ETH0);
            bench.kernel.fail(3, When.BEFORE);
            assertThrows(KernelException.class, () -> network.attach(WEB));
            assertEquals(List.of(), bench.kernel.applied());

            network.attach(WEB);
            List<Step> applied = bench.kernel.applied();
            EndpointSpec second = EndpointSpec.in(BLUE).withInterfaceName("eth0");
            assertThrows(ConflictException.class, () -> network.attach(second), "its name is taken");
            assertEquals(applied, bench.kernel.applied());
        }
    }
}
