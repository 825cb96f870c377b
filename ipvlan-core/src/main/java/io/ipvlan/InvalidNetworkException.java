package io.ipvlan;

import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A description that cannot be realised anywhere. Nothing was sent to the kernel.
public final class InvalidNetworkException extends IpvlanException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ArrayList<Violation> violations;

    /// Made by the library, and by tests of programs that use it.
    ///
    /// @param network the name of the network
    /// @param violations every fault, not only the first
    public InvalidNetworkException(String network, List<Violation> violations) {
        super(
                "describe network",
                "'" + network + "'",
                violations.stream().map(Violation::toString).collect(Collectors.joining("; ")),
                null,
                null);
        this.violations = new ArrayList<>(violations);
    }

    /// Every fault of the description.
    ///
    /// @return the faults
    public List<Violation> violations() {
        return List.copyOf(violations);
    }
}
