package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Rules about what may use what: held against the text of the main sources without comments, and against the
/// compiled API.
class SourcePolicyTest {
    private static final Path MAIN = Path.of("src/main/java");
    private static final String PLAN = "io/ipvlan/internal/plan/";
    private static final String KERNEL = "io/ipvlan/internal/kernel/";

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
        assertTrue(CODE.containsKey("io/ipvlan/Ipvlan.java"), "run in the directory of the module");
    }

    private static Set<String> filesThatHold(String regex, String folder) {
        Pattern pattern = Pattern.compile(regex);
        return CODE.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(folder))
                .filter(entry -> pattern.matcher(entry.getValue()).find())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void noNativeCallIsMadeHere() {
        assertEquals(Set.of(), filesThatHold("java\\.lang\\.foreign|\\bLinker\\b|System\\.load", ""));
    }

    @Test
    void nothingIsExecuted() {
        assertEquals(Set.of(), filesThatHold("\\bProcessBuilder\\b|\\bgetRuntime\\b", ""));
    }

    @Test
    void netlinkIsSpokenInOnePlace() {
        Set<String> speakers = filesThatHold("io\\.ipvlan\\.netlink\\.", "io/");

        assertTrue(speakers.stream().allMatch(file -> file.startsWith(KERNEL)), speakers::toString);
        assertTrue(speakers.contains(KERNEL + "NetlinkKernel.java"), speakers::toString);
    }

    @Test
    void plannersArePure() {
        assertEquals(Set.of(), filesThatHold("io\\.ipvlan\\.internal\\.(kernel|engine|store)", PLAN));
        assertEquals(Set.of(), filesThatHold("java\\.(io|net|time(?!\\.Duration)|lang\\.reflect)\\.", PLAN));
        assertEquals(Set.of(), filesThatHold("java\\.nio\\.(file|channels)", PLAN));
        assertEquals(Set.of(), filesThatHold("Random\\b|\\bSystem\\.|\\bThread\\b|\\bLogger\\b", PLAN));
        assertEquals(Set.of(PLAN + "LinkNames.java"), filesThatHold("java\\.security", PLAN));
    }

    @Test
    void adaptersOfTheKernelKnowNeitherEngineNorStore() {
        assertEquals(Set.of(), filesThatHold("io\\.ipvlan\\.internal\\.(engine|store)", KERNEL));
    }

    @Test
    void wildcardImportsHideNothingFromTheseRules() {
        assertEquals(Set.of(), filesThatHold("import .*\\*;", ""));
    }

    @Test
    void whatUsersSeeMentionsValuesOnly() throws ClassNotFoundException {
        Pattern hidden = Pattern.compile("io\\.ipvlan\\.(netlink|internal)\\.");
        List<String> seen = new ArrayList<>();
        for (Class<?> type : publicTypes()) {
            assertTrue(type.getPackageName().equals("io.ipvlan"), type::getName);
            for (String mentioned : mentions(type)) {
                if (hidden.matcher(mentioned).find()) {
                    seen.add(type.getName() + " shows " + mentioned);
                }
            }
        }

        assertEquals(List.of(), seen);
    }

    /// The public types of the API package, nested ones too.
    private static List<Class<?>> publicTypes() throws ClassNotFoundException {
        List<Class<?>> types = new ArrayList<>();
        for (String file : CODE.keySet()) {
            if (file.matches("io/ipvlan/[A-Z]\\w*\\.java")) {
                Class<?> type = Class.forName(file.replace(".java", "").replace('/', '.'));
                types.add(type);
                types.addAll(Arrays.asList(type.getDeclaredClasses()));
            }
        }
        types.removeIf(type -> !Modifier.isPublic(type.getModifiers()));
        assertTrue(types.size() > 20, types::toString);
        return types;
    }

    /// Every type in the signature of a public or protected member.
    private static List<String> mentions(Class<?> type) {
        List<Type> types = new ArrayList<>(Arrays.asList(type.getGenericInterfaces()));
        if (type.getGenericSuperclass() != null) {
            types.add(type.getGenericSuperclass());
        }
        for (Field field : type.getDeclaredFields()) {
            if (isSeen(field.getModifiers())) {
                types.add(field.getGenericType());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            addSignature(constructor, types);
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isSeen(method.getModifiers())) {
                types.add(method.getGenericReturnType());
            }
            addSignature(method, types);
        }
        return types.stream().map(Type::getTypeName).toList();
    }

    private static void addSignature(Executable executable, List<Type> types) {
        if (isSeen(executable.getModifiers()) && !executable.isSynthetic()) {
            types.addAll(Arrays.asList(executable.getGenericParameterTypes()));
            types.addAll(Arrays.asList(executable.getGenericExceptionTypes()));
        }
    }

    private static boolean isSeen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }
}
