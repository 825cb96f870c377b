package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/// What an operation said when it was refused.
public final class Refusal {
    private Refusal() {}

    /// Insists that an operation throws an exception of that kind, and hands back its message.
    public static String of(Class<? extends Exception> kind, Executable operation) {
        return String.valueOf(assertThrows(kind, operation).getMessage());
    }
}
