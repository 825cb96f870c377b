package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `docs/conformance.md` and `docs/reliability.md` name tests that exist, and the first leaves no id out.
class ConformanceTest {
    private static final Path PAGE = Path.of("../docs/conformance.md");
    private static final Path RELIABILITY = Path.of("../docs/reliability.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]\\d+) \\| (.+?) \\| (.+) \\|$");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern CONTRACT = Pattern.compile("class \\w+ extends (\\w+Contract) ");

    private static String page = "";
    private static final Map<String, String> SOURCES = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(PAGE);
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                SOURCES.put(name.substring(0, name.indexOf('.')), Files.readString(file));
            }
        }
    }

    private static List<MatchResult> rows() {
        return ROW.matcher(page).results().toList();
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        requireTests(page, 80);
        requireTests(Files.readString(RELIABILITY), 20);
    }

    private static void requireTests(String page, int atLeast) {
        List<MatchResult> named = NAMED.matcher(page).results().toList();
        assertTrue(named.size() > atLeast, "the page names too few tests");
        for (MatchResult test : named) {
            String own = SOURCES.getOrDefault(test.group(1), "");
            Matcher contract = CONTRACT.matcher(own); // whose tests are its own
            String source = contract.find() ? own + SOURCES.getOrDefault(contract.group(1), "") : own;
            assertTrue(source.contains("void " + test.group(2) + "("), () -> "there is no test " + test.group());
        }
    }

    @Test
    void everyRowNamesATestOrSaysWhyNot() {
        for (MatchResult row : rows()) {
            boolean said = NAMED.matcher(row.group(3)).find() || row.group(3).startsWith("Left out: ");
            assertTrue(said, row::group);
        }
    }

    @Test
    void everyIdOccursOnceInItsOrder() {
        List<String> ids = new ArrayList<>();
        ids.addAll(numbered("S%d", 1, 25));
        ids.addAll(numbered("D%02d", 1, 5));
        ids.addAll(numbered("D%d", 10, 37));
        ids.addAll(numbered("S%02d", 1, 7));
        ids.add("N01");
        ids.addAll(numbered("M%02d", 0, 3));
        ids.addAll(numbered("M%d", 10, 15));
        ids.addAll(numbered("M%d", 20, 22));
        ids.addAll(numbered("M%d", 30, 33));
        ids.add("M40");
        ids.addAll(numbered("M%d", 50, 52));
        assertEquals(ids, rows().stream().map(row -> row.group(1)).toList());
    }

    private static List<String> numbered(String pattern, int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(pattern::formatted).toList();
    }
}
