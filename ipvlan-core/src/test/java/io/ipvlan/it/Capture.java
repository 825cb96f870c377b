package io.ipvlan.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What passes a link of a machine, line by line as `tcpdump` prints it.
final class Capture implements AutoCloseable {
    private static final int SECONDS = 20;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Capture(Process process) {
        this.process = process;
        Thread.ofPlatform().daemon().start(this::read);
    }

    /// Begins; from here on nothing is missed.
    static Capture on(Machine machine, String link) {
        try {
            List<String> command = new ArrayList<>(machine.prefix());
            command.addAll(List.of("tcpdump", "-Z", "root", "-n", "-e", "-l", "--immediate-mode", "-i", link));
            Capture capture = new Capture(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
            capture.awaits("listening on");
            return capture;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("tcpdump ended: " + e);
        }
    }

    /// Waits for a line with all of these in it.
    String awaits(String... parts) {
        List<String> seen = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        try {
            while (true) {
                String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new AssertionError(
                            "nothing with " + List.of(parts) + " was seen, but:\n" + String.join("\n", seen));
                }
                if (List.of(parts).stream().allMatch(line::contains)) {
                    return line;
                }
                seen.add(line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + List.of(parts), e);
        }
    }

    /// What was seen by now, and not waited for.
    List<String> rest() {
        List<String> seen = new ArrayList<>();
        lines.drainTo(seen);
        return seen;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
