package io.ipvlan;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A difference between what a network should be and what the kernel has.
///
/// @param endpoint the id of the endpoint it is about; empty for the network itself
/// @param reason what differs, in words
/// @param remedy the steps by which [ActiveNetwork#repair] mends it; empty if it cannot
public record Drift(Optional<String> endpoint, String reason, List<Step> remedy) {
    /// Checks for null and copies the list.
    public Drift {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(reason, "reason");
        remedy = List.copyOf(remedy);
    }

    /// What it is about, and what differs.
    @Override
    public String toString() {
        return endpoint.map(id -> "endpoint '" + id + "'").orElse("network") + ": " + reason;
    }
}
