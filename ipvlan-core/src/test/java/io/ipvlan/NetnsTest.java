package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
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

    /// What counts is the file system's limit.
    @Test
    void aNameIsAtMost255BytesLong() {
        for (String name : List.of("n".repeat(255), "\u00e9".repeat(127), "\ud83d\ude00".repeat(63))) {
            assertEquals(name, Netns.ofName(name).toString());
        }
        for (String name : List.of("n".repeat(256), "\u00e9".repeat(128), "\ud83d\ude00".repeat(64))) {
            assertThrows(IllegalArgumentException.class, () -> Netns.ofName(name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ude00"})
    void aNameHasNoHalfOfASurrogatePair(String name) {
        assertThrows(IllegalArgumentException.class, () -> Netns.ofName(name));
    }
}
