package io.ipvlan.internal.engine;

import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.Netns;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/// Attaches many endpoints, part by part: the links of a part are made with one send, the rest follows one by
/// one. Meanwhile the namespaces of the next are opened. For one operation on one thread.
final class Batch {
    /// How many endpoints are a part. The namespaces of two are open at once; each takes three descriptors.
    private static final int PART = 32;

    private final Network network;
    private final Members members;
    private final Kernel kernel;
    private final List<AttachedEndpoint> attached = new ArrayList<>();

    Batch(Network network, Members members, Kernel kernel) {
        this.network = network;
        this.members = members;
        this.kernel = kernel;
    }

    /// What is attached so far.
    List<AttachedEndpoint> attached() {
        return List.copyOf(attached);
    }

    /// @throws CancellationException if the thread is interrupted; what is [#attached] stays for the caller
    void run(List<EndpointSpec> specs) {
        members.requireActive();
        try (Kernel.Namespace place = network.parent().place();
                Targets targets = new Targets()) {
            for (int from = 0; from < specs.size(); from += PART) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("attaching to " + network + " was interrupted");
                }
                List<EndpointSpec> part = part(specs, from);
                List<EndpointSpec> next = part(specs, from + PART);
                targets.open(part);
                targets.open(next); // which goes on while the kernel makes links
                new Part(place, targets).run(part);
                targets.keep(next);
            }
        }
    }

    private static List<EndpointSpec> part(List<EndpointSpec> specs, int from) {
        int size = specs.size();
        return specs.subList(Math.min(from, size), Math.min(from + PART, size));
    }

    /// The namespaces of a part and of the next.
    private final class Targets implements AutoCloseable {
        private final Map<Netns, Target> targets = new HashMap<>();

        void open(List<EndpointSpec> specs) {
            for (EndpointSpec spec : specs) {
                targets.computeIfAbsent(spec.netns(), where -> new Target(kernel.open(Optional.of(where))));
            }
        }

        Target of(EndpointSpec spec) {
            return Objects.requireNonNull(targets.get(spec.netns()));
        }

        /// Keeps those that endpoints are to come to, and closes the others.
        void keep(List<EndpointSpec> next) {
            Set<Netns> wanted = next.stream().map(EndpointSpec::netns).collect(Collectors.toSet());
            targets.entrySet().removeIf(open -> {
                boolean done = !wanted.contains(open.getKey());
                if (done) {
                    open.getValue().namespace.close();
                }
                return done;
            });
            targets.values().forEach(Target::lookAgain);
        }

        @Override
        public void close() {
            targets.values().forEach(target -> target.namespace.close());
        }
    }

    /// A namespace, and the names that are not free there.
    private static final class Target {
        final Kernel.Namespace namespace;
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

        /// Before the next part: what was noted is there by now, or got another name.
        void lookAgain() {
            asked = false;
        }

        /// Notes a name that a link gets.
        void give(String name) {
            taken.add(name);
        }
    }

    private final class Part {
        private final Kernel.Namespace place;
        private final Targets targets;
        private final List<Attachment> begun = new ArrayList<>();
        private final Set<String> ids = new HashSet<>();

        Part(Kernel.Namespace place, Targets targets) {
            this.place = place;
            this.targets = targets;
        }

        void run(List<EndpointSpec> specs) {
            try {
                List<Kernel.NewChild> children = begin(specs);
                List<Optional<IpvlanException>> failures = place.createChildren(children);
                for (int i = 0; i < failures.size(); i++) {
                    begun.get(i).note(failures.get(i));
                }
                while (!begun.isEmpty()) {
                    AttachedEndpoint endpoint = complete(begun.removeFirst());
                    members.arrive(endpoint);
                    ids.remove(endpoint.id());
                    attached.add(endpoint);
                }
            } catch (RuntimeException | Error e) {
                begun.reversed().forEach(attachment -> attachment.rollBack(e));
                throw e;
            } finally {
                ids.forEach(members::free);
            }
        }

        private List<Kernel.NewChild> begin(List<EndpointSpec> specs) {
            NamespaceState.Link parent = network.parent().require(place);
            List<Kernel.NewChild> children = new ArrayList<>();
            for (EndpointSpec spec : specs) {
                String id = members.reserve(spec.id());
                ids.add(id);
                Target target = targets.of(spec);
                Attachment attachment = new Attachment(network, spec, id, place, target.namespace, target.names());
                target.give(attachment.interfaceName());
                begun.add(attachment);
                children.add(attachment.begin(parent));
            }
            return children;
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
    }
}
