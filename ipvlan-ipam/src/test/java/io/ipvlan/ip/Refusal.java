package io.ipvlan.ip;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/// The message a text was refused with.
final class Refusal {
    private Refusal() {}

    static String refusal(Executable call) {
        return Objects.requireNonNull(
                assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
