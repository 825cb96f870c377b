package io.ipvlan.internal.kernel;

import io.ipvlan.IpvlanException;
import io.ipvlan.KernelError;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.PermissionException;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.netns.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The kernel itself, over netlink.
public final class NetlinkKernel implements Kernel {
    private static final Logger LOG = LoggerFactory.getLogger(NetlinkKernel.class);

    /// Source: random(4).
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /// The group of most settings of an endpoint.
    private static final String LINK_SETTINGS = "net.ipv6.conf";

    private final NetlinkNamespace home;
    private final Duration timeout;

    private NetlinkKernel(NetlinkNamespace home, Duration timeout) {
        this.home = home;
        this.timeout = timeout;
    }

    /// Opens a socket in the calling thread's namespace, which becomes the engine's own.
    public static NetlinkKernel open() {
        return open(NetlinkSocket.DEFAULT_TIMEOUT);
    }

    /// Opens a socket in the calling thread's namespace, which becomes the engine's own.
    ///
    /// @param timeout how long an exchange may take
    public static NetlinkKernel open(Duration timeout) {
        try {
            return new NetlinkKernel(NetlinkNamespace.home(timeout), timeout);
        } catch (IllegalCallerException e) {
            throw KernelErrors.noNativeAccess(e);
        } catch (NetlinkException e) {
            throw NetlinkNamespace.failedToLook("the host's network namespace", e);
        }
    }

    static KernelError error(NetlinkException.Refused refusal) {
        return new KernelError(
                refusal.errno().number(),
                refusal.errno().name(),
                refusal.extendedAck().message().orElse(""));
    }

    @Override
    public Namespace open(Optional<Netns> netns) {
        return netns.<Namespace>map(this::begin).orElse(home);
    }

    private NetlinkNamespace begin(Netns netns) {
        try {
            NetNamespace handle = handle(netns);
            handle.holdSettings(LINK_SETTINGS);
            return NetlinkNamespace.begin(netns, handle, timeout);
        } catch (NetlinkException.Refused e) {
            throw KernelErrors.opening(netns, error(e), e);
        }
    }

    private static NetNamespace handle(Netns netns) throws NetlinkException.Refused {
        return switch (netns) {
            case Netns.OfPid(long pid) -> NetNamespace.ofPid(pid);
            case Netns.OfName(String name) -> NetNamespace.ofName(name);
            case Netns.OfPath(var path) -> NetNamespace.ofPath(path);
            case Netns.OfDescriptor(int descriptor) -> NetNamespace.ofDescriptor(descriptor);
        };
    }

    @Override
    public Optional<Namespace> find(Netns netns, NamespaceId id) {
        return find(netns, id, NamespaceSearch::find);
    }

    @Override
    public Finder sweep() {
        NamespaceSweep sweep = new NamespaceSweep();
        return (netns, id) -> find(netns, id, sweep::find);
    }

    /// How to look for a namespace that is not where its reference leads.
    private interface Search {
        Optional<NetNamespace> find(NetNamespace.Id id) throws IOException;
    }

    /// The cookie is compared last: only a socket inside tells it.
    private Optional<Namespace> find(Netns netns, NamespaceId id, Search search) {
        Optional<NetNamespace> located = locate(netns, id, search);
        if (located.isEmpty()) {
            return Optional.empty();
        }
        NetlinkNamespace found = NetlinkNamespace.enter(netns, located.get(), timeout);
        if (found.id().matches(id)) {
            return Optional.of(found);
        }
        LOG.debug("'{}' is another namespace by now", netns);
        found.close();
        return Optional.empty();
    }

    /// Finds the namespace that has the inode now. It is entered only if it has: it may be anybody's.
    private static Optional<NetNamespace> locate(Netns netns, NamespaceId id, Search search) {
        NetNamespace.Id wanted = new NetNamespace.Id(id.device(), id.inode());
        try {
            NetNamespace direct = handle(netns);
            if (direct.id().equals(wanted)) {
                return Optional.of(direct);
            }
            direct.close();
        } catch (NetlinkException.Refused e) {
            IpvlanException refusal = KernelErrors.opening(netns, error(e), e);
            if (!(refusal instanceof NotFoundException)) {
                throw refusal;
            }
            LOG.debug("'{}' leads nowhere any more", netns);
        }
        try {
            return search.find(wanted);
        } catch (AccessDeniedException e) {
            throw new PermissionException("look for network namespace", "'" + netns + "'", "CAP_SYS_PTRACE", null, e);
        } catch (IOException e) {
            throw KernelErrors.unknownOutcome("look for network namespace", "'" + netns + "'", e);
        }
    }

    @Override
    public List<Marked> marked() {
        return new MarkedLinks(home).find();
    }

    @Override
    public Changes changes() {
        try {
            return new NetlinkChanges(home);
        } catch (NetlinkException e) {
            throw NetlinkNamespace.failedToLook("changes in the kernel", e);
        }
    }

    @Override
    public String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read which run of the machine this is", e);
        }
    }

    @Override
    public List<Foreign> childrenElsewhere(Namespace parents, int parent) {
        return new ForeignChildren(parents, parent).find();
    }

    @Override
    public void close() {
        home.shut();
    }
}
