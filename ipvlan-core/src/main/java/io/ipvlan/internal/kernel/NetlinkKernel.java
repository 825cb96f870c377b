package io.ipvlan.internal.kernel;

import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.KernelError;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.HostState;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteMessage;
import io.ipvlan.netlink.route.RouteSocket;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The kernel itself, over netlink. With [NetlinkNamespace] the only classes that see a [NetlinkException].
public final class NetlinkKernel implements Kernel {
    private static final Logger LOG = LoggerFactory.getLogger(NetlinkKernel.class);

    private final RouteSocket host;
    private final NamespaceId hostId;

    private NetlinkKernel(RouteSocket host, NamespaceId hostId) {
        this.host = host;
        this.hostId = hostId;
    }

    /// Opens a socket in the calling thread's namespace, which becomes the host's.
    public static NetlinkKernel open() {
        try (NetNamespace current = NetNamespace.current()) {
            return new NetlinkKernel(RouteSocket.open(), NetlinkNamespace.id(current));
        } catch (IllegalCallerException e) {
            throw KernelErrors.noNativeAccess(e);
        } catch (NetlinkException.Refused e) {
            throw KernelErrors.observing("the host's network namespace", error(e), e);
        }
    }

    static KernelError error(NetlinkException.Refused refusal) {
        return new KernelError(
                refusal.errno().number(),
                refusal.errno().name(),
                refusal.extendedAck().message().orElse(""));
    }

    @Override
    public HostState observe() {
        try {
            return new HostState(
                    host.links().stream().map(NetlinkKernel::link).toList(),
                    host.addresses().stream()
                            .map(address -> new HostState.Address(address.index(), address.address()))
                            .toList(),
                    host.routes().stream()
                            .map(RouteMessage::destination)
                            .filter(destination -> destination.length() > 0)
                            .toList());
        } catch (NetlinkException e) {
            throw failedToLook("the host's network namespace", e);
        }
    }

    private static HostState.Link link(LinkMessage message) {
        return new HostState.Link(
                message.index(),
                message.name(),
                message.isLoopback(),
                message.info().map(LinkInfo::kind).orElse(""),
                message.linkNamespace().isPresent() ? OptionalInt.empty() : message.link(),
                message.info().flatMap(NetlinkKernel::port));
    }

    /// The port behind a child link; empty for other kinds, and for modes and flags of a newer kernel.
    private static Optional<HostState.Port> port(LinkInfo info) {
        return info instanceof LinkInfo.Ipvlan(int mode, int flags)
                ? Stream.of(IpvlanMode.values())
                        .filter(known -> number(known) == mode)
                        .flatMap(known -> Stream.of(IpvlanFlag.values())
                                .filter(flag -> number(flag) == flags)
                                .map(flag -> new HostState.Port(known, flag)))
                        .findFirst()
                : Optional.empty();
    }

    private static int number(IpvlanMode mode) {
        return switch (mode) {
            case L2 -> LinkInfo.Ipvlan.L2;
            case L3 -> LinkInfo.Ipvlan.L3;
            case L3S -> LinkInfo.Ipvlan.L3S;
        };
    }

    private static int number(IpvlanFlag flag) {
        return switch (flag) {
            case BRIDGE -> LinkInfo.Ipvlan.BRIDGE;
            case PRIVATE -> LinkInfo.Ipvlan.PRIVATE;
            case VEPA -> LinkInfo.Ipvlan.VEPA;
        };
    }

    @Override
    public OptionalInt indexOf(String link) {
        try {
            return host.link(link).stream().mapToInt(LinkMessage::index).findFirst();
        } catch (NetlinkException e) {
            throw failedToLook("link '" + link + "'", e);
        }
    }

    @Override
    public NamespaceId host() {
        return hostId;
    }

    @Override
    public List<HostState.Link> childrenOnHost(int parentIndex) {
        try {
            return host.links().stream()
                    .map(NetlinkKernel::link)
                    .filter(link -> link.lower().equals(OptionalInt.of(parentIndex)) && link.isChild())
                    .toList();
        } catch (NetlinkException e) {
            throw failedToLook("the links of the host", e);
        }
    }

