package io.ipvlan.netlink.route;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.Wires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A message of a real kernel, kept below `src/test/resources/golden/<kernel release>`: the first line of a
/// `.hex` file is the `ip` command that made what the message is about, the second the message type, the
/// others are the body; the `.txt` file beside it is what the message means. [GoldenCaptureIT] writes both.
///
/// @param name the file without its ending
/// @param command what was done with `ip`
/// @param type the message type
/// @param hex everything behind the message header
/// @param meaning what the message means, as text
record GoldenMessage(String name, String command, int type, String hex, String meaning) {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden");
    private static final int BYTES_A_LINE = 32;

    static List<GoldenMessage> all() {
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(".hex"))
                    .sorted()
                    .map(GoldenMessage::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GoldenMessage read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            String name = DIRECTORY.relativize(file).toString().replace(".hex", "");
            return new GoldenMessage(
                    name,
                    lines.get(0).replace("# ", ""),
                    Integer.parseInt(lines.get(1).replace("# message type ", "")),
                    String.join(" ", lines.subList(2, lines.size())),
                    Files.readString(DIRECTORY.resolve(name + ".txt")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path directory) {
        byte[] body = body();
        StringBuilder text = new StringBuilder("# " + command + "\n# message type " + type + "\n");
        for (int at = 0; at < body.length; at += BYTES_A_LINE) {
            text.append(HexFormat.ofDelimiter(" ").formatHex(body, at, Math.min(body.length, at + BYTES_A_LINE)))
                    .append('\n');
        }
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(name + ".hex"), text);
            Files.writeString(directory.resolve(name + ".txt"), meaning + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] body() {
        return Wires.bytes(hex);
    }

    /// What a message means, whatever it is about; null if it is passed over.
    static @Nullable Object decode(NetlinkMessage message) throws NetlinkException.Malformed {
        return switch (message.type()) {
            case 16 -> LinkMessage.decode(message);
            case 20 -> AddressMessage.decode(message);
            case 24 -> RouteMessage.decodeAnswer(message);
            case 28 -> NeighbourMessage.decode(message);
            case 32 -> RuleMessage.decode(message);
            case 88 -> NamespaceIdRequest.decode(message);
            default -> null;
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
