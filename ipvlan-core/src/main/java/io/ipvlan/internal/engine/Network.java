package io.ipvlan.internal.engine;

import io.ipvlan.AddressException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointInfo;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NetworkInfo;
import io.ipvlan.Parent;
import io.ipvlan.Plan;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.EndpointPlanner;
import io.ipvlan.internal.plan.HostState;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.internal.store.Records;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Lease;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A network that exists: attaches and detaches its endpoints. Which of them there are is the business of
/// [Members].
final class Network implements EphemeralNetwork {
    private static final Logger LOG = LoggerFactory.getLogger(Network.class);

    /// How many automatic addresses are tried that turn out to be strangers'.
    private static final int ADDRESSES_TRIED = 16;

    private final Engine engine;
    private final IpvlanNetwork description;
    private final Addresses addresses;
    private final List<IpPrefix> drawn;
    private final String parent;
    private final boolean remembered;
    private final Members members;

    /// @param drawn the prefixes drawn from default pools
    /// @param remembered whether the engine's store knows it
    Network(
            Engine engine,
            IpvlanNetwork description,
            Addresses addresses,
            List<IpPrefix> drawn,
            String parent,
            boolean remembered) {
        this.engine = engine;
        this.description = description;
        this.addresses = addresses;
        this.drawn = drawn;
        this.parent = parent;
        this.remembered = remembered;
        this.members = new Members(description.name());
    }

    @Override
    public String name() {
        return description.name();
    }

    @Override
    public IpvlanNetwork description() {
        return description;
    }

    List<IpPrefix> drawn() {
        return drawn;
    }

    Addresses addresses() {
        return addresses;
    }

    String parent() {
        return parent;
    }

    boolean ownsParent() {
        return description.parent() instanceof Parent.Dummy;
    }

    @Override
    public Endpoint attach(EndpointSpec spec) {
        return engine.operate(() -> {
            String id = members.reserve(spec.id());
            try (Kernel.Namespace namespace = engine.kernel().open(spec.netns())) {
                return attachSomehow(spec, id, namespace);
            } finally {
                members.free(id);
            }
        });
    }

    /// An automatic address may be a stranger's, who does not ask this library: then it takes the next.
    private Endpoint attachSomehow(EndpointSpec spec, String id, Kernel.Namespace namespace) {
        for (int left = ADDRESSES_TRIED; ; left--) {
            try {
                return attach(spec, id, namespace);
            } catch (AddressException e) {
                Optional<IpAddress> strangers = e.address()
                        .filter(_ -> e.kernelError().stream()
                                .anyMatch(error -> error.name().equals("EADDRINUSE")));
                if (left == 0 || strangers.isEmpty() || spec.addresses().contains(strangers.get())) {
                    throw e;
                }
                LOG.warn("network '{}': {} is kept back from now on", name(), e.getMessage());
                addresses.withhold(strangers.get());
            }
        }
    }

    private AttachedEndpoint attach(EndpointSpec spec, String id, Kernel.Namespace namespace) {
        Undo undo = new Undo();
        try {
            List<Lease> leases = addresses.lease(spec.addresses(), id, undo);
            List<IpCidr> leased = leases.stream().map(Lease::address).toList();
            int index = engine.nextIndex();
            Plan plan = plan(spec, engine.requireParent(this), index, leased);
            engine.executor().execute(plan.steps(), namespace, undo);
            EndpointInfo info = new EndpointInfo(
                    id, spec.netns(), spec.interfaceName().orElse(LinkNames.DEFAULT_INTERFACE), index, leased);
            AttachedEndpoint endpoint = new AttachedEndpoint(this, new EndpointRecord(info, namespace.id()), leases);
            if (remembered) {
                // A put that failed may have taken effect.
                undo.add(() -> engine.store().remove(endpoint.key()));
                engine.store().put(endpoint.key(), Records.write(endpoint.record()));
            }
            members.add(endpoint);
            return endpoint;
        } catch (RuntimeException | Error e) {
            undo.rollBack(e);
            throw e;
        }
    }

    private Plan plan(EndpointSpec spec, int parentIndex, int index, List<IpCidr> leased) {
        return EndpointPlanner.plan(description, addresses.subnets(), parent, parentIndex, spec, index, leased);
    }

    @Override
    public Plan plan(EndpointSpec spec) {
        return engine.operate(() -> {
            String id = members.unused(spec.id());
            List<IpCidr> previewed = addresses.preview(spec.addresses(), id);
            return plan(spec, engine.requireParent(this), engine.nextIndex(), previewed);
        });
    }

