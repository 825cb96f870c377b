package io.ipvlan.internal;

import org.jspecify.annotations.Nullable;

/// What is set once for the whole program, by system properties: the numbers that mark what is the library's
/// own. All engines of a program share them, as they share the kernel.
public final class ProgramSettings {
    /// The group of links, from `io.ipvlan.group`.
    public static final int LINK_GROUP = number("io.ipvlan.group", 0x6970_766c, 1, Integer.MAX_VALUE);

    /// The protocol of addresses, routes and rules, from `io.ipvlan.protocol`.
    public static final int PROTOCOL = number("io.ipvlan.protocol", 0x69, 5, 255);

    private ProgramSettings() {}

    private static int number(String property, int usual, int least, int most) {
        return number(property, System.getProperty(property), usual, least, most);
    }

    /// @param value what the property says; null if it is not set
    static int number(String property, @Nullable String value, int usual, int least, int most) {
        if (value == null) {
            return usual;
        }
        long number;
        try {
            number = Long.decode(value);
        } catch (NumberFormatException e) {
            number = least - 1L;
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException("the system property " + property + " is '" + value
                    + "', and has to be a number from " + least + " to " + most);
        }
        return (int) number;
    }
}
