package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// A process in a network namespace of its own, as a container is.
final class Contained implements AutoCloseable {
    private final Process process;

    private Contained(Process process) {
        this.process = process;
    }

    static Contained start() {
        try {
            // The shell prints a line once it is inside, and stays until its input ends.
            Process process = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo inside; read line")
                    .redirectErrorStream(true)
                    .start();
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
