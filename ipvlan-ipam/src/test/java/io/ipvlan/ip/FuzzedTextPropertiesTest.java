package io.ipvlan.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.Domain;
import org.jspecify.annotations.Nullable;

/// Texts that are nearly right: what is read is what a grammar written as a pattern allows, and what is refused
/// is refused in one way only.
@Domain(IpArbitraries.class)
class FuzzedTextPropertiesTest {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

    /// A right text with a character put in, taken out or replaced, up to four times.
    @Provide
    Arbitrary<String> nearlyRight() {
        Arbitrary<String> right = Arbitraries.oneOf(
                new IpArbitraries().addresses().map(Object::toString),
                new IpArbitraries().prefixes().map(Object::toString),
                Combinators.combine(new IpArbitraries().ipv6(), new IpArbitraries().ipv4())
                        .as((v6, v4) -> v6 + "-" + v4),
                new IpArbitraries().ipv4().map(v4 -> v4 + "-" + v4));
        Arbitrary<Character> character = Arbitraries.frequencyOf(
                Tuple.of(
                        8,
                        Arbitraries.of("0123456789abcdefABCDEF::::....//-%[] gx"
                                .chars()
                                .mapToObj(c -> (char) c)
                                .toList())),
                Tuple.of(1, Arbitraries.of('٣', '\u0967', '\0', '\n', '\uff11', '\ud835', '．')));
        Arbitrary<Function<String, String>> edit = Combinators.combine(
                        Arbitraries.integers().between(0, 45),
                        Arbitraries.integers().between(0, 2),
                        character)
                .as((at, kind, c) -> text -> edited(text, Math.min(at, text.length()), kind, c));
        return Combinators.combine(right, edit.list().ofMaxSize(4))
                .as((text, edits) ->
                        edits.stream().reduce(text, (changed, next) -> next.apply(changed), (one, other) -> other));
    }

    private static String edited(String text, int at, int kind, char c) {
        String behind = kind == 0 || at == text.length() ? text.substring(at) : text.substring(at + 1);
        return text.substring(0, at) + (kind == 1 ? "" : c) + behind;
    }

    @Property(tries = 2000)
    void anAddressIsReadIfAndOnlyIfTheGrammarAllowsIt(@ForAll("nearlyRight") String text) {
        IpAddress address = read(IpAddress::parse, text);
        assertEquals(isAddress(text), address != null, text);
        if (address != null) {
            assertEquals(address, IpAddress.parse(address.toString()));
        }
    }

    @Property(tries = 2000)
    void aCidrAndAPrefixAreReadIfAndOnlyIfTheGrammarAllowsIt(@ForAll("nearlyRight") String text) {
        int slash = text.indexOf('/');
        IpAddress address =
                slash >= 0 && isAddress(text.substring(0, slash)) ? IpAddress.parse(text.substring(0, slash)) : null;
        boolean allowed = address != null
                && LENGTH.matcher(text.substring(slash + 1)).matches()
                && Integer.parseInt(text.substring(slash + 1))
                        <= address.family().bits();
        IpCidr cidr = read(IpCidr::parse, text);
        assertEquals(allowed, cidr != null, text);
        IpPrefix prefix = read(IpPrefix::parse, text);
        assertEquals(cidr != null && cidr.prefix().first().equals(cidr.address()), prefix != null, text);
    }

    @Property(tries = 2000)
    void aRangeIsReadIfAndOnlyIfTheGrammarAllowsIt(@ForAll("nearlyRight") String text) {
        int hyphen = text.indexOf('-');
        boolean allowed = false;
        if (hyphen >= 0 && isAddress(text.substring(0, hyphen)) && isAddress(text.substring(hyphen + 1))) {
            IpAddress first = IpAddress.parse(text.substring(0, hyphen));
            IpAddress last = IpAddress.parse(text.substring(hyphen + 1));
            allowed = first.family() == last.family() && first.compareTo(last) <= 0;
        }
        assertEquals(allowed, read(IpRange::parse, text) != null, text);
    }

    private static <T> @Nullable T read(Function<String, T> parser, String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            String message = Objects.requireNonNull(e.getMessage());
            assertTrue(message.chars().noneMatch(Character::isISOControl), "a message in one line");
            return null;
        }
    }

    private static boolean isAddress(String text) {
        return IPV4.matcher(text).matches() || isIpv6(text);
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        String front = text.substring(0, gap);
        String back = text.substring(gap + 2);
        int before = front.isEmpty() ? 0 : groups(front, false);
        int behind = back.isEmpty() ? 0 : groups(back, true);
        return before >= 0 && behind >= 0 && before + behind < 8;
    }

    /// How many groups there are, two for an IPv4 address at the end; -100 if one is none.
    private static int groups(String text, boolean dotted) {
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int at = 0; at < parts.length; at++) {
            if (GROUP.matcher(parts[at]).matches()) {
                count++;
            } else if (dotted
                    && at == parts.length - 1
                    && IPV4.matcher(parts[at]).matches()) {
                count += 2;
            } else {
                return -100;
            }
        }
        return count;
    }
}
