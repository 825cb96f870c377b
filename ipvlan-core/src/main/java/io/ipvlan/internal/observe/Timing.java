package io.ipvlan.internal.observe;

import io.ipvlan.Endpoint;
import io.ipvlan.Operation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The time of one operation and of its phases, on its thread. What helpers on other threads do is not timed.
public final class Timing {
    /// Whether any engine of the program has a listener.
    private static volatile boolean wanted;

    private final Operation.Kind kind;
    private final Optional<String> network;
    private final Optional<String> endpoint;
    private final @Nullable OperationEvent event;
    private final Map<Operation.Phase, Duration> phases = new EnumMap<>(Operation.Phase.class);
    private final long began = System.nanoTime();

    /// Apart, so that it is loaded only when it is needed.
    private static final class Current {
        static final ScopedValue<Timing> TIMING = ScopedValue.newInstance();

        private Current() {}
    }

    /// @param event the event to be committed at the end; null without a recording
    Timing(Operation.Kind kind, Optional<String> network, Optional<String> endpoint, @Nullable OperationEvent event) {
        this.kind = kind;
        this.network = network;
        this.endpoint = endpoint;
        this.event = event;
    }

    /// From here on phases are timed.
    static void want() {
        wanted = true;
    }

    /// Runs the operation so that its phases are timed.
    <T> T during(Supplier<T> work) {
        return ScopedValue.where(Current.TIMING, this).<T, RuntimeException>call(work::get);
    }

    /// Does something that counts as a phase of the operation on this thread, if it is one that is timed.
    public static <T> T timed(Operation.Phase phase, Supplier<T> work) {
        if (!wanted || !Current.TIMING.isBound()) {
            return work.get();
        }
        long since = System.nanoTime();
        try {
            return work.get();
        } finally {
            Current.TIMING.get().phases.merge(phase, Duration.ofNanos(System.nanoTime() - since), Duration::plus);
        }
    }

    /// Ends it.
    Operation done(@Nullable Object result) {
        // An endpoint that was not named has got its id only now.
        return end(result instanceof Endpoint made ? Optional.of(made.id()) : endpoint, Optional.empty());
    }

    /// Ends it with a failure.
    Operation failed(Throwable failure) {
        return end(endpoint, Optional.of(failure));
    }

    private Operation end(Optional<String> about, Optional<Throwable> failure) {
        Operation operation =
                new Operation(kind, network, about, Duration.ofNanos(System.nanoTime() - began), phases, failure);
        if (event != null) {
            event.operation = kind.text();
            event.network = network.orElse("");
            event.endpoint = about.orElse("");
            event.outcome = operation.outcome();
            event.kernelError =
                    operation.kernelError().map(error -> error.name()).orElse("");
            event.commit();
        }
        return operation;
    }
}
