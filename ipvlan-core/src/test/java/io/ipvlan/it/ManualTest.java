package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What `docs/manual.md` shows is what [ManualIT] compiles, runs and compares.
class ManualTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void everyListingIsOneThatRunsAndWhatRunsIsShown() {
        List<String> listings = Manual.listings();

        assertTrue(listings.size() > 20, "the page shows too little");
        for (String listing : listings) {
            assertTrue(Manual.regions().contains(listing), () -> "runs nowhere:\n" + listing);
        }
        assertEquals(new TreeSet<>(Manual.regions()), new TreeSet<>(listings));
    }

    @Test
    void everyOutputIsComparedWithARealOne() {
        String source = Manual.source();

        assertTrue(Manual.outputs().size() > 20, "the page shows too little");
        for (String name : Manual.outputs().keySet()) {
            boolean compared =
                    source.contains("typed(\"" + name + "\")") || source.contains("printed(\"" + name + "\"");
            assertTrue(compared, () -> "compared nowhere: '" + name + "'");
        }
    }

    @Test
    void everyBlockHasANameOrIsCode() {
        List<String> fences = Manual.text()
                .lines()
                .filter(line -> line.startsWith("```") && !line.equals("```"))
                .toList();

        assertEquals(Manual.listings().size() + Manual.outputs().size(), fences.size(), fences::toString);
    }

    @Test
    void everyLinkLeadsToAFile() {
        for (Matcher link = LINK.matcher(Manual.text()); link.find(); ) {
            assertTrue(Files.exists(Manual.FILE.resolveSibling(link.group(1))), link::group);
        }
    }
}
