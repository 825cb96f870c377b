package io.ipvlan.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PoolChurnTest {
    @Test
    void aPartOfThePoolIsHeldHoweverItWasFilled() {
        int all = 65_534;
        assertEquals(all - PoolChurn.held("ipam-churn90", all), new PoolChurn("ipam-churn90", 1).free());
        assertEquals(all - PoolChurn.held("ipam-frag90", all), new PoolChurn("ipam-frag90", 1).free());
    }

    @Test
    void theNameSaysHowMuchIsHeld() {
        assertEquals(500, PoolChurn.held("ipam-frag50", 1_000));
        assertEquals(900, PoolChurn.held("ipam-churn90", 1_000));
        assertEquals(999, PoolChurn.held("ipam-churn999", 1_000));
        assertThrows(IllegalArgumentException.class, () -> PoolChurn.held("ipam-churn", 1_000));
    }
}
