package io.ipvlan.internal.engine;

import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointInfo;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NetworkInfo;
import io.ipvlan.NotFoundException;
import io.ipvlan.Parent;
import io.ipvlan.Plan;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.EndpointPlanner;
import io.ipvlan.internal.plan.HostState;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.internal.store.Records;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Lease;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A network that exists, and its endpoints. Its lock guards which endpoints there are; it is never held while the
/// kernel
/// or the store works. An endpoint on its way in or out is in `busy` instead, so that its id stays taken.
final class Network implements EphemeralNetwork {
    private static final Logger LOG = LoggerFactory.getLogger(Network.class);

    /// An index that no link has: the parent is missing.
    static final int NO_LINK = -1;

    private final Engine engine;
    private final IpvlanNetwork description;
    private final String parent;
    private final int parentIndex;
    private final boolean remembered;
    private final Addresses addresses;
    private final List<IpPrefix> drawn;

    private final Map<String, AttachedEndpoint> endpoints = new TreeMap<>();
    private final Set<String> busy = new HashSet<>();
    private State state = State.ACTIVE;

    private enum State {
        ACTIVE,
        GOING,
        GONE
    }

    /// @param drawn the prefixes drawn from default pools
    /// @param parentIndex the parent's index, or [#NO_LINK]
    /// @param remembered whether the engine's store knows it
    Network(
            Engine engine,
            IpvlanNetwork description,
            Addresses addresses,
            List<IpPrefix> drawn,
            String parent,
            int parentIndex,
            boolean remembered) {
        this.engine = engine;
        this.description = description;
        this.addresses = addresses;
        this.drawn = drawn;
        this.parent = parent;
        this.parentIndex = parentIndex;
        this.remembered = remembered;
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

    @Override
    public Endpoint attach(EndpointSpec spec) {
        engine.requireOpen();
        String id = reserveId(spec);
        try (Kernel.Namespace namespace = engine.kernel().open(spec.netns())) {
            return attach(spec, id, namespace);
        } finally {
            free(id);
        }
    }

    private AttachedEndpoint attach(EndpointSpec spec, String id, Kernel.Namespace namespace) {
        Undo undo = new Undo();
        try {
            List<Lease> leases = addresses.lease(spec.addresses(), id, undo);
            int index = engine.nextIndex();
            Plan plan = plan(spec, index, leases);
            engine.executor().execute(plan.steps(), namespace, undo);
            EndpointInfo info = new EndpointInfo(
                    id,
                    spec.netns(),
                    spec.interfaceName().orElse(LinkNames.DEFAULT_INTERFACE),
                    index,
                    leases.stream().map(Lease::address).toList());
            AttachedEndpoint endpoint = new AttachedEndpoint(this, new EndpointRecord(info, namespace.id()), leases);
            if (remembered) {
                // A put that failed may have taken effect.
                undo.add(() -> engine.store().remove(endpoint.key()));
                engine.store().put(endpoint.key(), Records.write(endpoint.record()));
            }
            add(endpoint);
            return endpoint;
        } catch (RuntimeException e) {
            undo.rollBack(e);
            throw e;
        }
    }

    private Plan plan(EndpointSpec spec, int index, List<Lease> leases) {
        return EndpointPlanner.plan(
                description,
                addresses.subnets(),
                parent,
                parentIndex,
                spec,
                index,
                leases.stream().map(Lease::address).toList());
    }

    @Override
    public Plan plan(EndpointSpec spec) {
        engine.requireOpen();
        String id = reserveId(spec);
        Undo undo = new Undo();
        try {
            return plan(spec, engine.nextIndex(), addresses.lease(spec.addresses(), id, undo));
        } finally {
            undo.rollBack(new IllegalStateException("a plan changes nothing"));
            free(id);
        }
    }

    private synchronized String reserveId(EndpointSpec spec) {
        requireActive();
        String id = spec.id().orElseGet(this::newId);
        if (endpoints.containsKey(id) || !busy.add(id)) {
            throw new ConflictException(
                    "attach endpoint",
                    "'" + id + "' to network '" + name() + "'",
                    "the network has an endpoint of that id already",
                    null,
                    null);
        }
        return id;
    }

    private String newId() {
        byte[] random = new byte[6];
        ThreadLocalRandom.current().nextBytes(random);
        return "ep-" + HexFormat.of().formatHex(random);
    }

    private synchronized void free(String id) {
        busy.remove(id);
    }

    private synchronized void add(AttachedEndpoint endpoint) {
        endpoints.put(endpoint.id(), endpoint);
    }

    /// Keeps the parent's own addresses: on a shared segment they are somebody's already.
    void withhold(HostState host) {
        host.addressesOf(parentIndex).stream().map(IpCidr::address).forEach(addresses::withhold);
    }

    /// Takes back an endpoint that a store remembered.
    void restore(EndpointRecord record) {
        List<Lease> leases = addresses.leaseRequested(
                record.info().addresses().stream().map(IpCidr::address).toList(),
                record.info().id(),
                new Undo());
        add(new AttachedEndpoint(this, record, leases));
    }

    void detach(AttachedEndpoint endpoint) {
        engine.requireOpen();
        if (!leave(endpoint)) {
            return;
        }
        try {
            removeChild(endpoint);
            forget(endpoint);
        } catch (RuntimeException e) {
            add(endpoint);
            throw e;
        } finally {
            free(endpoint.id());
        }
    }

    private synchronized boolean leave(AttachedEndpoint endpoint) {
        boolean here = endpoints.remove(endpoint.id(), endpoint);
        if (here) {
            busy.add(endpoint.id());
        }
        return here;
    }

    private void removeChild(AttachedEndpoint endpoint) {
        EndpointInfo info = endpoint.info();
        Step delete = new Step.DeleteLink(info.interfaceName(), info.interfaceIndex(), Optional.of(info.netns()));
        try (Kernel.Namespace namespace = engine.kernel().open(info.netns())) {
            if (namespace.id().equals(endpoint.record().namespace())) {
                engine.executor().execute(List.of(delete), namespace, new Undo());
            } else {
                LOG.debug("{}: '{}' leads to another namespace by now", endpoint, info.netns());
            }
        } catch (NotFoundException e) {
            LOG.debug("{}: its namespace is gone, and its link with it", endpoint);
        }
    }

    private void forget(AttachedEndpoint endpoint) {
        if (remembered) {
            engine.store().remove(endpoint.key());
        }
        endpoint.leases().forEach(addresses::release);
    }

    private boolean isAlive(AttachedEndpoint endpoint) {
        try (Kernel.Namespace namespace = engine.kernel().open(endpoint.info().netns())) {
            return namespace.id().equals(endpoint.record().namespace())
                    && namespace.hasChild(endpoint.info().interfaceIndex());
        } catch (NotFoundException e) {
            return false;
        }
    }

    @Override
    public void delete() {
        engine.requireOpen();
        if (!beginDeletion()) {
            return;
        }
        boolean done = false;
        try {
            List<AttachedEndpoint> known = attached();
            List<AttachedEndpoint> alive = known.stream().filter(this::isAlive).toList();
            if (!alive.isEmpty()) {
                throw new ConflictException(
                        "delete network",
                        "'" + name() + "'",
                        "endpoints are attached, detach them first: "
                                + alive.stream().map(AttachedEndpoint::id).toList(),
                        null,
                        null);
            }
            known.forEach(AttachedEndpoint::detach);
            if (ownsParent()) {
                Step delete = new Step.DeleteLink(parent, parentIndex, Optional.empty());
                engine.executor().execute(List.of(delete), new Undo());
            }
            if (remembered) {
                engine.store().remove(name());
            }
            engine.forget(this);
            done = true;
            LOG.info("deleted network '{}'", name());
        } finally {
            endDeletion(done);
        }
    }

    /// @return false if there is nothing left to delete
    private synchronized boolean beginDeletion() {
        switch (state) {
            case GONE -> {
                return false;
            }
            case GOING -> throw new IllegalStateException("network '" + name() + "' is being deleted already");
            case ACTIVE -> {}
        }
        if (!busy.isEmpty()) {
            throw new ConflictException(
                    "delete network",
                    "'" + name() + "'",
                    "endpoints are being attached or detached: " + busy,
                    null,
                    null);
        }
        state = State.GOING;
        return true;
    }

    private synchronized List<AttachedEndpoint> attached() {
        return List.copyOf(endpoints.values());
    }

    private synchronized void endDeletion(boolean done) {
        state = done ? State.GONE : State.ACTIVE;
    }

    boolean ownsParent() {
        return description.parent() instanceof Parent.Dummy;
    }

    @Override
    public synchronized List<Endpoint> endpoints() {
        engine.requireOpen();
        requireActive();
        return List.copyOf(endpoints.values());
    }

    @Override
    public synchronized NetworkInfo inspect() {
        engine.requireOpen();
        requireActive();
        return new NetworkInfo(
                description,
                parent,
                ownsParent(),
                addresses.subnets(),
                endpoints.values().stream().map(AttachedEndpoint::info).toList());
    }

    /// Detaches everything and deletes the network. What fails is tried again by the next call.
    @Override
    public void close() {
        RuntimeException failure = null;
        for (AttachedEndpoint endpoint : attached()) {
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

    private void requireActive() {
        if (state != State.ACTIVE) {
            throw new IllegalStateException(
                    "network '" + name() + "' is " + (state == State.GONE ? "deleted" : "being deleted"));
        }
    }

    @Override
    public String toString() {
        return "network '" + name() + "'";
    }
}
