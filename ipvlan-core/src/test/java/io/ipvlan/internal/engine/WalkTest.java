package io.ipvlan.internal.engine;

import java.util.concurrent.ExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Random walks on the kernel in memory. `-Dwalk.seed=` repeats one.
class WalkTest {
    @ParameterizedTest
    @CsvSource({"1, 250, 10, false", "3, 250, 10, false", "3, 250, 10, true"})
    void whateverHappensTheBooksAreRight(int threads, int rounds, int steps, boolean disturbed)
            throws ExecutionException, InterruptedException {
        long seed = Long.getLong("walk.seed", System.nanoTime());
        try (Scene scene = new Scene()) {
            Walk walk = new Walk(scene, seed, threads);
            System.out.println("walk of " + threads + " threads, walk.seed=" + seed);
            walk.run(rounds, steps, disturbed);
            System.out.println(walk);
        }
    }
}