    /// Keeps the parent's own addresses: on a shared segment they are somebody's already.
    void withhold(HostState host) {
        host.addressesOf(parent).stream().map(IpCidr::address).forEach(addresses::withhold);
    }

    /// Takes back an endpoint that a store remembered. If its addresses cannot be leased it is taken back
    /// without, so that it can be detached.
    void restore(EndpointRecord record) {
        List<IpAddress> had =
                record.info().addresses().stream().map(IpCidr::address).toList();
        Undo undo = new Undo();
        List<Lease> leases;
        try {
            leases = addresses.leaseRequested(had, record.info().id(), undo);
        } catch (AddressException e) {
            undo.rollBack(e);
            leases = List.of();
            LOG.warn("endpoint '{}' can only be detached: {}", record.info().id(), e.getMessage());
        }
        members.add(new AttachedEndpoint(this, record, leases));
    }

    void detach(AttachedEndpoint endpoint) {
        engine.operate(() -> {
            members.requireNotGoing();
            remove(endpoint);
        });
    }

    private void remove(AttachedEndpoint endpoint) {
        if (!members.leave(endpoint)) {
            return;
        }
        try {
            removeChild(endpoint);
            if (remembered) {
                engine.store().remove(endpoint.key());
            }
            endpoint.leases().forEach(addresses::release);
        } catch (RuntimeException | Error e) {
            members.add(endpoint);
            throw e;
        } finally {
            members.free(endpoint.id());
        }
    }

    private void removeChild(AttachedEndpoint endpoint) {
        EndpointInfo info = endpoint.info();
        Step.DeleteLink delete =
                new Step.DeleteLink(info.interfaceName(), info.interfaceIndex(), Optional.of(info.netns()));
        Optional<Kernel.Namespace> found =
                engine.kernel().find(info.netns(), endpoint.record().namespace());
        if (found.isEmpty()) {
            LOG.debug("{}: its namespace was not found; its link went with it", endpoint);
            return;
        }
        try (Kernel.Namespace namespace = found.get()) {
            engine.executor().execute(List.of(delete), namespace, new Undo());
        }
    }

    private boolean isAlive(AttachedEndpoint endpoint) {
        Optional<Kernel.Namespace> found =
                engine.kernel().find(endpoint.info().netns(), endpoint.record().namespace());
        if (found.isEmpty()) {
            return false;
        }
        try (Kernel.Namespace namespace = found.get()) {
            return namespace.hasChild(endpoint.info().interfaceIndex());
        }
    }

    @Override
    public void delete() {
        engine.operate(this::deleteUnlessAlive);
    }

    private void deleteUnlessAlive() {
        if (!members.beginDeletion()) {
            return;
        }
        boolean done = false;
        try {
            List<String> alive = members.all().stream()
                    .filter(this::isAlive)
                    .map(AttachedEndpoint::id)
                    .toList();
            if (!alive.isEmpty()) {
                throw members.conflict("endpoints are attached, detach them first: " + alive);
            }
            members.all().forEach(this::remove);
            if (ownsParent()) {
                engine.kernel().indexOf(parent).ifPresent(this::deleteParent);
            }
            if (remembered) {
                engine.store().remove(name());
            }
            engine.forget(this);
            done = true;
            LOG.info("deleted network '{}'", name());
        } finally {
            members.endDeletion(done);
        }
    }

    private void deleteParent(int index) {
        engine.executor().execute(List.of(new Step.DeleteLink(parent, index, Optional.empty())), new Undo());
    }

    @Override
    public List<Endpoint> endpoints() {
        engine.requireOpen();
        members.requireActive();
        return List.copyOf(members.all());
    }

    @Override
    public NetworkInfo inspect() {
        engine.requireOpen();
        members.requireActive();
        return new NetworkInfo(
                description,
                parent,
                ownsParent(),
                addresses.subnets(),
                members.all().stream().map(AttachedEndpoint::info).toList());
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (AttachedEndpoint endpoint : members.all()) {
            try {
                endpoint.detach();
            } catch (RuntimeException e) {
                failure = first(failure, e);
            }
        }
        try {
            delete();
        } catch (RuntimeException e) {
            failure = first(failure, e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException first(@Nullable RuntimeException first, RuntimeException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    @Override
    public String toString() {
        return "network '" + name() + "'";
    }
}