    @Override
    public void createDummy(Step.CreateDummy step) {
        try {
            host.send(LinkRequest.create(step.name(), new LinkInfo.Dummy()).up());
        } catch (NetlinkException.Refused e) {
            throw KernelErrors.creatingDummy(step, error(e), e);
        } catch (NetlinkException e) {
            throw KernelErrors.unknownOutcome("create dummy link", "'" + step.name() + "'", e);
        }
    }

    @Override
    public void deleteDummy(Step.DeleteLink step) {
        NetlinkLinks.delete(host, step, LinkInfo.Dummy.class);
    }

    @Override
    public Namespace open(Netns netns) {
        try {
            NetNamespace opened = switch (netns) {
                case Netns.OfPid(long pid) -> NetNamespace.ofPid(pid);
                case Netns.OfName(String name) -> NetNamespace.ofName(name);
                case Netns.OfPath(var path) -> NetNamespace.ofPath(path);
            };
            return NetlinkNamespace.enter(this, netns, opened);
        } catch (NetlinkException.Refused e) {
            throw KernelErrors.opening(netns, error(e), e);
        }
    }

    @Override
    public Optional<Namespace> find(Netns netns, NamespaceId id) {
        try {
            Namespace direct = open(netns);
            if (direct.id().equals(id)) {
                return Optional.of(direct);
            }
            direct.close();
        } catch (NotFoundException e) {
            LOG.debug("'{}' leads nowhere any more", netns);
        }
        return NamespaceSearch.find(new NetNamespace.Id(id.device(), id.inode()))
                .map(found -> NetlinkNamespace.enter(this, netns, found));
    }

    @Override
    public void close() {
        host.close();
    }

    /// Sent from the host's socket, because that is where the parent's index counts.
    void createChild(Step.CreateIpvlan step, NetNamespace target, NetlinkNamespace namespace) {
        LinkRequest request = LinkRequest.create(
                        step.name(), new LinkInfo.Ipvlan(number(step.mode()), number(step.flag())))
                .linkedTo(step.parentIndex())
                .withIndex(step.index())
                .in(target)
                .up();
        try {
            host.send(step.mtu().isPresent() ? request.mtu(step.mtu().getAsInt()) : request);
        } catch (NetlinkException.Refused e) {
            throw explain(step, e, namespace);
        } catch (NetlinkException e) {
            throw KernelErrors.unknownOutcome("create child link", "'" + step.name() + "'", e);
        }
    }

    /// The kernel gives a number only; what is there tells the rest.
    private IpvlanException explain(
            Step.CreateIpvlan step, NetlinkException.Refused refusal, NetlinkNamespace namespace) {
        KernelError error = error(refusal);
        boolean nameTaken = error.name().equals("EEXIST") && namespace.hasLink(step.name());
        Optional<String> holder = error.name().equals("EBUSY") ? holder(step.parentIndex()) : Optional.empty();
        return KernelErrors.creatingChild(step, error, nameTaken, holder, refusal);
    }

    private Optional<String> holder(int parent) {
        try {
            List<LinkMessage> links = host.links();
            Optional<String> child = links.stream()
                    .filter(link -> link.linkNamespace().isEmpty()
                            && link.link().equals(OptionalInt.of(parent))
                            && link.info().stream().anyMatch(info -> info.kind().startsWith("macv")))
                    .map(link ->
                            "the parent carries " + link.info().orElseThrow().kind() + " link '" + link.name() + "'")
                    .findFirst();
            return child.or(() -> links.stream()
                    .filter(link -> link.index() == parent)
                    .flatMapToInt(link -> link.master().stream())
                    .boxed()
                    .flatMap(master -> links.stream().filter(link -> link.index() == master))
                    .map(master -> "the parent belongs to link '" + master.name() + "'")
                    .findFirst());
        } catch (NetlinkException e) {
            return Optional.empty(); // the refusal is what matters; this would only have been its explanation
        }
    }

    static IpvlanException failedToLook(String object, NetlinkException e) {
        return e instanceof NetlinkException.Refused refused
                ? KernelErrors.observing(object, error(refused), e)
                : KernelErrors.unknownOutcome("look at", object, e);
    }
}
