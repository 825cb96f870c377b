package io.ipvlan.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The lab's program that makes events, `DRV`; it begins 0.2 s after it was started.
final class EventSource {
    private static final Path TIMES = Path.of("/tmp/gen.bin");
    private static final int SECONDS = 120;
    private static final int TIMES_PER_EVENT = 2;

    private final Process process;

    private EventSource(Process process) {
        this.process = process;
    }

    /// Starts it, to make so many links, one after the other, each deleted again.
    static EventSource ofLinks(int count) throws IOException {
        return start("gen-links", count);
    }

    /// Starts it, to add so many routes, and then delete them.
    static EventSource ofRoutes(int count) throws IOException {
        return start("gen-routes", count);
    }

    private static EventSource start(String what, int count) throws IOException {
        String program = System.getenv().getOrDefault("DRV", "drv");
        return new EventSource(new ProcessBuilder(program, what, Integer.toString(count), TIMES.toString())
                .inheritIO()
                .start());
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /// Waits for its end.
    void await() throws InterruptedException {
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("the program that makes events failed");
        }
    }

    /// When it sent the request for each link, by the clock of `System.nanoTime`, which is the kernel's monotonic one.
    static long[] sendingTimes(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(TIMES)).order(ByteOrder.nativeOrder());
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            times[i] = bytes.getLong(i * TIMES_PER_EVENT * Long.BYTES);
        }
        return times;
    }
}
