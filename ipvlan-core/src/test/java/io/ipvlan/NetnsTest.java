package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetnsTest {
    @Test
    void itIsShownAsTheUserNamedIt() {
        assertEquals("pid 17", Netns.ofPid(17).toString());
        assertEquals("blue", Netns.ofName("blue").toString());
        assertEquals("/proc/17/ns/net", Netns.ofPath(Path.of("/proc/17/ns/net")).toString());
    }

    @Test
    void aRelativePathStaysTheSameFile() {
        Path absolute = Path.of("some/file").toAbsolutePath();

        assertEquals(new Netns.OfPath(absolute), Netns.ofPath(Path.of("some/file")));
        assertEquals(absolute.toString(), Netns.ofPath(Path.of("some/file")).toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aProcessIdIsPositive(long pid) {
        String refused = Refusal.of(IllegalArgumentException.class, () -> Netns.ofPid(pid));

        assertTrue(refused.contains(Long.toString(pid)), refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/", "../../etc/passwd", "a\u0000b"})
    void aNameThatLeadsElsewhereIsRefused(String name) {
        String refused = Refusal.of(IllegalArgumentException.class, () -> Netns.ofName(name));

        assertTrue(refused.startsWith("'" + name + "' cannot name"), refused);
    }

    @Test
    void aNameIsAtMost255CharactersLong() {
        assertEquals("n".repeat(255), Netns.ofName("n".repeat(255)).toString());
        assertThrows(IllegalArgumentException.class, () -> Netns.ofName("n".repeat(256)));
    }
}
