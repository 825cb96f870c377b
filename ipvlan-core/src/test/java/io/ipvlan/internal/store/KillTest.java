package io.ipvlan.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.NetworkStore;
import io.ipvlan.NetworkStore.Durability;
import io.ipvlan.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that changes the store is killed, again and again: see [Child].
class KillTest {
    private static final int KILLS = 20;
    private static final int KEYS = 3;

    /// Counts up, in each key in turn, and prints each number when its change has returned.
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            Durability durability = Durability.valueOf(arguments[1]);
            try (NetworkStore store = NetworkStore.directory(Path.of(arguments[0]), durability)) {
                Map<String, String> texts = store.load();
                int last =
                        texts.values().stream().mapToInt(KillTest::number).max().orElse(0);
                System.out.println("open");
                for (int i = last + 1; i < Integer.MAX_VALUE; i++) {
                    Optional<String> before = Optional.ofNullable(texts.put(key(i), text(i)));
                    if (!store.compareAndSet(key(i), before, Optional.of(text(i)))) {
                        throw new IllegalStateException("somebody else changed " + key(i));
                    }
                    System.out.println(i);
                    if (i % 16 == 0) {
                        store.sync();
                    }
                }
            }
        }
    }

    private static String key(int number) {
        return "key." + number % KEYS;
    }

    private static String text(int number) {
        return number + " " + "x".repeat(number * 37 % 3000);
    }

    private static int number(String text) {
        return Integer.parseInt(text.substring(0, text.indexOf(' ')));
    }

    private static Process start(Path directory, Durability durability) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", ""),
                        Child.class.getName(),
                        directory.toString(),
                        durability.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void whatReturnedIsThereAfterAKill(@TempDir Path directory) throws IOException, InterruptedException {
        Random random = new Random(11);
        int last = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = start(directory, kill % 2 == 0 ? Durability.DISK : Durability.OPERATING_SYSTEM);
            int until = last + 1 + random.nextInt(400);
            try (BufferedReader lines = child.inputReader(StandardCharsets.US_ASCII)) {
                assertEquals("open", lines.readLine());
                if (kill == 0) {
                    String refused = Refusal.of(UncheckedIOException.class, () -> NetworkStore.directory(directory));
                    assertTrue(refused.contains("another process has the store open"), refused);
                }
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = Integer.parseInt(line);
                    if (last == until) {
                        child.toHandle().destroyForcibly(); // lets what it printed until then be read
                    }
                }
            } finally {
                child.destroyForcibly().waitFor();
            }
            assertTrue(last >= until, "it was killed");
            try (NetworkStore store = NetworkStore.directory(directory)) {
                int found = check(store.load());
                int acknowledged = last;
                assertTrue(found == last || found == last + 1, () -> found + " after " + acknowledged);
                last = found;
            }
        }
    }

    /// Every key must have the last number that is its own.
    private static int check(Map<String, String> texts) {
        int last = texts.values().stream().mapToInt(KillTest::number).max().orElseThrow();
        for (int number = last; number > last - KEYS && number > 0; number--) {
            assertEquals(text(number), texts.get(key(number)));
        }
        return last;
    }
}
