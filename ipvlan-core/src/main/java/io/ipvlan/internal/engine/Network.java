package io.ipvlan.internal.engine;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.AddressException;
import io.ipvlan.Drift;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NetworkInfo;
import io.ipvlan.NotFoundException;
import io.ipvlan.ObservedNetwork;
import io.ipvlan.Operation.Kind;
import io.ipvlan.Plan;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.EndpointPlanner;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.plan.NetworkPlanner;
import io.ipvlan.internal.plan.RemoteRoutes;
import io.ipvlan.internal.store.ParentLink;
import io.ipvlan.internal.store.Records;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.internal.store.Records.NetworkRecord;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A network that exists: attaches and detaches its endpoints. Which of them there are is the business of
/// [Members].
class Network implements ActiveNetwork {
    private static final Logger LOG = LoggerFactory.getLogger(Network.class);

    private final Engine engine;
    private final IpvlanNetwork description;
    private final Addresses addresses;
    private final List<IpPrefix> drawn;
    private final Ports.Claim claim;
    private final Optional<HostAccess> host;
    private final boolean remembered;
    private final Members members;
    private final NetworkParent parent;

    /// @param drawn the prefixes drawn from default pools
    /// @param claim its claim of its parent
    /// @param parent its parent, which may be missing
    /// @param host its child link in the parent's namespace
    /// @param remembered whether the engine's store knows it
    Network(
            Engine engine,
            IpvlanNetwork description,
            Addresses addresses,
            List<IpPrefix> drawn,
            Ports.Claim claim,
            ParentLink parent,
            Optional<HostAccess> host,
            boolean remembered) {
        this.engine = engine;
        this.description = description;
        this.addresses = addresses;
        this.drawn = drawn;
        this.claim = claim;
        this.parent = new NetworkParent(engine, description, addresses, claim, parent);
        this.host = host;
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

    Ports.Claim claim() {
        return claim;
    }

    NetworkParent parent() {
        return parent;
    }

    Optional<HostAccess> hostAccess() {
        return host;
    }

    int nextIndex() {
        return engine.nextIndex();
    }

    EndpointPlanner endpointPlanner() {
        return new EndpointPlanner(description, addresses.subnets(), parent.netns());
    }

    /// What the parent's namespace gets with an endpoint.
    List<Step> hostSteps(List<IpCidr> endpoint) {
        return host.map(access -> access.steps(endpoint)).orElse(List.of());
    }

    @Override
    public Endpoint attach(EndpointSpec spec) {
        return engine.operate(Kind.ATTACH, Optional.of(name()), spec.id(), () -> admit(spec));
    }

    private AttachedEndpoint admit(EndpointSpec spec) {
        String id = members.reserve(spec.id());
        boolean arrived = false;
        try (Kernel.Namespace target = engine.kernel().open(Optional.of(spec.netns()));
                Kernel.Namespace place = parent.place()) {
            AttachedEndpoint endpoint = new Attachment(this, spec, id, place, target).run();
            members.arrive(endpoint);
            arrived = true;
            return endpoint;
        } finally {
            if (!arrived) {
                members.free(id);
            }
        }
    }

    @Override
    public Plan plan(EndpointSpec spec) {
        return engine.operate(Kind.PLAN, Optional.of(name()), spec.id(), () -> {
            String id = members.unused(spec.id());
            List<IpCidr> previewed = addresses.preview(spec, id);
            try (Kernel.Namespace place = parent.place()) {
                NamespaceState.Link link = parent.find(place.observe(), parent.planner("plan endpoint of network"))
                        .orElseThrow(() -> new NotFoundException(
                                "plan endpoint",
                                "of network '" + name() + "'",
                                "the network's parent '" + parent.name() + "' does not exist",
                                null,
                                null));
                parent.checkShared(place, link, parent.planner("plan endpoint of network"));
                EndpointPlanner planner = endpointPlanner();
                planner.check(spec, id, link);
                EndpointPlanner.Child child = new EndpointPlanner.Child(
                        spec.interfaceName().orElseGet(() -> freeName(spec.netns())),
                        engine.nextIndex(),
                        link.name(),
                        link.index());
                List<Step> steps =
                        new ArrayList<>(planner.plan(spec, child, previewed).steps());
                steps.addAll(hostSteps(previewed));
                return new Plan(steps);
            }
        });
    }

    /// The name a link would get; a namespace that cannot be looked into counts as empty.
    private String freeName(Netns netns) {
        try (Kernel.Namespace target = engine.kernel().open(Optional.of(netns))) {
            return LinkNames.lowestFree(target.linkNames());
        } catch (IpvlanException e) {
            return LinkNames.lowestFree(Set.of());
        }
    }

    boolean isRemembered() {
        return remembered;
    }

    boolean isGone() {
        return members.isGone();
    }

    /// Tells the store of the network.
    void remember() {
        NetworkRecord record = new NetworkRecord(description, drawn, parent.link(), host.map(HostAccess::record));
        engine.store().put(name(), Records.write(record));
    }

    /// Tells the store of an endpoint, if it knows the network.
    void remember(AttachedEndpoint endpoint, Undo undo) {
        if (remembered) {
            // A put that failed may have taken effect.
            undo.add(() -> engine.store().remove(endpoint.key()));
            engine.store().put(endpoint.key(), Records.write(endpoint.record()));
        }
    }

    /// Takes back an endpoint that a store remembered. If its addresses cannot be leased it is taken back
    /// without, so that it can be detached.
    void restore(EndpointRecord record) {
        List<IpAddress> had = record.addresses().stream().map(IpCidr::address).toList();
        List<Lease> leases;
        try {
            leases = addresses.leaseExactly(had, record.id(), new Undo());
        } catch (AddressException e) {
            leases = List.of();
            LOG.warn("endpoint '{}' can only be detached: {}", record.id(), e.getMessage());
        }
        EndpointPlanner.Child child =
                new EndpointPlanner.Child(record.interfaceName(), record.index(), parent.name(), parent.index());
        List<Step> steps = new ArrayList<>(
                endpointPlanner().plan(record.spec(), child, record.addresses()).steps());
        steps.addAll(hostSteps(record.addresses()));
        members.arrive(new AttachedEndpoint(this, record, steps, leases));
    }

    void detach(AttachedEndpoint endpoint) {
        engine.operate(Kind.DETACH, Optional.of(name()), Optional.of(endpoint.id()), () -> remove(endpoint));
    }

    private void remove(AttachedEndpoint endpoint) {
        if (members.leave(endpoint)) {
            removeHeld(endpoint);
        }
    }

    /// Removes an endpoint that nobody else can take out.
    private void removeHeld(AttachedEndpoint endpoint) {
        boolean gone = false;
        try {
            removeFromKernel(endpoint);
            if (remembered) {
                engine.store().remove(endpoint.key());
            }
            addresses.release(endpoint.leases());
            gone = true;
        } finally {
            if (gone) {
                members.free(endpoint.id());
            } else {
                members.arrive(endpoint);
            }
        }
    }

    private void removeFromKernel(AttachedEndpoint endpoint) {
        List<Step> hosts = Reversal.of(endpoint.steps(), endpoint.record().index(), parent.netns());
        if (!hosts.isEmpty()) {
            parent.findPlace().ifPresent(place -> executeAndClose(place, parent.netns(), hosts));
        }
        Netns netns = endpoint.netns();
        Optional<Kernel.Namespace> found = find(endpoint);
        if (found.isEmpty()) {
            LOG.debug("{}: its namespace was not found; its link went with it", endpoint);
            return;
        }
        executeAndClose(
                found.get(),
                Optional.of(netns),
                Reversal.of(endpoint.steps(), endpoint.record().index(), Optional.of(netns)));
    }

    private static void executeAndClose(Kernel.Namespace namespace, Optional<Netns> netns, List<Step> steps) {
        try (namespace) {
            new PlanExecutor(new Undo()).at(netns, namespace).execute(steps);
        }
    }

    List<AttachedEndpoint> attached() {
        return members.all();
    }

    /// Opens the namespace of an endpoint, wherever it is found.
    Optional<Kernel.Namespace> find(AttachedEndpoint endpoint) {
        return engine.kernel().find(endpoint.netns(), endpoint.record().namespace());
    }

    private boolean isAlive(AttachedEndpoint endpoint) {
        Optional<Kernel.Namespace> found = find(endpoint);
        if (found.isEmpty()) {
            return false;
        }
        try (Kernel.Namespace namespace = found.get()) {
            return namespace
                    .link(endpoint.record().index())
                    .filter(NamespaceState.Link::isIpvlan)
                    .isPresent();
        }
    }

    /// Makes the parent and what stands on it in the parent's namespace again, if it is gone and was the
    /// library's.
    ///
    /// @throws ConflictException if it is being deleted
    /// @throws IllegalStateException if it is deleted
    void revive() {
        members.requireNotGoing();
        members.requireActive();
        try (Kernel.Namespace place = parent.place();
                OwnedLinks.Held _ = OwnedLinks.lock(place.id())) {
            members.requireActive();
            NetworkPlanner planner = parent.planner("ensure network");
            if (place.link(parent.index()).isPresent()) {
                return;
            }
            Optional<NamespaceState.Link> another = parent.find(place.observe(), planner);
            if (another.isPresent()) {
                parent.moveTo(place, another.get(), planner);
                return;
            }
            NetworkPlanner.Result planned = planner.plan(place.observe(), parent.netns(), engine::nextIndex);
            Undo undo = new Undo();
            try {
                PlanExecutor executor = new PlanExecutor(undo).at(parent.netns(), place);
                executor.execute(planned.steps());
                parent.moveTo(
                        new ParentLink(
                                parent.netns(), place.id(), planned.parent(), planned.parentIndex(), planned.owned()),
                        planner);
                host.ifPresent(access -> executor.execute(onParent(access.steps())));
                if (remembered) {
                    remember();
                }
            } catch (RuntimeException | Error e) {
                undo.rollBack(e);
                throw e;
            }
            LOG.info("made the parent of {} again", this);
        }
    }

    /// The same steps for the parent as it is now.
    List<Step> onParent(List<Step> steps) {
        Function<Step, Step> moved = step -> step instanceof Step.CreateIpvlan create
                ? new Step.CreateIpvlan(
                        create.name(),
                        create.index(),
                        parent.name(),
                        parent.index(),
                        create.parentNetns(),
                        create.netns(),
                        create.mode(),
                        create.flag(),
                        create.mtu())
                : step;
        return steps.stream().map(moved).toList();
    }

    @Override
    public void delete() {
        engine.operate(Kind.DELETE, name(), this::deleteUnlessAlive);
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
            members.all().stream().filter(members::leaveDeleted).forEach(this::removeHeld);
            parent.findPlace().ifPresent(place -> new ParentRemoval(this, engine.kernel(), place).run());
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
                parent.name(),
                parent.index(),
                parent.owned(),
                addresses.subnets(),
                host.map(access -> access.record().addresses()).orElse(List.of()),
                addresses.usage(),
                members.all().stream().map(AttachedEndpoint::info).toList());
    }

