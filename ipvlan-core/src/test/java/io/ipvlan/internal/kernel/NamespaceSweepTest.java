package io.ipvlan.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

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

    private static void assertFound(NamespaceSweep sweep) throws AccessDeniedException {
        try (NetNamespace found = sweep.find(HERE).orElseThrow()) {
            assertEquals(HERE, found.id());
        }
    }

    @Test
    void placesAreGoneThroughOnceHoweverManyAreLookedFor() throws AccessDeniedException {
        NamespaceSweep sweep = sweep(visitor -> {
            visitor.show(Path.of("/proc/1/ns/net"), 8L);
            visitor.show(Path.of("/proc/self/ns/net"), HERE.inode());
        });
        assertEquals(0, searches);
        for (int number = 0; number < 100; number++) {
            assertTrue(sweep.find(GONE).isEmpty());
            assertFound(sweep);
        }
        assertEquals(1, searches);
    }

    @Test
    void whatWasSeenWithSomebodyWhoLeftItIsFoundElsewhere() throws AccessDeniedException {
        assertFound(sweep(visitor -> visitor.show(Path.of("/proc/self/no-such-file"), HERE.inode())));
    }

    @Test
    void whatMayBeWhereThisProcessMayNotLookIsNotTakenForGone() throws AccessDeniedException {
        AccessDeniedException refusal = new AccessDeniedException("/proc/1/ns/net");
        NamespaceSweep sweep = sweep(visitor -> {
            visitor.refused(refusal);
            visitor.show(Path.of("/proc/self/ns/net"), HERE.inode());
        });

        assertFound(sweep);
        assertSame(refusal, assertThrows(AccessDeniedException.class, () -> sweep.find(GONE)));
        assertSame(refusal, assertThrows(AccessDeniedException.class, () -> sweep.find(GONE)));
        assertEquals(1, searches);
    }
}
