package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.RandomNetworks;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"a", "eth0", "eth0.20", "fifteen-bytes-x", "...", "é", "ääääääa", "日本語日本", "a@b", "-", "😀"})
    void aNameTheKernelTakesIsTaken(String name) {
        assertEquals(Optional.empty(), LinkNames.problem(name));
        LinkNames.require(name);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\", it is empty",
                "sixteen-bytes-xx, it is longer than 15 bytes",
                "ääääääää, it is longer than 15 bytes",
                "., it is reserved",
                ".., it is reserved",
                "a/b, it contains '/'",
                "a:b, it contains ':'",
                "eth%d, it contains '%'",
                "\"a b\", it contains a blank or control character",
                "\"a\t\", it contains a blank or control character",
                "\"a\n\", it contains a blank or control character",
                "a\u007f, it contains a blank or control character"
            })
    void anotherNameIsRefusedWithTheReason(String name, String reason) {
        assertEquals(Optional.of(reason), LinkNames.problem(name));
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> LinkNames.require(name));
        assertEquals("'" + name + "' cannot name a link: " + reason, refused.getMessage());
    }

    /// Measured: `ip link set lo name à` is EINVAL, and with `é` it works.
    @ParameterizedTest
    @ValueSource(strings = {"à", "\u00a0", "Р", "蠀"})
    void aByteThatTheKernelTakesForABlankIsRefused(String name) {
        assertTrue(LinkNames.problem(name).orElseThrow().contains("0xa0"));
    }

    @Test
    void theLowestNameThatIsFreeIsTakenOrLeftToOthers() {
        Set<String> taken = Set.of("eth0", "eth2");

        assertEquals("eth1", LinkNames.lowestFree(taken));
        assertEquals("eth3", LinkNames.free(taken, 1));
        assertEquals("eth7", LinkNames.free(taken, 5));
    }

    @Provide
    Arbitrary<String> networks() {
        return RandomNetworks.names();
    }

    @Property
    void theNameOfADummyParentFitsAndStays(@ForAll("networks") String network) {
        String name = LinkNames.dummyParent(network);

        assertEquals(Optional.empty(), LinkNames.problem(name));
        assertTrue(name.getBytes(StandardCharsets.UTF_8).length <= 15, name);
        assertTrue(name.startsWith("ipvl-"), name);
        assertEquals(name, LinkNames.dummyParent(network));
    }

    /// A new version of the library has to find the links of an old one.
    @Test
    void theNameOfADummyParentIsTheSameForEver() {
        assertEquals("ipvl-40b0d30ede", LinkNames.dummyParent("ipnet210"));
    }

    @Test
    void manyNetworksHaveManyDummyParents() {
        int networks = 10_000;

        assertEquals(
                networks,
                IntStream.range(0, networks)
                        .mapToObj(i -> LinkNames.dummyParent("net-" + i))
                        .distinct()
                        .count());
    }
}
