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
import io.ipvlan.internal.plan.RemoteRoutes;
import io.ipvlan.internal.store.ParentLink;
import io.ipvlan.internal.store.Records;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.internal.store.Records.MadeLink;
import io.ipvlan.internal.store.Records.NetworkRecord;
import io.ipvlan.internal.store.Records.Stage;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Lease;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
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
    private final boolean ephemeral;
    private final Members members;
    private final EndpointBook book;
    private final NetworkParent parent;
    private final Detachment detachment;

    /// How far it has come while nothing is going on: what was left half done stays so until it is removed.
    private volatile Stage stage = Stage.PRESENT;

    /// Links of the library's own that were being made or removed for it, the lowest first: they may be there
    /// though the parent is not.
    private volatile List<MadeLink> passing = List.of();

    /// @param drawn the prefixes drawn from default pools
    /// @param claim its claim of its parent
    /// @param parent its parent, which may be missing
    /// @param host its child link in the parent's namespace
    /// @param ephemeral whether it goes with its handle
    Network(
            Engine engine,
            IpvlanNetwork description,
            Addresses addresses,
            List<IpPrefix> drawn,
            Ports.Claim claim,
            ParentLink parent,
            Optional<HostAccess> host,
            boolean ephemeral) {
        this.engine = engine;
        this.description = description;
        this.addresses = addresses;
        this.drawn = drawn;
        this.claim = claim;
        this.parent = new NetworkParent(engine, description, addresses, claim, parent);
        this.detachment = new Detachment(engine.kernel(), this.parent);
        this.host = host;
        this.ephemeral = ephemeral;
        this.members = new Members(description.name());
        this.book = new EndpointBook(description, addresses, engine.notebook(), engine::now);
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

    Instant now() {
        return engine.now();
    }

    private AttachedEndpoint admit(EndpointSpec spec) {
        String id = members.reserve(spec.id());
        boolean arrived = false;
        try (Kernel.Namespace target = engine.kernel().open(Optional.of(spec.netns()));
                Kernel.Namespace place = parent.place()) {
            AttachedEndpoint endpoint = new Attachment(this, spec, id, place, target, Set.of()).run();
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
                parent.checkShared(
                        place, place.parent(link.index()).orElseThrow(), parent.planner("plan endpoint of network"));
                EndpointPlanner planner = endpointPlanner();
                planner.check(spec, id, link);
                EndpointPlanner.Child child = new EndpointPlanner.Child(
                        spec.interfaceName().orElseGet(() -> freeName(spec.netns())),
                        engine.nextIndex(),
                        link.name(),
                        link.index());
                List<Step> steps =
                        new ArrayList<>(planner.plan(spec, id, child, previewed).steps());
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

    boolean isEphemeral() {
        return ephemeral;
    }

    boolean isGone() {
        return members.isGone();
    }

    Members members() {
        return members;
    }

    /// Tells the store of the network.
    ///
    /// @param stage how far it has come
    /// @param making the links that are being made or removed for it
    void remember(Stage stage, List<MadeLink> making) {
        engine.notebook()
                .put(
                        name(),
                        Records.write(new NetworkRecord(
                                description,
                                stage,
                                ephemeral,
                                drawn,
                                parent.link(),
                                host.map(HostAccess::record),
                                making)));
    }

    /// What the store knows of its endpoints.
    EndpointBook book() {
        return book;
    }

    /// Takes back an endpoint that a store remembered. If its addresses cannot be leased it is taken back
    /// without, so that it can be detached.
    AttachedEndpoint restore(EndpointRecord record) {
        List<Lease> leases;
        try {
            leases = addresses.lease(record);
        } catch (AddressException e) {
            leases = List.of();
            LOG.warn("endpoint '{}' can only be detached: {}", record.id(), e.getMessage());
        }
        EndpointPlanner.Child child =
                new EndpointPlanner.Child(record.interfaceName(), record.index(), parent.name(), parent.index());
        List<Step> steps = new ArrayList<>(endpointPlanner()
                .plan(record.spec(), record.id(), child, record.addresses())
                .steps());
        steps.addAll(hostSteps(record.addresses()));
        AttachedEndpoint endpoint = new AttachedEndpoint(this, record, steps, leases);
        members.arrive(endpoint);
        return endpoint;
    }

    void detach(AttachedEndpoint endpoint) {
        engine.operate(Kind.DETACH, Optional.of(name()), Optional.of(endpoint.id()), () -> remove(endpoint));
    }

    void remove(AttachedEndpoint endpoint) {
        if (members.leave(endpoint)) {
            removeHeld(endpoint, engine.kernel()::find);
        }
    }

    /// Removes an endpoint that nobody else can take out. If that fails it stays.
    private void removeHeld(AttachedEndpoint endpoint, Kernel.Finder finder) {
        EndpointRecord record = endpoint.record();
        try {
            book.put(record.at(Stage.LEAVING, record.since()));
            boolean certain = detachment.run(endpoint, finder);
            book.leave(record);
            addresses.release(endpoint.leases(), certain);
            members.free(endpoint.id());
        } catch (RuntimeException | Error e) {
            stays(e, () -> book.put(record));
            members.arrive(endpoint);
            throw e;
        }
    }

    /// Tells the store that something stays after all. If it cannot be told, the next engine finishes what
    /// was begun.
    private static void stays(Throwable failure, Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            if (!e.equals(failure)) {
                failure.addSuppressed(e);
            }
        }
    }

    /// Removes an endpoint of a network that is being deleted, or one that was left half done.
    ///
    /// @param finder how namespaces are found
    void finish(AttachedEndpoint endpoint, Kernel.Finder finder) {
        if (members.leaveDeleted(endpoint)) {
            removeHeld(endpoint, finder);
        }
    }

    /// Forgets an endpoint that went with a restart of the machine.
    void departed(AttachedEndpoint endpoint) {
        if (members.leaveDeleted(endpoint)) {
            book.leave(endpoint.record());
            addresses.release(endpoint.leases(), true);
            members.free(endpoint.id());
        }
    }

    /// Takes back how far it had come.
    void resume(NetworkRecord record) {
        stage = record.stage();
        passing = record.making();
    }

    List<AttachedEndpoint> attached() {
        return members.all();
    }

    /// Opens the namespace of an endpoint, wherever it is found.
    Optional<Kernel.Namespace> find(AttachedEndpoint endpoint) {
        return detachment.find(endpoint);
    }

    /// Makes its parent again, if that is gone and was the library's.
    ///
    /// @throws ConflictException if it is being deleted
    /// @throws IllegalStateException if it is deleted
    void revive() {
        new ParentRevival(this, engine, members).run();
    }

    /// Notes links of the library's own that are being made for it, the lowest first.
    void making(List<MadeLink> links) {
        passing = links;
        remember(stage, passing);
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
        engine.operate(Kind.DELETE, name(), () -> delete(false));
    }

    /// Deletes the network, whose deletion or making was cut short.
    ///
    /// @throws ConflictException if endpoints are alive, so that its deletion had not begun
    void finish() {
        engine.operate(Kind.DELETE, name(), () -> delete(ephemeral));
    }

    /// Notes that the network stays, whatever the store says.
    void stays() {
        stage = Stage.PRESENT;
        remember(stage, passing);
    }

    /// Detaches all, and deletes the network.
    void takeDown() {
        engine.operate(Kind.CLOSE, name(), () -> delete(true));
    }

    /// @param withEndpoints whether those that are alive go, too: with the parent, if that is ours, at once,
    ///     and not one by one
    private void delete(boolean withEndpoints) {
        if (!members.beginDeletion()) {
            return;
        }
        boolean done = false;
        try {
            if (!withEndpoints) {
                requireNoneAlive();
            }
            beginRemoval();
            if (withEndpoints) {
                removeFromParent();
            }
            fail(engine.inFlight().forAll(members.all(), endpoint -> finish(endpoint, engine.kernel()::find)));
            removeFromParent();
            book.clear();
            engine.notebook().remove(name());
            engine.notebook().sync();
            engine.forget(this);
            done = true;
            LOG.info("deleted network '{}'", name());
        } catch (RuntimeException | Error e) {
            stays(e, () -> remember(stage, passing));
            throw e;
        } finally {
            members.endDeletion(done);
        }
    }

    private void requireNoneAlive() {
        List<String> alive = members.all().stream()
                .filter(detachment::isAlive)
                .map(AttachedEndpoint::id)
                .toList();
        if (!alive.isEmpty()) {
            throw members.conflict("endpoints are attached, detach them first: " + alive);
        }
    }

    /// Notes what goes besides: the parent and what it stands on, as far as it is the library's own. Whoever was
    /// about to make them again is waited for, and nobody begins to.
    private void beginRemoval() {
        try (Kernel.Namespace place =
                parent.findPlaceToClear(engine.kernel()::find).orElse(null)) {
            if (place == null) {
                remember(Stage.LEAVING, passing);
                return;
            }
            try (OwnedLinks.Held _ = parent.lock(place)) {
                passing = Stream.concat(
                                passing.stream(), new ParentRemoval(this, engine.kernel(), place).links().stream())
                        .distinct()
                        .toList();
                remember(Stage.LEAVING, passing);
            }
        }
    }

    private void removeFromParent() {
        try (Kernel.Namespace place =
                parent.findPlaceToClear(engine.kernel()::find).orElse(null)) {
            if (place != null) {
                new ParentRemoval(this, engine.kernel(), place).run(passing);
            }
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
            Batch batch = new Batch(this, members, engine.kernel());
            try {
                batch.run(List.copyOf(specs));
                return List.copyOf(batch.attached());
            } catch (RuntimeException | Error e) {
                engine.inFlight().forAll(batch.attached(), this::remove).ifPresent(e::addSuppressed);
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
