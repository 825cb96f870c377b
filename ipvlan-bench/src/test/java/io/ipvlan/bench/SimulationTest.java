package io.ipvlan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {
    @Test
    void stepsGoUpByHalfADecadeToTheLast() {
        assertEquals(List.of(1, 3, 10, 30, 100, 250), Simulation.steps(1, 250));
        assertEquals(List.of(10, 30, 100), Simulation.steps(10, 100));
        assertEquals(List.of(1), Simulation.steps(1, 1));
    }

    @Test
    void theSmallestPrefixThatHoldsTheEndpointsIsChosen() {
        assertEquals(22, SimulatedHosts.length(1_000));
        assertEquals(22, SimulatedHosts.length(1_020));
        assertEquals(21, SimulatedHosts.length(1_021));
        assertEquals(28, SimulatedHosts.length(10));
    }

    @Test
    void hostsWithAnEngineEachAreMeasured() {
        List<Simulation.Row> rows = Simulation.byHosts(SimulatedHosts::engines, 3, 13);

        assertEquals(List.of(1, 3), rows.stream().map(Simulation.Row::hosts).toList());
        assertTrue(rows.stream().allMatch(row -> row.endpoints() == 13 && row.microsEach() > 0), rows::toString);
    }

    @Test
    void hostsWithABlockEachAreMeasured() {
        List<Simulation.Row> rows = Simulation.byEndpoints(SimulatedHosts::blocks, 30);

        assertEquals(
                List.of(10, 30), rows.stream().map(Simulation.Row::endpoints).toList());
        assertEquals(List.of(100, 34), rows.stream().map(Simulation.Row::hosts).toList());
        assertTrue(rows.stream().allMatch(row -> row.bytesEach() > 0), rows::toString);
    }
}
