package io.ipvlan.netlink.internal.names;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// The kernel's names of numbers: of values, or of bits that may be set together.
public final class Symbols {
    private final boolean bits;
    private final List<Symbol> all;

    /// A name and its number.
    public record Symbol(String name, long number) {}

    private Symbols(boolean bits, List<Symbol> all) {
        this.bits = bits;
        this.all = all;
    }

    static Symbol is(long number, String name) {
        return new Symbol(name, number);
    }

    static Symbols values(Symbol... all) {
        return new Symbols(false, List.of(all));
    }

    /// Names of bits. One that stands for several bits is preferred to those behind it.
    static Symbols bits(Symbol... all) {
        return new Symbols(true, List.of(all));
    }

    /// These, and others behind them.
    Symbols and(Symbols more) {
        List<Symbol> both = new ArrayList<>(all);
        both.addAll(more.all);
        return new Symbols(bits, List.copyOf(both));
    }

    public List<Symbol> all() {
        return all;
    }

    /// A number by name; what has no name as a number, bits in hex.
    public String text(long number) {
        return bits ? textOfBits(number) : textOfValue(number);
    }

    private String textOfValue(long value) {
        for (Symbol symbol : all) {
            if (symbol.number == value) {
                return symbol.name;
            }
        }
        return Long.toUnsignedString(value);
    }

    private String textOfBits(long value) {
        StringJoiner names = new StringJoiner("|");
        names.setEmptyValue("0");
        long rest = value;
        for (Symbol symbol : all) {
            if ((rest & symbol.number) == symbol.number) {
                names.add(symbol.name);
                rest &= ~symbol.number;
            }
        }
        if (rest != 0) {
            names.add("0x" + Long.toHexString(rest));
        }
        return names.toString();
    }
}
