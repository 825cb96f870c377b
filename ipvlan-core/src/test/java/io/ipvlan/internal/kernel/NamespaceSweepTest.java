package io.ipvlan.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespaceSweepTest {
    private static final NetNamespace.Id HERE = here();
    private static final NetNamespace.Id GONE = new NetNamespace.Id(HERE.device(), 7);

    private int searches;

    private static NetNamespace.Id here() {
        try (NetNamespace current = NetNamespace.current()) {
            return current.id();
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
    }

    private NamespaceSweep sweep(Consumer<NamespaceSearch.Visitor> places) {
        return new NamespaceSweep(visitor -> {
            searches++;
            places.accept(visitor);
        });
    }

    private static void assertFound(NamespaceSweep sweep) throws IOException {
        try (NetNamespace found = sweep.find(HERE).orElseThrow()) {
            assertEquals(HERE, found.id());
        }
    }

    @Test
    void placesAreGoneThroughTwiceHoweverManyAreNotFound() throws IOException {
        NamespaceSweep sweep = sweep(visitor -> {
            visitor.show(Path.of("/proc/1/ns/net"), 8L);
            visitor.show(Path.of("/proc/self/ns/net"), HERE.inode());
        });
        assertEquals(0, searches);
        assertFound(sweep);
        assertEquals(1, searches);
        for (int number = 0; number < 100; number++) {
            assertTrue(sweep.find(GONE).isEmpty());
            assertFound(sweep);
        }
        assertEquals(2, searches);
    }

    @Test
    void whoCameWhilePlacesWereGoneThroughIsFoundTheSecondTime() throws IOException {
        assertFound(sweep(visitor -> {
            if (searches == 2) {
                visitor.show(Path.of("/proc/self/ns/net"), HERE.inode());
            }
        }));
    }

    @Test
    void whatWasSeenWithSomebodyWhoLeftItIsFoundElsewhere() throws IOException {
        assertFound(sweep(visitor -> visitor.show(Path.of("/proc/self/no-such-file"), HERE.inode())));
    }

    @Test
    void whatMayBeWhereThisProcessMayNotLookIsNotTakenForGone() throws IOException {
        AccessDeniedException refusal = new AccessDeniedException("/proc/1/ns/net");
        NamespaceSweep sweep = sweep(visitor -> {
            visitor.refused(refusal);
            visitor.show(Path.of("/proc/self/ns/net"), HERE.inode());
        });

        assertFound(sweep);
        assertSame(refusal, assertThrows(AccessDeniedException.class, () -> sweep.find(GONE)));
        assertSame(refusal, assertThrows(AccessDeniedException.class, () -> sweep.find(GONE)));
        assertEquals(2, searches);
    }

    @Test
    void whatCouldNotBeListedIsNotTakenForEmpty(@TempDir Path directory) throws IOException {
        Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        NamespaceSweep sweep = sweep(visitor -> NamespaceSearch.search(loop, "*", Path.of(""), visitor));
        assertThrows(IOException.class, () -> sweep.find(GONE));

        Path missing = directory.resolve("missing");
        NamespaceSweep nothing = sweep(visitor -> NamespaceSearch.search(missing, "*", Path.of(""), visitor));
        assertTrue(nothing.find(GONE).isEmpty());
    }

    /// Somebody else's mistake must not keep what is gone from being removed.
    @Test
    void aNameThatLeadsNowhereHidesNothing(@TempDir Path directory) throws IOException {
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(directory.resolve("dangling"), Path.of("missing"));
        Path file = Files.createFile(directory.resolve("file"));
        Files.createSymbolicLink(directory.resolve("through"), file.resolve("no-directory"));
        NamespaceSweep sweep = sweep(visitor -> NamespaceSearch.search(directory, "*", Path.of(""), visitor));
        assertTrue(sweep.find(GONE).isEmpty());
    }

    private NamespaceSweep processes(Path directory) {
        return sweep(visitor -> NamespaceSearch.search(directory, "[0-9]*", Path.of("ns", "net"), visitor));
    }

    @Test
    void aProcessThatHasEndedHidesNothing(@TempDir Path directory) throws IOException {
        Files.createDirectories(directory.resolve("1/task/1"));
        assertTrue(processes(directory).find(GONE).isEmpty());
    }

    @Test
    void aProcessWhoseFirstThreadHasEndedIsFoundByAnother(@TempDir Path directory) throws IOException {
        Files.createDirectories(directory.resolve("1/task/1"));
        Path thread = Files.createDirectories(directory.resolve("1/task/2/ns"));
        Files.createSymbolicLink(thread.resolve("net"), Path.of("/proc/self/ns/net"));
        assertFound(processes(directory));
    }
}
