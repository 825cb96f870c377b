package io.ipvlan.internal.engine;

import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// A random walk on the real kernel. `-Dwalk.seed=` repeats one.
class WalkIT {
    @Test
    void whateverHappensTheBooksAreRight() throws ExecutionException, InterruptedException {
        long seed = Long.getLong("walk.seed", System.nanoTime());
        System.out.println("WalkIT: walk.seed=" + seed);
        try (Scene scene = new Scene(new NetlinkHost())) {
            Walk walk = new Walk(scene, seed, Scene.PLACES);
            walk.run(12, 6, true);
            System.out.println("WalkIT: " + walk);
        }
    }
}
