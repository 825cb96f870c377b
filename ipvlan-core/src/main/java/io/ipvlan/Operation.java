package io.ipvlan;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// An operation of an engine that is over, as an [OperationListener] is told of it. What is answered from
/// memory, such as [ActiveNetwork#inspect], is no operation.
///
/// @param kind what was done
/// @param network the name of the network; empty for what is about no network or all of them
/// @param endpoint the id of the endpoint; empty for what is about none or several, and for one that could
///     not be attached and was not named
/// @param duration how long it took, the waiting for other operations included
/// @param phases how much of that each phase took on the thread of the operation; those that took no time are
///     left out. The rest is planning, and waiting for other operations
/// @param failure what was thrown; empty if it was done
public record Operation(
        Kind kind,
        Optional<String> network,
        Optional<String> endpoint,
        Duration duration,
        Map<Phase, Duration> phases,
        Optional<Throwable> failure) {
    /// Checks for null and copies the map, in the order of the phases.
    public Operation {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(duration, "duration");
        Objects.requireNonNull(failure, "failure");
        Map<Phase, Duration> copy = new EnumMap<>(Phase.class);
        copy.putAll(phases);
        phases = Collections.unmodifiableMap(copy);
    }

    /// What can be done. More may be added.
    public enum Kind {
        /// Taking in what the store remembers, when an engine opens.
        RESTORE,
        /// [Ipvlan#create] and [Ipvlan#ephemeral].
        CREATE,
        /// [Ipvlan#ensure].
        ENSURE,
        /// [Ipvlan#plan] and [ActiveNetwork#plan].
        PLAN,
        /// [ActiveNetwork#attach(EndpointSpec)].
        ATTACH,
        /// [ActiveNetwork#attachAll]: one operation, however many endpoints.
        ATTACH_ALL,
        /// [Endpoint#detach].
        DETACH,
        /// [ActiveNetwork#detachAll].
        DETACH_ALL,
        /// [ActiveNetwork#observe].
        OBSERVE,
        /// [ActiveNetwork#verify].
        VERIFY,
        /// [ActiveNetwork#repair].
        REPAIR,
        /// [ActiveNetwork#delete].
        DELETE,
        /// [EphemeralNetwork#close].
        CLOSE,
        /// [ActiveNetwork#remoteRoutes].
        REMOTE_ROUTES,
        /// [Ipvlan#installHostRoutes].
        INSTALL_ROUTES,
        /// [Ipvlan#removeHostRoutes].
        REMOVE_ROUTES,
        /// [Ipvlan#ownedLinks].
        OWNED_LINKS,
        /// [Ipvlan#garbage].
        GARBAGE,
        /// [Ipvlan#collect].
        COLLECT,
        /// [Ipvlan#watch] and [Ipvlan#watchAndRepair], until the watch begins; what it mends is a [#REPAIR].
        WATCH;

        private final String text = words(name());

        /// The kind as a metric or a log names it.
        ///
        /// @return such as `attach` or `attach-all`
        public String text() {
            return text;
        }
    }

    /// Where the time of an operation goes.
    public enum Phase {
        /// Leasing addresses from the pools of the network.
        ADDRESSES,
        /// Opening and entering namespaces, and exchanges with the kernel.
        KERNEL,
        /// Reading and writing the store.
        STORE;

        private final String text = words(name());

        /// The phase as a metric or a log names it.
        ///
        /// @return `addresses`, `kernel` or `store`
        public String text() {
            return text;
        }
    }

    private static String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// What came of it, in one word of a small set.
    ///
    /// @return `done`, or the name of the exception's class without its package, such as `ConflictException`
    public String outcome() {
        return failure.map(thrown -> thrown.getClass().getSimpleName()).orElse("done");
    }

    /// What the kernel said, if that is why it failed.
    ///
    /// @return the error; empty if it was done, or failed for another reason
    public Optional<KernelError> kernelError() {
        return failure.flatMap(
                thrown -> thrown instanceof IpvlanException known ? known.kernelError() : Optional.empty());
    }

    /// What was done to what, what came of it and how long it took. Without the message of the failure, which
    /// may quote a description with its labels.
    @Override
    public String toString() {
        return kind.text() + network.map(name -> " network '" + name + "'").orElse("")
                + endpoint.map(id -> " endpoint '" + id + "'").orElse("") + ": " + outcome()
                + kernelError().map(error -> " [" + error.name() + "]").orElse("") + ", " + duration.toNanos() / 1000
                + " us " + phases.keySet().stream().map(this::phase).toList();
    }

    private String phase(Phase phase) {
        return phase.text() + " " + phases.getOrDefault(phase, Duration.ZERO).toNanos() / 1000 + " us";
    }
}
