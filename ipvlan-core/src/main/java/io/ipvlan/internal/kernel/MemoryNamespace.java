package io.ipvlan.internal.kernel;

import io.ipvlan.IpvlanException;
import io.ipvlan.KernelError;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A namespace of the [InMemoryKernel], whose lock guards everything in it.
final class MemoryNamespace implements Kernel.Namespace {
    private static final int MAIN_TABLE = 254;
    private static final int IPV6_METRIC = 1024;

    /// The metric of IPv6 routes that the kernel makes itself.
    private static final int IPV6_CONNECTED = 256;

    private static final IpPrefix LINK_LOCAL = IpPrefix.parse("fe80::/10");
    private static final int ETHERNET_MTU = 1500;

    final TreeMap<Integer, MemoryLink> links = new TreeMap<>();
    final List<NamespaceState.Entry> routes = new ArrayList<>();
    final List<NamespaceState.Rule> rules = new ArrayList<>();

    private final InMemoryKernel kernel;
    private final NamespaceId id;

    MemoryNamespace(InMemoryKernel kernel, NamespaceId id) {
        this.kernel = kernel;
        this.id = id;
        add(new MemoryLink(this, 1, "lo", "loopback", null, 65536));
    }

    void add(MemoryLink link) {
        links.put(link.index, link);
        kernel.changed();
    }

    @Override
    public NamespaceId id() {
        return id;
    }

    @Override
    public NamespaceState observe() {
        synchronized (kernel) {
            kernel.requireOpen();
            return new NamespaceState(
                    links.values().stream().map(MemoryLink::state).toList(),
                    links.values().stream()
                            .flatMap(link -> link.addresses.stream()
                                    .map(address -> new NamespaceState.Address(link.index, address)))
                            .toList(),
                    List.copyOf(routes),
                    List.copyOf(rules));
        }
    }

    @Override
    public Optional<NamespaceState.Link> link(int index) {
        synchronized (kernel) {
            kernel.requireOpen();
            return Optional.ofNullable(links.get(index)).map(MemoryLink::state);
        }
    }

    @Override
    public Optional<Kernel.ParentView> parent(int index) {
        NamespaceState state = observe();
        return state.link(index)
                .map(link -> new Kernel.ParentView(
                        link,
                        state.childrenOf(index).stream()
                                .filter(NamespaceState.Link::isIpvlan)
                                .toList()));
    }

    @Override
    public Set<String> linkNames() {
        return observe().links().stream().map(NamespaceState.Link::name).collect(Collectors.toSet());
    }

    private boolean isTaken(Step.Create step) {
        return links.containsKey(step.index()) || hasLink(step.name());
    }

    private boolean hasLink(String name) {
        return links.values().stream().anyMatch(link -> link.name.equals(name) || link.alternativeNames.contains(name));
    }

    @Override
    public void create(Step.Create step) {
        synchronized (kernel) {
            kernel.requireOpen();
            if (isTaken(step)) {
                throw KernelErrors.creatingLink(step, InMemoryKernel.EEXIST, null);
            }
            MemoryLink made;
            if (step instanceof Step.CreateVlan vlan) {
                made = new MemoryLink(this, step.index(), step.name(), "vlan", lower(vlan), 0);
                made.mtu = made.lower == null ? ETHERNET_MTU : made.lower.mtu;
                made.tag = Optional.of(
                        new NamespaceState.Tag(vlan.id(), vlan.protocol().number()));
            } else {
                made = new MemoryLink(this, step.index(), step.name(), "dummy", null, ETHERNET_MTU);
            }
            made.owned = true;
            add(made);
        }
    }

    private MemoryLink lower(Step.CreateVlan step) {
        MemoryLink lower = links.get(step.lowerIndex());
        if (lower == null) {
            throw KernelErrors.creatingLink(step, InMemoryKernel.ENODEV, null);
        }
        if (!lower.up) {
            throw KernelErrors.creatingLink(step, new KernelError(100, "ENETDOWN", ""), null);
        }
        if (lower.carriesNoMore()) {
            throw KernelErrors.creatingLink(step, InMemoryKernel.EMLINK, null);
        }
        NamespaceState.Tag tag =
                new NamespaceState.Tag(step.id(), step.protocol().number());
        if (links.values().stream().anyMatch(link -> link.lower == lower && link.tag.equals(Optional.of(tag)))) {
            throw KernelErrors.creatingLink(
                    step, new KernelError(17, "EEXIST", "8021q: VLAN device already exists."), null);
        }
        return lower;
    }

