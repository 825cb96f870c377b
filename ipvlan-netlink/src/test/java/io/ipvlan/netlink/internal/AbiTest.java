package io.ipvlan.netlink.internal;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The numbers typed into the main sources against those of the C headers, which a C program wrote down: see
/// `src/test/resources/abi`.
class AbiTest {
    private static final Path FACTS = Path.of("src/test/resources/abi/x86-64.txt");
    private static final Map<String, Long> FACT = new HashMap<>();

    @BeforeAll
    static void readTheFacts() throws IOException {
        List<String> lines = Files.readAllLines(FACTS);
        assertTrue(lines.getFirst().startsWith("# gcc "), "the first line says how the file was made");
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", 2);
            assertEquals(null, FACT.put(words[0], Long.valueOf(words[1])), "twice: " + words[0]);
        }
    }

    static Stream<Field> uapi() {
        return Arrays.stream(Uapi.class.getFields());
    }

    static Stream<Field> errnos() {
        return Arrays.stream(Errno.class.getFields()).filter(field -> Modifier.isStatic(field.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("uapi")
    void aConstantOfTheKernelIsWhatTheHeadersSay(Field constant) throws IllegalAccessException {
        assertFact(constant.getName(), ((Number) constant.get(null)).longValue());
    }

    @ParameterizedTest
    @MethodSource("errnos")
    void anErrorNumberIsWhatTheHeadersSay(Field constant) throws IllegalAccessException {
        assertFact(constant.getName(), ((Errno) constant.get(null)).number());
    }

    @Test
    void theModesAndFlagsOfIpvlanAreWhatTheHeadersSay() {
        assertAll(
                () -> assertFact("IPVLAN_MODE_L2", LinkInfo.Ipvlan.L2),
                () -> assertFact("IPVLAN_MODE_L3", LinkInfo.Ipvlan.L3),
                () -> assertFact("IPVLAN_MODE_L3S", LinkInfo.Ipvlan.L3S),
                () -> assertFact("IPVLAN_F_PRIVATE", LinkInfo.Ipvlan.PRIVATE),
                () -> assertFact("IPVLAN_F_VEPA", LinkInfo.Ipvlan.VEPA),
                () -> assertEquals(0, LinkInfo.Ipvlan.BRIDGE, "no flag at all"));
    }

    @Test
    void theLongestNameLeavesRoomForItsZeroByte() {
        assertFact("IFNAMSIZ", LinkRequest.NAME_LIMIT + 1);
    }

    @Test
    void aTimeoutIsTwoLongs() {
        assertFact("TIMEVAL_SIZE", 16);
    }

    private static void assertFact(String name, long value) {
        Long fact = FACT.get(name);
        assertNotNull(fact, "facts.c does not ask for " + name);
        assertEquals(fact, value, name);
    }
}
