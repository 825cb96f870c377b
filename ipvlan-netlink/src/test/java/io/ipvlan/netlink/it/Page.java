package io.ipvlan.netlink.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `docs/netlink.md`, and the sources whose marked parts it shows. What the page shows as output is a block
/// with a name behind its language: `text refused`.
final class Page {
    static final Path ROOT = Path.of("..");
    static final Path FILE = ROOT.resolve("docs/netlink.md");

    private static final Path SOURCES = Path.of("src/test/java/io/ipvlan/netlink/it");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern OUTPUT = Pattern.compile("```text *(\\w*)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern REGION = Pattern.compile("// \\[(\\w+)]\n(.*?)\\s*// \\[/\\1]", Pattern.DOTALL);

    private Page() {}

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The code the page shows.
    static List<String> listings() {
        return JAVA.matcher(read(FILE))
                .results()
                .map(block -> withoutIndentation(block.group(1)))
                .toList();
    }

    /// The output the page shows, by its names.
    static Map<String, String> outputs() {
        Map<String, String> outputs = new TreeMap<>();
        OUTPUT.matcher(read(FILE)).results().forEach(block -> outputs.put(block.group(1), block.group(2)));
        return outputs;
    }

    static String output(String name) {
        String shown = outputs().get(name);
        if (shown == null) {
            throw new AssertionError("the page shows no output named " + name);
        }
        return shown;
    }

    /// The sources of this package that are run.
    static String sources() {
        return read(SOURCES.resolve("DocumentationIT.java")) + read(SOURCES.resolve("DocumentationTest.java"));
    }

    /// The marked parts of the sources.
    static List<String> regions() {
        return REGION.matcher(sources())
                .results()
                .map(region -> withoutIndentation(region.group(2)))
                .toList();
    }

    private static String withoutIndentation(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
    }
}
