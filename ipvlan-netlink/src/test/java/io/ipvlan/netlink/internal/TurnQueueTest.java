package io.ipvlan.netlink.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TurnQueueTest {
    private final TurnQueue<String> queue = new TurnQueue<>();
    private final Thread busy = new Thread();
    private final Thread other = new Thread();
    private final Thread third = new Thread();

    @Test
    void whoAsksForMuchKeepsNobodyWaiting() {
        queue.add(busy, "1");
        queue.add(busy, "2");
        queue.add(busy, "3");
        queue.add(other, "a");
        queue.add(other, "b");
        assertEquals("1", queue.poll());
        queue.add(third, "x");

        assertEquals(List.of("a", "2", "x", "b", "3"), queue.drain());
        assertTrue(queue.isEmpty());
        assertNull(queue.poll());
    }

    @Test
    void whoWasServedWaitsForItsTurnAgain() {
        queue.add(busy, "1");
        assertEquals("1", queue.poll());
        queue.add(other, "a");
        queue.add(busy, "2");

        assertEquals(List.of("a", "2"), queue.drain());
    }
}
