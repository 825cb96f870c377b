package io.ipvlan;

import java.io.Serializable;
import java.util.Objects;

/// One fault of a network's description.
///
/// @param setting what is wrong, such as `subnet '10.1.214.5/24'`
/// @param reason why, and what to do about it
public record Violation(String setting, String reason) implements Serializable {
    /// Checks for null.
    public Violation {
        Objects.requireNonNull(setting, "setting");
        Objects.requireNonNull(reason, "reason");
    }

    /// Both, in one line.
    @Override
    public String toString() {
        return setting + ": " + reason;
    }
}
