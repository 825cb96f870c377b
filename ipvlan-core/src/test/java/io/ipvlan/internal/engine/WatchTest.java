package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Operation;
import io.ipvlan.Operation.Phase;
import io.ipvlan.OperationListener;
import io.ipvlan.Route;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.internal.observe.Watch;
import io.ipvlan.internal.store.MemoryStore;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.SubnetAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every operation is told to the listener and to a flight recording, with what became of it.
class WatchTest {
    private static final IpvlanNetwork NET =
            IpvlanNetwork.builder("net").l3().subnet("10.9.0.0/29").build();
    private static final Netns BLUE = Netns.ofName("blue");

    private final List<Operation> told = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path directory = Path.of("");

    private static Engine open(OperationListener listener) {
        return Engine.open(
                new InMemoryKernel(),
                new MemoryStore(),
                SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS),
                new Watch(listener));
    }

    /// Every kind of operation once, and two that fail.
    private static void everything(Engine engine) {
        ActiveNetwork network = engine.create(NET);
        assertThrows(ConflictException.class, () -> engine.create(NET));
        engine.ensure(NET);
        engine.plan(IpvlanNetwork.builder("other").l3().subnet("10.8.0.0/24").build());
        network.plan(EndpointSpec.in(BLUE).withId("b"));
        var first = network.attach(EndpointSpec.in(BLUE).withId("a"));
        assertThrows(
                AddressException.class,
                () -> network.attach(EndpointSpec.in(BLUE).withId("far").withAddress("10.7.0.1")));
        network.attachAll(List.of(EndpointSpec.in(Netns.ofName("green")).withId("c")));
        network.observe();
        network.verify();
        network.repair();
        network.remoteRoutes();
        first.detach();
        network.detachAll();
        network.delete();
        EphemeralNetwork brief = engine.ephemeral(NET);
        brief.close();
        engine.installHostRoutes(List.of());
        engine.removeHostRoutes(List.of());
        engine.ownedLinks();
        engine.garbage(Set.of(), Duration.ZERO);
        engine.collect(Set.of(), Duration.ZERO);
        engine.watch((_, _) -> {}).close();
    }

    private static String words(Operation operation) {
        return operation.kind().text() + " " + operation.network().orElse("-") + " "
                + operation.endpoint().orElse("-") + " " + operation.outcome();
    }

    private static final List<String> EVERYTHING = List.of(
            "restore - - done",
            "create net - done",
            "create net - ConflictException",
            "ensure net - done",
            "plan other - done",
            "plan net b done",
            "attach net a done",
            "attach net far AddressException",
            "attach-all net - done",
            "observe net - done",
            "verify net - done",
            "repair net - done",
            "remote-routes net - done",
            "detach net a done",
            "detach-all net - done",
            "delete net - done",
            "create net - done",
            "close net - done",
            "install-routes - - done",
            "remove-routes - - done",
            "owned-links - - done",
            "garbage - - done",
            "collect - - done",
            "watch - - done");

    @Test
    void theListenerIsToldOfEveryOperation() {
        try (Engine engine = open(told::add)) {
            everything(engine);
        }

        assertEquals(EVERYTHING, told.stream().map(WatchTest::words).toList());
        assertEquals(
                EnumSet.allOf(Operation.Kind.class),
                told.stream().map(Operation::kind).collect(Collectors.toSet()));
    }

    @Test
    void aRecordingHasThemToo() throws IOException {
        List<RecordedEvent> events;
        try (Recording recording = new Recording()) {
            recording.enable("io.ipvlan.Operation");
            recording.start();
            try (Engine engine = open(_ -> {})) {
                everything(engine);
            }
            recording.stop();
            Path file = directory.resolve("operations.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }

        assertEquals(
                EVERYTHING,
                events.stream()
                        .map(event -> event.getString("operation") + " " + orDash(event.getString("network")) + " "
                                + orDash(event.getString("endpoint")) + " " + event.getString("outcome"))
                        .toList());
        assertTrue(events.stream().allMatch(event -> event.getDuration().isPositive()));
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    @Test
    void aRecordingHasTheKernelsError() throws IOException {
        IpvlanNetwork taken =
                IpvlanNetwork.builder("taken").l3().subnet("10.9.0.0/24").build();
        List<RecordedEvent> events;
        try (Recording recording = new Recording();
                Engine engine = open(_ -> {})) {
            ActiveNetwork network = engine.create(taken);
            network.attach(EndpointSpec.in(BLUE).withInterfaceName("eth0"));
            recording.enable("io.ipvlan.Operation");
            recording.start();
            assertThrows(
                    ConflictException.class,
                    () -> network.attach(EndpointSpec.in(BLUE).withId("x").withInterfaceName("eth0")));
            recording.stop();
            Path file = directory.resolve("error.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }

        assertEquals(1, events.size());
        assertEquals("EEXIST", events.getFirst().getString("kernelError"));
    }

    @Test
    void phasesArePartsOfTheDuration() {
        try (Engine engine = open(told::add)) {
            everything(engine);
        }

        for (Operation operation : told) {
            Duration sum = operation.phases().values().stream().reduce(Duration.ZERO, Duration::plus);
            assertTrue(sum.compareTo(operation.duration()) <= 0, operation::toString);
        }
        assertEquals(Set.of(Phase.STORE), told.getFirst().phases().keySet());
        Operation attach = told.stream()
                .filter(operation -> operation.kind() == Operation.Kind.ATTACH)
                .findFirst()
                .orElseThrow();
        assertEquals(EnumSet.allOf(Phase.class), attach.phases().keySet());
        assertTrue(attach.toString().startsWith("attach network 'net' endpoint 'a': done, "), attach::toString);
    }

    @Test
    void anEndpointWithoutANameIsToldByTheIdItGot() {
        try (Engine engine = open(told::add)) {
            String id = engine.create(NET).attach(BLUE).id();

            assertEquals(Optional.of(id), told.getLast().endpoint());
        }
    }

    @Test
    void theFailureIsThereWithWhatTheKernelSaid() {
        try (Engine engine = open(told::add)) {
            ActiveNetwork network = engine.create(NET);
            network.attach(EndpointSpec.in(BLUE).withInterfaceName("eth0"));
            ConflictException thrown = assertThrows(
                    ConflictException.class,
                    () -> network.attach(EndpointSpec.in(BLUE).withInterfaceName("eth0")));

            assertEquals(Optional.of(thrown), told.getLast().failure());
            assertEquals("EEXIST", told.getLast().kernelError().orElseThrow().name());
        }
    }

    @Test
    void whatAListenerThrowsDisturbsNothing() {
        try (Engine engine = open(_ -> {
            throw new AssertionError("the listener's own fault");
        })) {
            ActiveNetwork network = engine.create(NET);
            assertThrows(ConflictException.class, () -> engine.create(NET));
            network.attach(BLUE);

            assertEquals(1, network.endpoints().size());
        }
    }

    @Test
    void aListenerMayUseTheEngineAndCloseIt() {
        List<Engine> opened = new ArrayList<>();
        Engine engine = open(operation -> {
            told.add(operation);
            if (operation.kind() == Operation.Kind.CREATE) {
                assertTrue(opened.getFirst().find("net").isPresent());
                opened.getFirst().close();
            }
        });
        opened.add(engine);
        engine.create(NET);

        assertThrows(IllegalStateException.class, () -> engine.create(NET));
        assertEquals("create net - IllegalStateException", words(told.getLast()));
    }

    @Test
    void withoutAListenerNothingIsWrapped() {
        InMemoryKernel kernel = new InMemoryKernel();
        MemoryStore store = new MemoryStore();
        Watch watch = new Watch(null);

        assertEquals(kernel, watch.watched(kernel));
        assertEquals(store, watch.watched(store));
        assertFalse(new Watch(_ -> {}).watched(store).equals(store));
    }

    @Test
    void routesAreInstalledThroughTheTimedKernel() {
        try (Engine engine = open(told::add)) {
            Route route = Route.onLink(IpPrefix.parse("10.50.0.0/24"), "eth0");
            engine.installHostRoutes(List.of(route));
            engine.removeHostRoutes(List.of(route));

            assertEquals(Set.of(Phase.KERNEL), told.getLast().phases().keySet());
        }
    }

    @Test
    void anOperationIsAValue() {
        Operation operation = new Operation(
                Operation.Kind.REMOTE_ROUTES,
                Optional.of("net"),
                Optional.empty(),
                Duration.ofNanos(5_000),
                Map.of(Phase.KERNEL, Duration.ofNanos(2_000)),
                Optional.of(new IllegalStateException("secret")));

        assertEquals("remote-routes network 'net': IllegalStateException, 5 us [kernel 2 us]", operation.toString());
    }
}
