package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the flight recorder costs a program that does not use it, seen from programs of their own.
class ColdStartIT {
    private static String java(String... options) {
        return Command.run(Stream.of(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1"),
                        Stream.of(options),
                        Stream.of("-cp", System.getProperty("java.class.path"), ColdStart.class.getName()))
                .flatMap(words -> words)
                .toArray(String[]::new));
    }

    @Test
    void withoutARecordingOneClassOfTheRecorderIsLoaded() {
        List<String> recorder = java("-Xlog:class+load")
                .lines()
                .filter(line -> line.contains("jdk.jfr."))
                .map(line -> line.replaceAll(".*] | source.*", ""))
                .toList();

        assertEquals(List.of("jdk.jfr.FlightRecorder"), recorder);
    }

    @Test
    void withoutTheModuleOfTheRecorderItWorks() {
        String said = java("--limit-modules", "java.base");

        assertTrue(said.contains("links: "), said);
    }

    @Test
    void aRecordingFromTheStartHasTheExchanges(@TempDir Path directory) {
        String recording = directory.resolve("cold-start.jfr").toString();
        String said = java("-XX:StartFlightRecording:filename=" + recording);
        assertTrue(said.contains("links: "), said);

        String events = Command.run(
                Path.of(System.getProperty("java.home"), "bin", "jfr").toString(),
                "print",
                "--events",
                "io.ipvlan.netlink.Exchange",
                recording);
        assertTrue(events.contains("request = \"list the links\""), events);
    }
}
