package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ipvlan.netlink.netns.NetNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// Runs `ip`, `ping` and the like, as witnesses that share no code with the library.
public final class Command {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Command() {}

    /// Runs a command that must succeed.
    ///
    /// @return what it printed, on both outputs
    public static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            assertEquals(0, status, () -> String.join(" ", command) + " printed: " + output);
            return output;
        } catch (IOException e) {
            throw new AssertionError(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(String.join(" ", command), e);
        }
    }

    /// Runs a command inside a namespace.
    public static String runIn(NetNamespace namespace, String... command) {
        return run(Stream.concat(Stream.of("nsenter", "--net=" + namespace.path(), "--"), Stream.of(command))
                .toArray(String[]::new));
    }

    /// What `ip -json` shows inside a namespace.
    public static List<JsonNode> ip(NetNamespace namespace, String... arguments) {
        String printed = runIn(
                namespace,
                Stream.concat(Stream.of("ip", "-json"), Stream.of(arguments)).toArray(String[]::new));
        try {
            // ip prints nothing for an empty list
            return JSON.readTree(printed.isBlank() ? "[]" : printed)
                    .valueStream()
                    .toList();
        } catch (JsonProcessingException e) {
            throw new AssertionError(printed, e);
        }
    }

    /// Runs several lines of shell inside a namespace; the first that fails ends them.
    public static void script(NetNamespace namespace, String lines) {
        runIn(namespace, "sh", "-ec", lines);
    }
}
