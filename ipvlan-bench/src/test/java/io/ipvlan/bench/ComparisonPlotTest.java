package io.ipvlan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ComparisonPlotTest {
    private static final String DOCUMENT = """
            | Kernel | C | other | this library (rounds) |
            |---|---|---|---|
            | one | 5 ns | 100 | **10** (1-2 ns) |
            | two | 5 ns | | (1.0) |

            | three | 5 ns | 7 | 7 |
            """;

    @Test
    void eachPeerIsADotAsFarToTheRightAsItTakesLongerThanC() {
        String drawing = ComparisonPlot.draw(DOCUMENT, "Kernel");
        // From 1 at 210 to 100 at 736; the two above are those of the legend.
        assertEquals(5, drawing.split("<circle ").length - 1, drawing);
        assertTrue(drawing.contains(">this library</text>"), drawing);
        assertTrue(drawing.contains("<circle cx=\"736.0\" cy=\"68.0\" r=\"4\""), drawing);
        assertTrue(drawing.contains("<circle cx=\"473.0\" cy=\"68.0\" r=\"6\""), drawing);
        assertTrue(drawing.contains("<circle cx=\"210.0\" cy=\"90.0\" r=\"6\""), drawing);
    }

    @Test
    void aTableThatIsNotThereIsNamed() {
        assertEquals(
                "no table begins with 'Addresses'",
                assertThrows(IllegalArgumentException.class, () -> ComparisonPlot.draw(DOCUMENT, "Addresses"))
                        .getMessage());
    }

    @Test
    void theDrawingsAreThoseOfTheTables() throws IOException {
        String document = Files.readString(Path.of("README.md"));
        for (String table : ComparisonPlot.TABLES) {
            assertEquals(
                    ComparisonPlot.draw(document, table),
                    Files.readString(ComparisonPlot.file(Path.of("results"), table)),
                    "draw again, as ComparisonPlot says");
        }
    }
}
