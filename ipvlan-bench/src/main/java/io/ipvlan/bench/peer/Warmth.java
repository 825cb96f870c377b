package io.ipvlan.bench.peer;

/// How often a workload is rehearsed, untimed, before it is measured. The property `warm` says it for a run; with 0 the
/// first operations of a JVM are what is measured.
final class Warmth {
    private Warmth() {}

    /// The number of rehearsals.
    ///
    /// @param usual how many unless the property says otherwise
    static int rehearsals(int usual) {
        return Integer.getInteger("warm", usual);
    }
}
