package io.ipvlan.netlink.internal.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The tables of names against the C headers, which a C program wrote down: see
/// `src/test/resources/abi/names.c`.
class NamesTest {
    private static final Path FACTS = Path.of("src/test/resources/abi/names.txt");

    /// Texts that select what an attribute holds.
    private static final List<String> KINDS = List.of(
            "", "ipvlan", "ipvtap", "vlan", "macvlan", "macvtap", "veth", "tun", "bridge", "bond", "vrf", "other");

    private final Map<String, String> ours = new TreeMap<>();
    private final Set<AttributeNames> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private static Map<String, String> facts() throws IOException {
        List<String> lines = Files.readAllLines(FACTS);
        assertTrue(lines.getFirst().startsWith("# gcc "), "the first line says how the file was made");
        Map<String, String> facts = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", 2);
            assertEquals(null, facts.put(words[0], words[1]), "twice: " + words[0]);
        }
        return facts;
    }

    @Test
    void everyNameIsTheNumberTheHeadersSay() throws IOException, IllegalAccessException {
        for (MessageShape shape : MessageShape.all()) {
            note(shape.name(), Integer.toString(shape.type()));
            note(shape.attributes());
            if (shape.fixed() != null) {
                note(shape.fixed());
            }
        }
        note(MessageShape.ofAnswers());
        note(FixedPart.NEXT_HOP);
        for (Field symbols : Flags.class.getDeclaredFields()) {
            note((Symbols) symbols.get(null));
        }

        Map<String, String> facts = facts();
        assertEquals(facts.toString().replace(", ", "\n"), ours.toString().replace(", ", "\n"));
    }

    private void note(String name, String fact) {
        String before = ours.put(name, fact);
        assertTrue(before == null || before.equals(fact), name + " is " + before + " and " + fact);
    }

    private void note(AttributeNames names) {
        if (seen.add(names)) {
            for (Attribute attribute : names.all()) {
                note(attribute.name(), Integer.toString(attribute.type()));
                if (attribute.symbols() != null) {
                    note(attribute.symbols());
                }
                KINDS.forEach(kind -> note(attribute.content().apply(kind)));
            }
        }
    }

    private void note(Symbols symbols) {
        symbols.all().forEach(symbol -> note(symbol.name(), Long.toString(symbol.number())));
    }

    private void note(FixedPart part) {
        note(part.struct(), Integer.toString(part.size()));
        for (FixedPart.Field field : part.fields()) {
            note(part.struct() + "." + field.name(), field.offset() + " " + field.bytes());
        }
    }

    @Test
    void whatHasNoNameIsANumber() {
        assertEquals("4711", MessageShape.of(0, 4711).name());
        assertEquals("16", MessageShape.of(16, 16).name(), "of generic netlink");
        assertEquals("NLMSG_DONE", MessageShape.of(16, 3).name(), "of all protocols");
        assertEquals("99", MessageShape.of(0, 16).attributes().of(99).name());
        assertEquals("IFF_UP|0x80000000", Flags.LINK.text(0x80000001L));
        assertEquals("0", Flags.LINK.text(0));
        assertEquals("77", Flags.SCOPES.text(77));
    }

    @Test
    void theFlagsOfAMessageGoByWhatItDoes() {
        assertEquals("NLM_F_REPLACE|NLM_F_EXCL", MessageShape.of(0, 16).flags().text(0x300));
        assertEquals("NLM_F_NONREC|NLM_F_BULK", MessageShape.of(0, 17).flags().text(0x300));
        assertEquals("NLM_F_DUMP", MessageShape.of(0, 18).flags().text(0x300));
        assertEquals("NLM_F_ROOT", MessageShape.of(0, 18).flags().text(0x100));
        assertEquals("NLM_F_REPLACE|NLM_F_EXCL", MessageShape.of(0, 19).flags().text(0x300));
        assertEquals("NLM_F_REQUEST|0x300", MessageShape.of(16, 16).flags().text(0x301));
        assertEquals(
                "NLM_F_CAPPED|NLM_F_ACK_TLVS", MessageShape.of(0, 2).flags().text(0x300));
    }
}