    @Override
    public List<Optional<IpvlanException>> createChildren(List<Kernel.NewChild> children) {
        List<Optional<IpvlanException>> failures = new ArrayList<>();
        for (Kernel.NewChild child : children) {
            try {
                createChild(child.step(), (MemoryNamespace) child.target());
                failures.add(Optional.empty());
            } catch (IpvlanException e) {
                failures.add(Optional.of(e));
            }
        }
        return failures;
    }

    private void createChild(Step.CreateIpvlan step, MemoryNamespace into) {
        synchronized (kernel) {
            kernel.requireOpen();
            MemoryLink parent = links.get(step.parentIndex());
            if (parent == null) {
                throw refused(step, InMemoryKernel.ENODEV, false);
            }
            if (parent.kind.equals("loopback")) {
                throw refused(step, new KernelError(22, "EINVAL", ""), false);
            }
            if (parent.carriesNoMore()) {
                throw refused(step, InMemoryKernel.EMLINK, false);
            }
            Optional<MemoryLink> macvlan = parent.above.stream()
                    .filter(link -> link.kind.equals("macvlan"))
                    .findFirst();
            if (macvlan.isPresent()) {
                throw KernelErrors.creatingChild(
                        step,
                        new KernelError(16, "EBUSY", ""),
                        false,
                        Optional.of("the parent carries macvlan link '" + macvlan.get().name + "'"),
                        null);
            }
            if (into.isTaken(step)) {
                throw refused(step, InMemoryKernel.EEXIST, into.hasLink(step.name()));
            }
            parent.port = Optional.of(new NamespaceState.Port(step.mode(), step.flag()));
            MemoryLink child = new MemoryLink(
                    into,
                    step.index(),
                    step.name(),
                    "ipvlan",
                    parent,
                    step.mtu().orElse(parent.mtu));
            child.owned = true;
            child.up = false;
            into.add(child);
        }
    }

    private static IpvlanException refused(Step.CreateIpvlan step, KernelError error, boolean nameTaken) {
        return KernelErrors.creatingChild(step, error, nameTaken, Optional.empty(), null);
    }

    @Override
    public void configure(List<Step> steps) {
        synchronized (kernel) {
            kernel.requireOpen();
            IpvlanException first = null;
            for (Step step : steps) {
                KernelError refusal = apply(step);
                if (refusal != null && first == null) {
                    first = KernelErrors.configuring(step, refusal, null);
                }
            }
            kernel.changed();
            if (first != null) {
                throw first;
            }
        }
    }

    @Override
    public Optional<NamespaceState.Link> configure(List<Step> steps, int index) {
        configure(steps);
        return link(index);
    }

    private @Nullable KernelError apply(Step step) {
        return switch (step) {
            case Step.SetSysctl set -> {
                KernelError refusal = MemorySettings.refusal(
                        set, links.values().stream().map(link -> link.name).collect(Collectors.toSet()));
                yield refusal != null && Configuration.isMoot(set, refusal.name()) ? null : refusal;
            }
            case Step.SetUp set ->
                change(set.index(), link -> {
                    link.up = true;
                    link.addresses.forEach(address -> connect(link, address));
                });
            case Step.SetMtu set -> change(set.index(), link -> link.mtu = set.mtu());
            case Step.SetPort set ->
                change(set.index(), link -> {
                    if (link.lower != null) {
                        link.lower.port = Optional.of(new NamespaceState.Port(set.mode(), set.flag()));
                    }
                });
            case Step.SetAlias set -> change(set.index(), link -> link.alias = set.alias());
            case Step.AddAlternativeName add ->
                hasLink(add.alternative())
                        ? InMemoryKernel.EEXIST
                        : change(add.index(), link -> link.alternativeNames.add(add.alternative()));
            case Step.AddAddress add -> add(links.get(add.index()), add.address());
            case Step.AddRoute add -> add(add.route(), add.index());
            case Step.DeleteRoute delete -> {
                routes.removeIf(entry -> isSame(entry, delete.route(), delete.index()));
                yield null;
            }
            case Step.AddRule add -> {
                NamespaceState.Rule rule = new NamespaceState.Rule(add.from(), add.table());
                if (rules.contains(rule)) {
                    yield InMemoryKernel.EEXIST;
                }
                rules.add(rule);
                yield null;
            }
            case Step.DeleteRule delete -> {
                rules.remove(new NamespaceState.Rule(delete.from(), delete.table()));
                yield null;
            }
            case Step.Create _, Step.DeleteLink _ ->
                throw new IllegalArgumentException("no change of what is there: " + step);
        };
    }

    private interface Change {
        void apply(MemoryLink link);
    }

    private @Nullable KernelError change(int index, Change change) {
        MemoryLink link = links.get(index);
        if (link == null) {
            return InMemoryKernel.ENODEV;
        }
        change.apply(link);
        return null;
    }

