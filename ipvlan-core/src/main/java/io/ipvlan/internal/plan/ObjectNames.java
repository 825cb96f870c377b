package io.ipvlan.internal.plan;

import java.util.Optional;
import java.util.regex.Pattern;

/// Names of networks and ids of endpoints. Both become file names and log words, so the alphabet is small.
public final class ObjectNames {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private ObjectNames() {}

    /// Why a text cannot be a name; empty if it can.
    public static Optional<String> problem(String name) {
        return ALLOWED.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("1 to 128 letters, digits, '.', '_' and '-' are allowed, the first a letter or a digit");
    }

    /// Insists on an endpoint's id.
    public static void requireId(String id) {
        problem(id).ifPresent(reason -> {
            throw new IllegalArgumentException("'" + id + "' cannot be the id of an endpoint: " + reason);
        });
    }
}
