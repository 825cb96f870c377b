package io.ipvlan.bench.peer;

import java.time.Duration;

/// How often a workload is rehearsed, untimed, before it is measured. The property `warm` says it for a run;
/// with 0 the first operations of a JVM are what is measured.
final class Warmth {
    private static final Duration REST = Duration.ofSeconds(1);

    private Warmth() {}

    /// The number of rehearsals.
    ///
    /// @param usual how many unless the property says otherwise
    static int rehearsals(int usual) {
        return Integer.getInteger("warm", usual);
    }

    /// Lets what was rehearsed come to its end: the kernel goes on clearing away deleted links for a while,
    /// and the compilers have a queue.
    ///
    /// @param rehearsed how often it was
    static void rest(int rehearsed) throws InterruptedException {
        if (rehearsed > 0) {
            Thread.sleep(REST);
        }
    }
}
