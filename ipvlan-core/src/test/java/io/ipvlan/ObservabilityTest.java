package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.internal.engine.Engine;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.internal.observe.Watch;
import io.ipvlan.ipam.SubnetAllocator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Label;
import org.junit.jupiter.api.Test;

/// What `docs/observability.md` shows is what runs, here and in `ObservabilityIT`, and what it says of events
/// is so.
class ObservabilityTest {
    private static final Path PAGE = Path.of("../docs/observability.md");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern REGION = Pattern.compile("// \\[(\\w+)]\n(.*?)\\s*// \\[/\\1]", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

    private static OperationListener toMicrometer(MeterRegistry registry) {
        // [micrometer]
        OperationListener listener = operation -> {
            Tags tags = Tags.of("operation", operation.kind().text(), "outcome", operation.outcome());
            registry.timer("ipvlan.operations", tags).record(operation.duration());
            operation
                    .phases()
                    .forEach((phase, time) -> registry.timer("ipvlan.phases", tags.and("phase", phase.text()))
                            .record(time));
        };
        // [/micrometer]
        return listener;
    }

    @Test
    void micrometerCountsAndTimes() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        IpvlanNetwork net = IpvlanNetwork.builder("net").subnet("10.9.0.0/24").build();
        try (Ipvlan ipvlan = Engine.open(
                new InMemoryKernel(),
                NetworkStore.inMemory(),
                SubnetAllocator.of(List.of()),
                new Watch(toMicrometer(registry)))) {
            ActiveNetwork network = ipvlan.create(net);
            assertThrows(ConflictException.class, () -> ipvlan.create(net));
            network.attach(Netns.ofName("a"));
            network.attach(Netns.ofName("b"));
        }

        assertEquals(
                1,
                registry.get("ipvlan.operations")
                        .tags("operation", "create", "outcome", "ConflictException")
                        .timer()
                        .count());
        assertEquals(
                2,
                registry.get("ipvlan.operations")
                        .tags("operation", "attach", "outcome", "done")
                        .timer()
                        .count());
        assertTrue(registry.get("ipvlan.phases")
                        .tags("operation", "attach", "phase", "kernel")
                        .timer()
                        .totalTime(TimeUnit.NANOSECONDS)
                > 0);
    }

    private static String withoutIndentation(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
    }

    private static List<String> found(Pattern pattern, int group, String text) {
        return pattern.matcher(text)
                .results()
                .map(part -> withoutIndentation(part.group(group)))
                .toList();
    }

    @Test
    void everyListingIsOneThatRunsAndWhatRunsIsShown() throws IOException {
        List<String> running = Stream.of("ObservabilityTest", "it/ObservabilityIT")
                .flatMap(name -> found(REGION, 2, source(name)).stream())
                .toList();

        assertEquals(new TreeSet<>(running), new TreeSet<>(found(JAVA, 1, Files.readString(PAGE))));
    }

    private static String source(String name) {
        try {
            return Files.readString(Path.of("src/test/java/io/ipvlan/" + name + ".java"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        for (Matcher link = LINK.matcher(Files.readString(PAGE)); link.find(); ) {
            assertTrue(Files.exists(PAGE.resolveSibling(link.group(1))), link::group);
        }
    }

    @Test
    void everyFieldOfTheEventsIsInTheTables() throws IOException, ClassNotFoundException {
        String page = Files.readString(PAGE);
        for (String event : List.of("io.ipvlan.internal.observe.OperationEvent", "io.ipvlan.netlink.ExchangeEvent")) {
            for (var field : Class.forName(event).getDeclaredFields()) {
                if (field.isAnnotationPresent(Label.class)) { // a recording adds fields of its own
                    assertTrue(page.contains("| `" + field.getName() + "` |"), field::toString);
                }
            }
        }
    }

    @Test
    void everyKindAndPhaseIsOnThePage() throws IOException {
        String page = Files.readString(PAGE);
        for (Operation.Kind kind : Operation.Kind.values()) {
            assertTrue(page.contains("`" + kind.text() + "`"), kind::text);
        }
        for (Operation.Phase phase : Operation.Phase.values()) {
            assertTrue(page.contains("`" + phase.text() + "`"), phase::text);
        }
    }
}
