package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerTest {
    /// Texts on both sides of what fits into two numbers, with zeros and characters beyond Latin-1.
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('\0', 'a', 'b', '\u00e9', '\u00ff', '\u0100', '\u2603')
                .ofMinLength(0)
                .ofMaxLength(18);
    }

    @Property
    void everyTextComesBackAsItWas(@ForAll("texts") String text) {
        assertEquals(text, Owner.of(text).toString());
    }

    @Property
    void ownersAreEqualWhenTheirTextsAre(@ForAll("texts") String one, @ForAll("texts") String other) {
        assertEquals(one.equals(other), Owner.of(one).equals(Owner.of(other)));
        assertEquals(
                Owner.of(one).hash(), Owner.of(new String(one.toCharArray())).hash());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "abcdefgh",
                "abcdefghi",
                "0123456789abcdef",
                "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"
            })
    void whatIsShortIsKeptWithoutItsText(String text) {
        assertNull(Owner.of(text).text());
        assertEquals(text, Owner.of(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123456789abcdefg", "\u0100", "a\0", "\0"})
    void whatDoesNotFitIsKeptAsItsText(String text) {
        assertNotNull(Owner.of(text).text());
        assertEquals(text, Owner.of(text).toString());
        assertEquals(false, Owner.of(text).isNobody());
    }

    @Test
    void nobodyIsTheEmptyText() {
        assertEquals(Owner.NOBODY, Owner.of(""));
        assertEquals(true, Owner.of("").isNobody());
        assertEquals(false, Owner.of("a").isNobody());
        assertEquals("", Owner.NOBODY.toString());
    }

    @Test
    void hashesOfSuchAsAreNumberedDiffer() {
        assertNotEquals(Owner.of("endpoint-1").hash(), Owner.of("endpoint-2").hash());
        assertNotEquals(
                Owner.of("aaaaaaaabbbbbbbb").hash(),
                Owner.of("bbbbbbbbaaaaaaaa").hash());
    }
}