    @Override
    public List<Route> remoteRoutes() {
        return engine.operate(Kind.REMOTE_ROUTES, name(), () -> {
            members.requireActive();
            try (Kernel.Namespace place = parent.place()) {
                return RemoteRoutes.of(
                        description, addresses.subnets(), place.observe().addressesOf(parent.index()));
            }
        });
    }

    @Override
    public ObservedNetwork observe() {
        return engine.operate(Kind.OBSERVE, name(), () -> {
            members.requireActive();
            return new Observer(this).run();
        });
    }

    @Override
    public List<Drift> verify() {
        return engine.operate(Kind.VERIFY, name(), () -> {
            members.requireActive();
            return new Verification(this).run();
        });
    }

    @Override
    public List<Drift> repair() {
        return engine.operate(Kind.REPAIR, name(), () -> {
            members.requireActive();
            return new Repair(this, members).run();
        });
    }

    @Override
    public List<Endpoint> attachAll(List<EndpointSpec> specs) {
        return engine.operate(Kind.ATTACH_ALL, name(), () -> {
            List<AttachedEndpoint> attached = new ArrayList<>();
            try {
                specs.forEach(spec -> attached.add(admit(spec)));
                return List.copyOf(attached);
            } catch (RuntimeException | Error e) {
                engine.inFlight().forAll(attached, this::remove).ifPresent(e::addSuppressed);
                throw e;
            }
        });
    }

    @Override
    public void detachAll() {
        engine.operate(Kind.DETACH_ALL, name(), () -> {
            members.requireActive();
            fail(engine.inFlight().forAll(members.all(), this::remove));
        });
    }

    /// Detaches all, and deletes the network.
    void takeDown() {
        engine.operate(Kind.CLOSE, name(), () -> {
            Optional<RuntimeException> failure = engine.inFlight().forAll(members.all(), this::remove);
            try {
                deleteUnlessAlive();
            } catch (RuntimeException e) {
                if (failure.isEmpty()) {
                    throw e;
                }
                failure.get().addSuppressed(e);
            }
            fail(failure);
        });
    }

    private static void fail(Optional<RuntimeException> failure) {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    @Override
    public String toString() {
        return "network '" + name() + "'";
    }
}
