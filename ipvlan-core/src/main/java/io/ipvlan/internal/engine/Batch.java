package io.ipvlan.internal.engine;

import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.Netns;
import io.ipvlan.Operation;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.observe.Timing;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/// Attaches many endpoints, a part of them at a time: the links of a part are made with one send, the rest
/// follows one by one. While the kernel makes the links of one part, the part before it is completed and the
/// one behind it planned, so two parts are [#underWay] at most. For one operation on one thread, but for that
/// send.
final class Batch {
    /// How many namespaces of a part may be open, each with three descriptors.
    private static final int AT_ONCE = 32;

    private final Network network;
    private final Members members;
    private final Kernel kernel;
    private final InFlight inFlight;
    private final Deque<Part> underWay = new ArrayDeque<>();
    private final Map<Netns, Target> targets = new HashMap<>();
    private final List<AttachedEndpoint> attached = new ArrayList<>();

    Batch(Network network, Members members, Kernel kernel, InFlight inFlight) {
        this.network = network;
        this.members = members;
        this.kernel = kernel;
        this.inFlight = inFlight;
    }

    /// What is attached so far.
    List<AttachedEndpoint> attached() {
        return List.copyOf(attached);
    }

    /// @throws CancellationException if the thread is interrupted; what is [#attached] stays for the caller
    void run(List<EndpointSpec> specs) {
        members.requireActive();
        try (Kernel.Namespace place = network.parent().place()) {
            try {
                for (int from = 0; from < specs.size(); from += AT_ONCE) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new CancellationException("attaching to " + network + " was interrupted");
                    }
                    int end = Math.min(from + AT_ONCE, specs.size());
                    begin(new Part(place), specs.subList(from, end), end - from < specs.size());
                }
                while (!underWay.isEmpty()) {
                    completeFirst();
                }
            } catch (RuntimeException | Error e) {
                underWay.descendingIterator().forEachRemaining(part -> part.rollBack(e));
                throw e;
            } finally {
                underWay.forEach(Part::close);
            }
        }
    }

    /// @param ofSeveral whether there is something to do while its links are made
    private void begin(Part next, List<EndpointSpec> specs, boolean ofSeveral) {
        underWay.add(next);
        next.plan(specs);
        if (ofSeveral) {
            underWay.getFirst().awaitLinks(); // for which the socket is needed
            next.beginLinks();
        } else {
            next.makeLinks();
        }
        if (underWay.size() > 1) {
            completeFirst();
        }
    }

    private Target open(Netns netns) {
        return new Target(kernel.open(Optional.of(netns)));
    }

    private void completeFirst() {
        underWay.getFirst().complete();
        underWay.removeFirst().close();
    }

    /// A namespace, open while a part needs it.
    private static final class Target {
        final Kernel.Namespace namespace;
        int users;

        private final Set<String> taken = new HashSet<>();
        private boolean asked;

        Target(Kernel.Namespace namespace) {
            this.namespace = namespace;
        }

        /// The names that are not free, once it matters: the first endpoint may find its name taken, and ask
        /// then. Several would ask in turn.
        Set<String> names() {
            if (!taken.isEmpty() && !asked) {
                taken.addAll(namespace.linkNames());
                asked = true;
            }
            return taken;
        }

        /// Notes a name that a link has got, or is about to get.
        void give(String name) {
            taken.add(name);
        }
    }

    private final class Part {
        private final Kernel.Namespace place;
        private final Map<Netns, Target> used = new HashMap<>();
        private final List<Kernel.NewChild> children = new ArrayList<>();
        private final List<Attachment> begun = new ArrayList<>();
        private final Set<String> ids = new HashSet<>();
        private Optional<InFlight.Started<List<Optional<IpvlanException>>>> links = Optional.empty();

        Part(Kernel.Namespace place) {
            this.place = place;
        }

        void plan(List<EndpointSpec> specs) {
            NamespaceState.Link parent = network.parent().require(place);
            specs.forEach(spec -> open(spec.netns())); // which goes on while the first are planned
            for (EndpointSpec spec : specs) {
                String id = members.reserve(spec.id());
                ids.add(id);
                Target target = open(spec.netns());
                Attachment attachment = new Attachment(network, spec, id, place, target.namespace, target.names());
                target.give(attachment.interfaceName());
                begun.add(attachment);
                children.add(attachment.begin(parent));
            }
        }

        private Target open(Netns netns) {
            return used.computeIfAbsent(netns, where -> {
                Target target = targets.computeIfAbsent(where, Batch.this::open);
                target.users++;
                return target;
            });
        }

        void makeLinks() {
            note(place.createChildren(children));
        }

        void beginLinks() {
            links = Optional.of(inFlight.start(() -> place.createChildren(children)));
        }

        /// Waits for the links, if they are being made.
        void awaitLinks() {
            Optional<InFlight.Started<List<Optional<IpvlanException>>>> started = links;
            links = Optional.empty();
            started.ifPresent(made -> note(Timing.timed(Operation.Phase.KERNEL, made::await)));
        }

        private void note(List<Optional<IpvlanException>> failures) {
            for (int i = 0; i < failures.size(); i++) {
                begun.get(i).note(failures.get(i));
            }
        }

        void complete() {
            awaitLinks();
            while (!begun.isEmpty()) {
                AttachedEndpoint endpoint = complete(begun.removeFirst());
                members.arrive(endpoint);
                ids.remove(endpoint.id());
                attached.add(endpoint);
            }
        }

        private static AttachedEndpoint complete(Attachment attachment) {
            try {
                return attachment.complete();
            } catch (IpvlanException e) {
                return attachment.runAfter(e);
            } catch (RuntimeException | Error e) {
                attachment.rollBack(e);
                throw e;
            }
        }

        void rollBack(Throwable failure) {
            try {
                awaitLinks();
            } catch (RuntimeException | Error e) {
                failure.addSuppressed(e);
            }
            begun.reversed().forEach(attachment -> attachment.rollBack(failure));
        }

        void close() {
            ids.forEach(members::free);
            used.forEach((netns, target) -> {
                if (--target.users == 0) {
                    targets.remove(netns);
                    target.namespace.close();
                }
            });
        }
    }
}
