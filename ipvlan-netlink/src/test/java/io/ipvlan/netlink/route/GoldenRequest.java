package io.ipvlan.netlink.route;

import io.ipvlan.netlink.Wires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// A message that `ip` sent, kept in `src/test/resources/golden/requests`: `capture.sh` there writes the file.
///
/// @param name what it is called in `commands.txt`
/// @param command what was run
/// @param type the message type
/// @param flags the flags of the message header
/// @param body everything behind the message header
record GoldenRequest(String name, String command, int type, int flags, String body) {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden/requests");

    static List<GoldenRequest> all() {
        return Arrays.stream(read("iproute2-6.1.0.txt").split("\n\n", -1))
                .skip(1) // the version of ip
                .map(GoldenRequest::parse)
                .toList();
    }

    private static GoldenRequest parse(String block) {
        String[] lines = block.strip().split("\n", 4);
        String[] words = lines[2].replace("# message type ", "").split(", flags 0x", -1);
        return new GoldenRequest(
                lines[0],
                lines[1].replace("# ", ""),
                Integer.parseInt(words[0]),
                Integer.parseInt(words[1], 16),
                lines[3]);
    }

    /// What this library writes otherwise than `ip` does, of `differences.txt`.
    ///
    /// @param reason why
    /// @param ip lines that only `ip` has
    /// @param ours lines that only this library has
    record Difference(String reason, List<String> ip, List<String> ours) {}

    /// The differences by the name of the request. A block of the file is a reason, lines with `-` or `+`, and a
    /// line of names.
    static Map<String, List<Difference>> differences() {
        Map<String, List<Difference>> all = new TreeMap<>();
        for (String block : read("differences.txt").split("\n\n", -1)) {
            List<String> lines = block.lines().filter(line -> !line.isBlank()).toList();
            Difference difference =
                    new Difference(String.join(" ", marked(lines, "# ")), marked(lines, "- "), marked(lines, "+ "));
            for (String name : String.join(" ", marked(lines, ": ")).split(" ", -1)) {
                Objects.requireNonNull(all.computeIfAbsent(name, _ -> new ArrayList<>()))
                        .add(difference);
            }
        }
        return all;
    }

    private static List<String> marked(List<String> lines, String mark) {
        return lines.stream()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(2))
                .toList();
    }

    private static String read(String file) {
        try {
            return Files.readString(DIRECTORY.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Its meaning, line by line.
    List<String> lines() {
        return WireLines.of(type, flags, Wires.bytes(body));
    }

    @Override
    public String toString() {
        return name;
    }
}
