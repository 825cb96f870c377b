package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.KernelException;
import io.ipvlan.Step;
import io.ipvlan.internal.engine.Lifeline.Fault;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Failures at every point, on the kernel in memory; and what cannot be undone.
class FaultTest extends FaultContract {
    private static final EndpointSpec WEB = EndpointSpec.in(BLUE).withId("web");

    @Override
    Scene scene() {
        return new Scene();
    }

    /// A program is killed at each point; the next one fails, or is killed, at each point of its beginning; the
    /// one after that finds things whole.
    @ParameterizedTest
    @MethodSource("tried")
    void whatIsLeftIsFinishedOrUndoneEvenIfThatFailsTheFirstTime(Operation operation) {
        try (Scene scene = scene()) {
            Wholes wholes = Wholes.of(scene, operation, Picture.of(scene));
            int tried = 0;
            for (int point = 1; ; point++) {
                int before = tried;
                for (Fault fault : List.of(Fault.REFUSED, Fault.KILLED_AFTER)) {
                    int next = 1;
                    while (killedAndBegun(scene, operation, point, fault, next, wholes)) {
                        next++;
                        tried++;
                    }
                }
                if (tried == before) {
                    count(operation, tried);
                    return;
                }
            }
        }
    }

    /// Tries one point after another.
    ///
    /// @return whether there were so many points
    private static boolean killedAndBegun(
            Scene scene, Operation operation, int point, Fault fault, int next, Wholes wholes) {
        operation.prepare().accept(scene);
        scene.lifeline.fail(point, Fault.KILLED_AFTER);
        run(() -> operation.run().accept(scene));
        boolean killed = scene.lifeline.failed();
        scene.end();
        scene.lifeline.fail(next, fault);
        Throwable failure = run(scene::begin);
        boolean hit = scene.lifeline.failed();
        scene.reopen();
        check(
                operation + ", killed at " + point + ", then " + fault + " at " + next + ": " + failure + ": ",
                operation.kind() == Operation.Kind.MENDS,
                wholes.all(),
                wholes,
                Picture.of(scene));
        clear(scene);
        return killed && hit;
    }

    @Test
    void aChildLinkThatCannotBeTakenBackIsNamed() {
        try (Bench bench = new Bench()) {
            ActiveNetwork network = bench.engine.create(ETH0);
            bench.lifeline.failFrom(6, Fault.REFUSED);
            KernelException failed = assertThrows(KernelException.class, () -> network.attach(WEB));
            bench.lifeline.heal();

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
            bench.lifeline.failFrom(4, Fault.UNANSWERED);
            KernelException failed = assertThrows(KernelException.class, () -> bench.engine.create(DUMMY));
            bench.lifeline.heal();

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
            bench.lifeline.fail(5, Fault.REFUSED);
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
