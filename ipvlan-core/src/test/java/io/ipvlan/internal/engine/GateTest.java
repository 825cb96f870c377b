package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GateTest {
    private final Gate gate = new Gate();

    @Test
    void closingWaitsForWhoeverIsInside() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean left = new AtomicBoolean();
        Thread operation = Thread.ofVirtual().start(() -> {
            gate.enter();
            entered.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            left.set(true);
            gate.leave();
        });
        entered.await();
        Thread closing = Thread.ofVirtual().start(() -> {
            assertTrue(gate.close());
            assertTrue(left.get(), "closed while somebody was inside");
        });
        while (closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThrows(IllegalStateException.class, gate::enter);
        goOn.countDown();
        operation.join();
        closing.join();
    }

    @Test
    void itIsClosedOnce() {
        assertTrue(gate.close());
        assertFalse(gate.close());
        assertEquals(
                "the engine is closed",
                assertThrows(IllegalStateException.class, gate::requireOpen).getMessage());
    }

    @Test
    void nobodyClosesItFromInside() {
        gate.enter();
        assertThrows(IllegalStateException.class, gate::close);
        gate.leave();
        assertTrue(gate.close());
    }
}
