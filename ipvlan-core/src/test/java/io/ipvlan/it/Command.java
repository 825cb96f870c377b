package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A program run as a witness: what the library did is looked at with other people's tools.
final class Command {
    private Command() {}

    /// What a program said, and how it ended.
    record Result(List<String> command, int exit, String output) {
        /// Insists that it ended well.
        String checked() {
            assertEquals(0, exit, () -> String.join(" ", command) + ": " + output);
            return output;
        }
    }

    static Result run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(command, process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + command, e);
        }
    }
}
