package io.ipvlan.internal.observe;

import io.ipvlan.NetworkStore;
import io.ipvlan.Operation;
import io.ipvlan.OperationListener;
import io.ipvlan.internal.kernel.Kernel;
import java.util.Optional;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the operations of an engine, for its listener, for flight recordings and for the log. Without them
/// an operation runs as if it were not there: the recorder's module may be missing, and the class of an event
/// is not touched before the first recording begins, because the JVM would load the recorder for it.
///
/// Phases are timed for a listener only, by [TimedKernel] and [TimedStore] in place of the engine's own.
public final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final boolean HAS_RECORDER = hasRecorder();

    private final @Nullable OperationListener listener;

    /// @param listener who is told; null for nobody
    public Watch(@Nullable OperationListener listener) {
        this.listener = listener;
        if (listener != null) {
            Timing.want();
        }
    }

    private static boolean hasRecorder() {
        Optional<Module> recorder = ModuleLayer.boot().findModule("jdk.jfr");
        return recorder.isPresent() && Watch.class.getModule().canRead(recorder.get());
    }

    /// The kernel with its calls timed, if anybody wants to know.
    public Kernel watched(Kernel kernel) {
        return listener == null ? kernel : new TimedKernel(kernel);
    }

    /// The store with its calls timed, if anybody wants to know.
    public NetworkStore watched(NetworkStore store) {
        return listener == null ? store : new TimedStore(store);
    }

    /// Runs an operation.
    public <T> T run(Operation.Kind kind, Optional<String> network, Optional<String> endpoint, Supplier<T> work) {
        if (HAS_RECORDER && FlightRecorder.isInitialized() && OperationEvent.isRecorded()) {
            OperationEvent event = new OperationEvent();
            event.begin();
            return timed(new Timing(kind, network, endpoint, event), work);
        }
        return listener == null && !LOG.isDebugEnabled()
                ? work.get()
                : timed(new Timing(kind, network, endpoint, null), work);
    }

    private <T> T timed(Timing timing, Supplier<T> work) {
        T result;
        try {
            result = listener == null ? work.get() : timing.during(work);
        } catch (RuntimeException | Error e) {
            tell(timing.failed(e));
            throw e;
        }
        tell(timing.done(result));
        return result;
    }

    /// A listener's fault, whatever it is, must not take the place of what became of the operation.
    private void tell(Operation operation) {
        LOG.debug("{}", operation);
        if (listener != null) {
            try {
                listener.finished(operation);
            } catch (Throwable e) {
                LOG.warn("the listener failed over {}", operation, e);
            }
        }
    }
}
