package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/// A process in a network namespace of its own, as a container is.
final class Contained implements AutoCloseable {
    private final Process process;

    private Contained(Process process) {
        this.process = process;
    }

    /// Starts one in a namespace of its own, which ends with it.
    static Contained start() {
        return start("unshare", "--net");
    }

    /// Starts one in a named namespace, which outlives it.
    static Contained startIn(String name) {
        return start("nsenter", "--net=/run/netns/" + name);
    }

    private static Contained start(String... enter) {
        try {
            // The shell prints a line once it is inside, and stays until its input ends.
            List<String> command = Stream.concat(Stream.of(enter), Stream.of("sh", "-c", "echo inside; read line"))
                    .toList();
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            assertEquals("inside", process.inputReader().readLine());
            return new Contained(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    void reaches(String address) {
        Command.run(List.of("nsenter", "--net=/proc/" + pid() + "/ns/net", "ping", "-n", "-c", "1", "-W", "5", address))
                .checked();
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