    private @Nullable KernelError add(@Nullable MemoryLink link, IpCidr address) {
        if (link == null) {
            return new KernelError(19, "ENODEV", "ipv4: Device not found");
        }
        if (link.addresses.contains(address)) {
            return new KernelError(17, "EEXIST", "ipv4: Address already assigned");
        }
        IpAddress wanted = address.address();
        if (link.lower != null && link.kind.equals("ipvlan") && !link.lower.taken.add(wanted)) {
            return new KernelError(98, "EADDRINUSE", "Address already assigned to an ipvlan device");
        }
        link.addresses.add(address);
        if (link.up) {
            connect(link, address);
        }
        return null;
    }

    /// Makes the route to an address's neighbours, as the kernel does by itself.
    void connect(MemoryLink link, IpCidr address) {
        boolean ipv6 = address.address().family() == IpFamily.IPV6;
        NamespaceState.Entry entry = new NamespaceState.Entry(
                address.prefix(), Optional.empty(), link.index, ipv6 ? IPV6_CONNECTED : 0, MAIN_TABLE, false);
        boolean alone = !ipv6 && address.prefix().length() == IpFamily.IPV4.bits();
        if (!alone && !routes.contains(entry)) {
            routes.add(entry);
        }
    }

    private @Nullable KernelError add(Route route, int device) {
        MemoryLink link = links.get(device);
        if (device > 0 && link == null) {
            return InMemoryKernel.ENODEV;
        }
        KernelError unreachable = route.gateway().isPresent()
                ? refusal(route, route.gateway().get(), device)
                : device == 0 && route.type() == Route.Type.UNICAST ? InMemoryKernel.ENODEV : null;
        if (unreachable != null) {
            return unreachable;
        }
        if (link != null && !link.up) {
            return new KernelError(100, "ENETDOWN", "Device for nexthop is not up");
        }
        if (route.source().isPresent() && !isOwn(route.source().get())) {
            return new KernelError(
                    22,
                    "EINVAL",
                    route.family() == IpFamily.IPV6 ? "Invalid source address" : "Invalid prefsrc address");
        }
        NamespaceState.Entry entry = entry(route, device);
        boolean taken = routes.stream()
                .anyMatch(other -> other.destination().equals(entry.destination())
                        && other.metric() == entry.metric()
                        && other.table() == entry.table());
        if (taken) {
            return InMemoryKernel.EEXIST;
        }
        routes.add(entry);
        return null;
    }

    /// Why a gateway is none, if so.
    private @Nullable KernelError refusal(Route route, IpAddress gateway, int device) {
        boolean ipv6 = gateway.family() == IpFamily.IPV6;
        if (ipv6 && isOwn(gateway)) {
            return new KernelError(22, "EINVAL", "Gateway can not be a local address");
        }
        if (ipv6 && LINK_LOCAL.contains(gateway)) {
            return device > 0 ? null : new KernelError(22, "EINVAL", "Egress device not specified");
        }
        if (route.gatewayOnLink() || isOnLink(gateway, device, route.table().orElse(MAIN_TABLE))) {
            return null;
        }
        return ipv6
                ? new KernelError(113, "EHOSTUNREACH", "Nexthop has invalid gateway")
                : new KernelError(101, "ENETUNREACH", "Nexthop has invalid gateway");
    }

    private boolean isOwn(IpAddress address) {
        return links.values().stream()
                .flatMap(link -> link.addresses.stream())
                .anyMatch(one -> one.address().equals(address));
    }

    /// Whether a route without a gateway leads there.
    private boolean isOnLink(IpAddress gateway, int device, int table) {
        return routes.stream()
                .anyMatch(route -> route.gateway().isEmpty()
                        && (device == 0 ? route.device() > 0 : route.device() == device)
                        && (route.table() == table || route.table() == MAIN_TABLE)
                        && route.destination().contains(gateway));
    }

    static NamespaceState.Entry entry(Route route, int device) {
        int metric = route.metric().orElse(route.family() == IpFamily.IPV6 ? IPV6_METRIC : 0);
        return new NamespaceState.Entry(
                route.destination(),
                route.gateway(),
                device,
                metric,
                route.table().orElse(MAIN_TABLE),
                true);
    }

    private static boolean isSame(NamespaceState.Entry entry, Route route, int device) {
        return entry.equals(entry(route, device));
    }

    @Override
    public void delete(Step.DeleteLink step) {
        synchronized (kernel) {
            kernel.requireOpen();
            MemoryLink link = links.get(step.index());
            if (link != null && link.owned) {
                kernel.remove(link);
            }
        }
    }

    /// No packet flows.
    @Override
    public void send(int link, List<byte[]> frames) {}

    @Override
    public void close() {}
}
