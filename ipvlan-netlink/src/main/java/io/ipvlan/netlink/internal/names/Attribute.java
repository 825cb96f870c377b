package io.ipvlan.netlink.internal.names;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A type of attribute in one place.
///
/// @param type its number
/// @param name its name in the C headers; the number where it has none
/// @param form what its bytes are
/// @param symbols names of its values, null for none
/// @param selector the type of the text beside it that says what it holds; 0 if that is always the same
/// @param content what it holds, by that text
public record Attribute(
        int type,
        String name,
        AttributeForm form,
        @Nullable Symbols symbols,
        int selector,
        Function<String, AttributeNames> content) {

    /// An attribute that holds a value.
    static Attribute plain(int type, String name, AttributeForm form) {
        return new Attribute(type, name, form, null, 0, _ -> AttributeNames.UNKNOWN);
    }

    /// A number whose values have names.
    static Attribute symbols(int type, String name, Symbols symbols) {
        return new Attribute(type, name, AttributeForm.NUMBER, symbols, 0, _ -> AttributeNames.UNKNOWN);
    }

    /// A number in network byte order whose values have names.
    static Attribute networkSymbols(int type, String name, Symbols symbols) {
        return new Attribute(type, name, AttributeForm.NETWORK_NUMBER, symbols, 0, _ -> AttributeNames.UNKNOWN);
    }

    /// An attribute that holds others.
    static Attribute holding(
            int type, String name, AttributeForm form, int selector, Function<String, AttributeNames> content) {
        return new Attribute(type, name, form, null, selector, content);
    }

    /// The same attribute, if its own bytes say that it holds others.
    public Attribute nested() {
        return form.compareTo(AttributeForm.NEST) >= 0
                ? this
                : holding(type, name, AttributeForm.NEST, 0, _ -> AttributeNames.UNKNOWN);
    }
}
