package io.ipvlan.netlink.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.netlink.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Root of a user namespace alone may make a network namespace, and may not return to the one it came from. The
/// thread that cannot come back must wake nobody: to wake a virtual thread may start a carrier, which would be lost
/// with it.
class NoWayBackIT {
    @Test
    void callersAreWokenFromHome() {
        String printed = Command.run(
                "unshare",
                "--user",
                "--map-root-user",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName());

        assertEquals("made 5, woken 5 times, from home 5", printed.strip());
    }

    private static String here() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs in a JVM of its own.
    static final class Probe {
        private Probe() {}

        public static void main(String[] arguments) {
            List<String> wokenFrom = new ArrayList<>();
            int made = 0;
            for (int i = 0; i < 5; i++) {
                int descriptor = NamespaceThread.submit(new NamespaceThread.Job(-1, 0, new Witness(wokenFrom)));
                if (descriptor >= 0) {
                    made++;
                    try (Arena arena = Arena.ofConfined()) {
                        Libc.close(descriptor, arena.allocate(Libc.ERRNO_SIZE, 8));
                    }
                }
            }
            long fromHome = wokenFrom.stream().filter(here()::equals).count();
            System.out.println("made " + made + ", woken " + wokenFrom.size() + " times, from home " + fromHome);
        }
    }

    /// Notes where the thread is that completes it.
    private static final class Witness extends CompletableFuture<Integer> {
        private final List<String> places;

        Witness(List<String> places) {
            this.places = places;
        }

        @Override
        public boolean complete(Integer value) {
            places.add(here());
            return super.complete(value);
        }
    }
}
