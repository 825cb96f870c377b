package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the documents show is what is compiled and run.
class DocumentationTest {
    private static final Path ROOT = Path.of("..");
    private static final Path LISTINGS = Path.of("src/test/java/io/ipvlan/it/ListingsIT.java");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern REGION = Pattern.compile("// \\[(\\w+)]\n(.*?)\\s*// \\[/\\1]", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/reliability.md", "ipvlan-bench/README.md"})
    void everyListingIsOneThatRuns(String document) throws IOException {
        List<String> running = REGION.matcher(Files.readString(LISTINGS))
                .results()
                .map(region -> withoutIndentation(region.group(2)))
                .toList();
        List<String> shown = JAVA.matcher(Files.readString(ROOT.resolve(document)))
                .results()
                .map(block -> withoutIndentation(block.group(1)))
                .toList();
        assertTrue(!shown.isEmpty(), document + " shows no listing");
        for (String listing : shown) {
            assertTrue(running.contains(listing), () -> "not in " + LISTINGS + ":\n" + listing);
        }
    }

    private static String withoutIndentation(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "DESIGN-DECISIONS.md", "CHANGELOG.md"})
    void everyLinkToAFileLeadsToOne(String document) throws IOException {
        Matcher link = LINK.matcher(Files.readString(ROOT.resolve(document)));
        while (link.find()) {
            assertTrue(Files.exists(ROOT.resolve(link.group(1))), link::group);
        }
    }

    @Test
    void ciRunsTheCommandsOfTheReadme() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<String> commands = Arrays.stream(readme.split("```console\n", -1)[1].split("```", -1)[0].split("\n", -1))
                .map(line -> line.replaceAll("\\s+#.*", ""))
                .filter(line -> !line.isBlank())
                .toList();
        assertEquals(List.of("mvn -q -Pquickstart verify", "mvn verify"), commands);
        String ci = Files.readString(ROOT.resolve(".ci/run"));
        assertTrue(ci.contains("-q -Pquickstart verify"), ci);
        assertTrue(ci.contains(" verify"), ci);
    }
}
