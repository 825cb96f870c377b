package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.KernelException;
import io.ipvlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UndoTest {
    private static final Step DELETE = new Step.DeleteLink("d0", 7, Optional.empty());

    private final List<String> done = new ArrayList<>();
    private final Undo undo = new Undo();
    private final KernelException failure = new KernelException("attach", "'a'", "no answer", null, null);

    private static Runnable failing(RuntimeException e) {
        return () -> {
            throw e;
        };
    }

    @Test
    void whatWasDoneLastIsUndoneFirst() {
        undo.add(() -> done.add("first"));
        undo.add(DELETE, () -> done.add("second"));
        undo.add(() -> done.add("third"));
        undo.rollBack(failure);

        assertEquals(List.of("third", "second", "first"), done);
        assertEquals(List.of(), failure.leftovers());
        assertEquals(0, failure.getSuppressed().length);
    }

    @Test
    void whatCannotBeUndoneDoesNotStopTheRest() {
        RuntimeException kernel = new IllegalStateException("kernel");
        RuntimeException memory = new IllegalStateException("memory");
        undo.add(() -> done.add("first"));
        undo.add(DELETE, failing(kernel));
        undo.add(failing(memory));
        undo.rollBack(failure);

        assertEquals(List.of("first"), done);
        assertEquals(List.of("ip link delete d0"), failure.leftovers());
        assertArrayEquals(new Throwable[] {memory, kernel}, failure.getSuppressed());
    }

    @Test
    void anotherKindOfFailureKeepsWhatItSuppressed() {
        RuntimeException store = new IllegalStateException("store");
        RuntimeException kernel = new IllegalStateException("kernel");
        undo.add(DELETE, failing(kernel));
        undo.rollBack(store);

        assertArrayEquals(new Throwable[] {kernel}, store.getSuppressed());
    }

    @Test
    void nothingIsUndoneTwice() {
        undo.add(() -> done.add("once"));
        undo.rollBack(failure);
        undo.rollBack(failure);

        assertEquals(List.of("once"), done);
    }
}
