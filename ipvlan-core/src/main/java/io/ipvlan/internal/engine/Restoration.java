package io.ipvlan.internal.engine;

import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.OwnedLink;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.plan.PortUse;
import io.ipvlan.internal.plan.SubnetPlanner;
import io.ipvlan.internal.store.ParentLink;
import io.ipvlan.internal.store.Records;
import io.ipvlan.ipam.Lease;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes in what a store remembers when an engine opens, and compares it with the kernel: what was left half
/// done is taken back, endpoints that are gone are freed, those that live are left as they are. A record that
/// cannot be read stops it; one that can be read and does not fit any more does not, because the rest must
/// stay in reach.
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    /// The key of what is remembered of the machine: no network can have this name.
    static final String HOST = ".host";

    private final Engine engine;
    private final Map<String, Network> networks = new TreeMap<>();
    private final Map<String, Records.NetworkRecord> records = new TreeMap<>();
    private final List<Remembered> endpoints = new ArrayList<>();
    private final List<AttachedEndpoint> unfinished = new ArrayList<>();
    private final Map<Optional<NamespaceId>, Optional<Seen>> states = new HashMap<>();
    private final Map<Place, Boolean> gone = new HashMap<>();
    private final Kernel.Finder sweep;

    private boolean restarted;

    Restoration(Engine engine) {
        this.engine = engine;
        this.sweep = engine.kernel().sweep();
    }

    void run() {
        Map<String, String> texts = load();
        Optional<String> before = Optional.ofNullable(texts.remove(HOST)).map(Records::boot);
        String boot = engine.kernel().bootId();
        restarted = before.isPresent() && !before.get().equals(boot);
        if (restarted) {
            LOG.info("the machine was restarted: endpoints of before are gone");
        }
        texts.forEach((key, text) -> read(key, () -> read(key, text)));
        records.forEach((key, record) -> read(key, () -> network(key, record)));
        // What is half done may have addresses that somebody who lives has by now; who has left, that somebody has
        // who came after.
        endpoints.sort(Remembered.ORDER);
        endpoints.forEach(one -> read(one.key(), () -> endpoint(one)));
        // After all endpoints: what the networks themselves have there is theirs.
        networks.values()
                .forEach(network -> seen(network.parent().link())
                        .ifPresent(place -> Creation.withhold(place.state(), network.addresses())));
        unfinished.forEach(this::finish);
        networks.forEach((key, network) -> finish(network, Objects.requireNonNull(records.get(key))));
        if (!before.equals(Optional.of(boot))) {
            engine.notebook().put(HOST, Records.writeBoot(boot));
        }
    }

    /// A store that cannot be read is no reason to keep silent about what the kernel knows.
    private Map<String, String> load() {
        try {
            return new TreeMap<>(engine.notebook().load());
        } catch (UncheckedIOException e) {
            List<String> known = ownedLinks(e);
            throw known.isEmpty()
                    ? e
                    : new UncheckedIOException(
                            e.getMessage() + "; the kernel has links of this library, which ownedLinks() shows"
                                    + " to an engine without this store: " + known,
                            e.getCause());
        }
    }

    private List<String> ownedLinks(UncheckedIOException damage) {
        try {
            return GarbageSearch.ownedLinks(engine.kernel()).stream()
                    .map(OwnedLink::toString)
                    .toList();
        } catch (IpvlanException e) {
            damage.addSuppressed(e);
            return List.of();
        }
    }

    /// Something a store remembers.
    private static void read(String key, Runnable reading) {
        try {
            reading.run();
        } catch (IllegalArgumentException e) { // it reads well, and says what cannot be
            throw Records.unreadable(key, String.valueOf(e.getMessage()), e);
        }
    }

    private void read(String key, String text) {
        if (key.indexOf('/') < 0) {
            records.put(key, Records.network(key, text));
        } else {
            endpoints.add(new Remembered(key, Records.endpoint(key, text)));
        }
    }

    /// An endpoint as remembered.
    private record Remembered(String key, Records.EndpointRecord record) {
        /// Those that are there first, then those on their way, then those that have left, the first first.
        private static final Comparator<Remembered> ORDER =
                Comparator.comparingInt(Remembered::rank).thenComparing(Remembered::left);

        private int rank() {
            return switch (record.stage()) {
                case PRESENT -> 1;
                case LEAVING -> 2;
                case ARRIVING -> 3;
                case LEFT -> 4;
            };
        }

        private Instant left() {
            return record.stage() == Records.Stage.LEFT ? record.since() : Instant.MIN;
        }

        String network() {
            return key.substring(0, key.indexOf('/'));
        }
    }

    private void network(String key, Records.NetworkRecord record) {
        Network network = restored(record);
        network.resume(record);
        networks.put(key, network);
        engine.publish(network);
    }

    /// Removes an endpoint that was being attached or detached, or is gone. One that cannot be removed does
    /// not keep the rest out of reach.
    private void finish(AttachedEndpoint endpoint) {
        try {
            endpoint.network().finish(endpoint, this::find);
            LOG.info("{} was left half done, or is gone, and was removed", endpoint);
        } catch (RuntimeException e) {
            LOG.warn("{} was left half done, and could not be removed; detach it: {}", endpoint, e.getMessage());
        }
    }

    /// Removes a network that was being made or removed, or whose handle is gone.
    private static void finish(Network network, Records.NetworkRecord record) {
        if (record.stage() == Records.Stage.PRESENT && !record.ephemeral()) {
            return;
        }
        try {
            network.finish();
            LOG.info("{} was left half done, or was ephemeral, and was removed", network);
        } catch (ConflictException e) {
            LOG.warn("{} stays: {}", network, e.getMessage());
            if (record.stage() == Records.Stage.LEAVING) { // its deletion would not have begun
                network.stays();
            }
        } catch (RuntimeException e) {
            LOG.warn("{} was left half done, and could not be removed; delete it: {}", network, e.getMessage());
        }
    }

    private Network restored(Records.NetworkRecord record) {
        IpvlanNetwork description = record.description();
        record.drawn().forEach(engine.allocator()::claim);
        Addresses addresses = new Addresses(description, SubnetPlanner.effective(description, record.drawn()));
        Optional<Seen> place = seen(record.parent());
        Optional<ParentLink> found = place.flatMap(seen -> seen.find(record.parent(), restarted));
        ParentLink known = place.map(seen -> seen.moved(record.parent())).orElse(record.parent());
        if (found.isEmpty()) {
            LOG.warn("network '{}': its parent '{}' does not exist at present", description.name(), known.name());
        }
        ParentLink parent = found.orElse(known);
        Optional<HostAccess> host = record.hostAccess()
                .map(access ->
                        HostAccess.of(description, addresses.subnets(), parent, access, leases(addresses, access)));
        PortUse use = Creation.use(description, addresses.prefixes());
        // What another network claimed meanwhile is found out when this one is used again.
        Ports.Claim claim = found.map(link -> Ports.claim(Ports.Port.of(link), use, _ -> {}))
                .orElseGet(() -> Ports.claimNowhere(use));
        return record.ephemeral()
                ? new Ephemeral(engine, description, addresses, record.drawn(), claim, parent, host)
                : new Network(engine, description, addresses, record.drawn(), claim, parent, host, false);
    }

    /// Addresses that do not fit any more must not keep the rest out of reach.
    private static List<Lease> leases(Addresses addresses, Records.HostRecord access) {
        try {
            return addresses.leaseExactly(access.addresses(), Addresses.HOST, new Undo());
        } catch (AddressException e) {
            LOG.warn("host access keeps what it has in the kernel, without a lease: {}", e.getMessage());
            return List.of();
        }
    }

    /// A namespace as it is now. Its identity may be another than the one that is remembered: the host's
    /// after a reboot, for example.
    private record Seen(NamespaceId id, NamespaceState state) {
        static Seen of(Kernel.Namespace place) {
            return new Seen(place.id(), place.observe());
        }

        ParentLink moved(ParentLink known) {
            return new ParentLink(known.netns(), id, known.name(), known.index(), known.owned());
        }

        /// Indexes count as long as the namespace is the one they were seen in, and names only behind them: a
        /// link may have been renamed, and another have got its name.
        Optional<ParentLink> find(ParentLink known, boolean restarted) {
            boolean counted = !restarted && id.matches(known.namespace());
            Optional<NamespaceState.Link> byIndex = counted ? state.link(known.index()) : Optional.empty();
            return byIndex.or(() -> state.link(known.name()))
                    .map(link -> new ParentLink(known.netns(), id, known.name(), link.index(), link.owned()));
        }
    }

    /// Looks once at the namespace of each parent.
    private Optional<Seen> seen(ParentLink parent) {
        return states.computeIfAbsent(parent.netns().map(_ -> parent.namespace()), _ -> look(parent));
    }

    private Optional<Seen> look(ParentLink parent) {
        if (parent.netns().isEmpty()) {
            return Optional.of(Seen.of(engine.kernel().open(Optional.empty())));
        }
        try (Kernel.Namespace place = restarted
                ? engine.kernel().open(parent.netns()) // identities do not outlive the machine's run
                : find(parent.netns().get(), parent.namespace()).orElse(null)) {
            return Optional.ofNullable(place).map(Seen::of);
        } catch (IpvlanException e) {
            LOG.warn("the parent '{}' cannot be looked at: {}", parent.name(), e.getMessage());
            return Optional.empty();
        }
    }

    private void endpoint(Remembered one) {
        Network network = networks.get(one.network());
        Records.EndpointRecord record = one.record();
        if (network == null) {
            // Kept, it would come back as an endpoint of the next network of that name.
            LOG.warn("the store remembers endpoint '{}' without its network, and forgets it: {}", one.key(), record);
            engine.notebook().remove(one.key());
        } else if (record.stage() == Records.Stage.LEFT) {
            network.book().restore(record);
        } else {
            AttachedEndpoint endpoint = network.restore(record);
            if (restarted) {
                network.departed(endpoint);
            } else if (record.stage() != Records.Stage.PRESENT || isGone(endpoint)) {
                unfinished.add(endpoint);
            }
        }
    }

    /// Where an endpoint is.
    private record Place(Netns netns, NamespaceId namespace) {}

    /// Whether its namespace is nowhere where namespaces are found. Looks once, however many are there.
    private boolean isGone(AttachedEndpoint endpoint) {
        return gone.computeIfAbsent(
                new Place(endpoint.netns(), endpoint.record().namespace()), this::isGone);
    }

    /// Does not look again for what is gone.
    private Optional<Kernel.Namespace> find(Netns netns, NamespaceId id) {
        return gone.getOrDefault(new Place(netns, id), false) ? Optional.empty() : sweep.find(netns, id);
    }

    private boolean isGone(Place place) {
        try (Kernel.Namespace found =
                sweep.find(place.netns(), place.namespace()).orElse(null)) {
            return found == null;
        } catch (IpvlanException e) {
            LOG.warn(
                    "'{}' cannot be looked at, and who is there is taken for alive: {}", place.netns(), e.getMessage());
            return false;
        }
    }
}
