package io.ipvlan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ChartTest {
    private static String svg() {
        return new Chart("a < b & c", "hosts", "bytes")
                .curve("one", List.of(new Chart.Point(1, 10), new Chart.Point(100, 1_000)))
                .curve("two", List.of(new Chart.Point(1, 0.5), new Chart.Point(10, 0.5)))
                .svg();
    }

    @Test
    void aDrawingIsXmlWithALineForEachCurve() throws Exception {
        Document drawing = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg().getBytes(StandardCharsets.UTF_8)));

        assertEquals("svg", drawing.getDocumentElement().getTagName());
        assertEquals(2, drawing.getElementsByTagName("polyline").getLength());
        assertEquals("a < b & c", drawing.getElementsByTagName("text").item(0).getTextContent());
    }

    @Test
    void axesEndAtPowersOfTen() {
        // Across from 1 to 100, up from 0.1 to 1,000: half way up the latter lies 10.
        assertTrue(svg().contains("points=\"70.0,189.0 620.0,66.0\""), ChartTest::svg);
        assertTrue(svg().contains(">0.1</text>") && svg().contains(">1,000</text>"), ChartTest::svg);
    }

    @Test
    void textCanBeReadOnBlack() {
        assertTrue(svg().contains("prefers-color-scheme:dark"));
    }

    @Test
    void nothingHasNoPlaceOnALogarithmicAxis() {
        Chart chart = new Chart("", "", "").curve("zero", List.of(new Chart.Point(0, 1)));
        assertThrows(IllegalArgumentException.class, chart::svg);
    }
}
