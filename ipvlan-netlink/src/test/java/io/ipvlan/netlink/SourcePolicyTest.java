package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Rules about what may use what, held against the text of the main sources without comments.
class SourcePolicyTest {
    private static final Path MAIN = Path.of("src/main/java");
    private static final Pattern OURS = Pattern.compile("\\b(io\\.ipvlan(?:\\.[a-z]+)*)\\.[A-Z]");

    /// The code of each file, by its path below the source root.
    private static final Map<String, String> CODE = new TreeMap<>();

    @BeforeAll
    static void readTheSources() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String code = Files.readAllLines(file).stream()
                        .map(line -> line.replaceFirst("(^|\\s)//.*", ""))
                        .collect(Collectors.joining("\n"));
                CODE.put(MAIN.relativize(file).toString(), code);
            }
        }
        assertTrue(CODE.containsKey("io/ipvlan/netlink/internal/Libc.java"), "run in the directory of the module");
    }

    private static Set<String> filesThatHold(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return CODE.entrySet().stream()
                .filter(entry -> pattern.matcher(entry.getValue()).find())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Which packages of the library each package mentions.
    private static Map<String, Set<String>> uses() {
        Map<String, Set<String>> uses = new TreeMap<>();
        CODE.forEach((path, code) -> {
            if (path.contains("/")) {
                String user = path.substring(0, path.lastIndexOf('/')).replace('/', '.');
                Set<String> used = uses.computeIfAbsent(user, name -> new TreeSet<>());
                for (Matcher matcher = OURS.matcher(code); matcher.find(); ) {
                    used.add(matcher.group(1));
                }
                used.remove(user);
            }
        });
        return uses;
    }

    @Test
    void ofTheModuleBelowOnlyTheValuesAreUsed() {
        Set<String> foreign = uses().values().stream()
                .flatMap(Set::stream)
                .filter(name -> !name.startsWith("io.ipvlan.netlink"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(Set.of("io.ipvlan.ip"), foreign);
    }

    @Test
    void nativeCallsAreMadeInOnePlace() {
        Set<String> libc = Set.of("io/ipvlan/netlink/internal/Libc.java");

        assertEquals(libc, filesThatHold("\\bLinker\\b|\\bSymbolLookup\\b|\\bdowncallHandle\\b"));
        assertEquals(libc, filesThatHold("@SuppressWarnings\\([^)]*\"restricted\""));
        assertEquals(Set.of(), filesThatHold("\\breinterpret\\s*\\(|System\\.load"));
    }

    @Test
    void nothingIsExecuted() {
        assertEquals(Set.of(), filesThatHold("\\bProcessBuilder\\b|\\bgetRuntime\\b"));
    }

    @Test
    void wildcardImportsHideNothingFromTheseRules() {
        assertEquals(Set.of(), filesThatHold("import .*\\*;"));
    }

    @Test
    void packagesFormNoCycle() {
        Map<String, Set<String>> uses = uses();
        assertEquals(
                Set.of(
                        "io.ipvlan.netlink",
                        "io.ipvlan.netlink.internal",
                        "io.ipvlan.netlink.internal.names",
                        "io.ipvlan.netlink.netns",
                        "io.ipvlan.netlink.route"),
                uses.keySet());

        for (String name : uses.keySet()) {
            assertFalse(reachable(uses, name).contains(name), () -> name + " uses itself in the end: " + uses);
        }
        assertEquals(Set.of(), uses.get("io.ipvlan.netlink.internal"), "the lowest package");
    }

    private static Set<String> reachable(Map<String, Set<String>> uses, String from) {
        Set<String> reached = new TreeSet<>();
        List<String> edge = List.copyOf(uses.getOrDefault(from, Set.of()));
        while (!edge.isEmpty()) {
            edge = edge.stream()
                    .filter(reached::add)
                    .flatMap(name -> uses.getOrDefault(name, Set.of()).stream())
                    .toList();
        }
        return reached;
    }
}
