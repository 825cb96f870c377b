package io.ipvlan.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `docs/manual.md`, and the source whose marked parts it shows. Behind the language of a block stands its
/// name: `console l2` is what is typed and answered, `text drift` what a listing prints.
final class Manual {
    static final Path FILE = Path.of("../docs/manual.md");

    private static final Path SOURCE = Path.of("src/test/java/io/ipvlan/it/ManualIT.java");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern OUTPUT = Pattern.compile("```(?:console|text) (\\w+)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern REGION = Pattern.compile("// \\[(\\w+)]\n(.*?)\\s*// \\[/\\1]", Pattern.DOTALL);

    private Manual() {}

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text() {
        return read(FILE);
    }

    static String source() {
        return read(SOURCE);
    }

    /// The code the page shows.
    static List<String> listings() {
        return JAVA.matcher(text())
                .results()
                .map(block -> withoutIndentation(block.group(1)))
                .toList();
    }

    /// The marked parts of the source.
    static List<String> regions() {
        return REGION.matcher(source())
                .results()
                .map(region -> withoutIndentation(region.group(2)))
                .toList();
    }

    /// What the page says is typed, answered and printed, by name.
    static Map<String, String> outputs() {
        Map<String, String> outputs = new LinkedHashMap<>();
        OUTPUT.matcher(text()).results().forEach(block -> outputs.put(block.group(1), block.group(2)));
        return outputs;
    }

    static String output(String name) {
        String shown = outputs().get(name);
        if (shown == null) {
            throw new AssertionError("the page shows no output named " + name);
        }
        return shown;
    }

    /// Without what differs from one run to the next, as the page says at its beginning.
    static String withoutAccidents(String output) {
        return output.replaceAll("(?m)^[0-9]+: ", "")
                .replaceAll("@if[0-9]+ *", "@if ")
                .replaceAll("([0-9a-f]{2}:){5}[0-9a-f]{2}", "mac")
                .replaceAll("(fe80:|2001:db8:77):[0-9a-f:]+", "$1:")
                .replaceAll("(expires|lookup|table|index) [0-9]+", "$1")
                .replaceAll("/ep-[0-9a-f]{12}", "/ep")
                .replaceAll("(?m)(^\\S+ +|state )(UP|UNKNOWN) +", "$1up ");
    }

    private static String withoutIndentation(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
    }
}
