package io.ipvlan.internal.kernel;

import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.AddressRequest;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.RouteRequest;
import io.ipvlan.netlink.route.RouteSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A namespace with a socket in it. Used by one operation on one thread.
final class NetlinkNamespace implements Kernel.Namespace {
    private static final int TRIES = 6;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final NetlinkKernel kernel;
    private final Netns netns;
    private final NetNamespace handle;
    private final RouteSocket socket;

    private NetlinkNamespace(NetlinkKernel kernel, Netns netns, NetNamespace handle, RouteSocket socket) {
        this.kernel = kernel;
        this.netns = netns;
        this.handle = handle;
        this.socket = socket;
    }

    /// Opens the socket at once: a namespace that cannot be entered must be known before anything is made in
    /// it.
    ///
    /// @param handle closed with the namespace, and also if this call fails
    static NetlinkNamespace enter(NetlinkKernel kernel, Netns netns, NetNamespace handle) {
        try {
            return new NetlinkNamespace(kernel, netns, handle, RouteSocket.open(handle));
        } catch (NetlinkException.Refused e) {
            handle.close();
            throw KernelErrors.opening(netns, NetlinkKernel.error(e), e);
        }
    }

    static NamespaceId id(NetNamespace handle) {
        return new NamespaceId(handle.id().device(), handle.id().inode());
    }

    @Override
    public NamespaceId id() {
        return id(handle);
    }

    @Override
    public void createChild(Step.CreateIpvlan step) {
        kernel.createChild(step, handle, this);
    }

    /// Whether there is a link of that name, as far as it can be told: asked to explain a refusal, which must
    /// not be lost over it.
    boolean hasLink(String name) {
        try {
            return socket.link(name).isPresent();
        } catch (NetlinkException e) {
            return false;
        }
    }

    @Override
    public void configure(int index, List<Step> steps) {
        List<Step> left = steps;
        for (int tries = TRIES; !left.isEmpty(); tries--) {
            List<Outcome> outcomes = exchange(index, left);
            List<Step> refused = new ArrayList<>();
            NetlinkException.Refused first = null;
            boolean inUse = false;
            for (int i = 0; i < outcomes.size(); i++) {
                NetlinkException.Refused refusal = outcomes.get(i).refusal().orElse(null);
                if (refusal != null) {
                    refused.add(left.get(i));
                    first = first == null ? refusal : first;
                    inUse |= refusal.errno().equals(Errno.EADDRINUSE);
                }
            }
            if (first != null && (!inUse || tries == 1 || !pause())) {
                throw KernelErrors.configuring(refused.getFirst(), NetlinkKernel.error(first), first);
            }
            left = refused;
        }
    }

    /// What became of each; a step of which that is unknown fails them all.
    private List<Outcome> exchange(int index, List<Step> steps) {
        try {
            List<Outcome> outcomes = socket.exchange(
                    steps.stream().map(step -> request(index, step)).toList());
            for (Outcome outcome : outcomes) {
                NetlinkException failure = outcome.failure().orElse(null);
                if (failure != null && outcome.refusal().isEmpty()) {
                    throw failure;
                }
            }
            return outcomes;
        } catch (NetlinkException e) {
            throw KernelErrors.unknownOutcome("configure link", index + " in '" + netns + "'", e);
        }
    }

    /// @return false if the thread was interrupted meanwhile
    private static boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static NetlinkRequest request(int index, Step step) {
        return switch (step) {
            case Step.AddAddress add -> AddressRequest.add(index, add.address());
            case Step.AddRoute add -> {
                RouteRequest request = RouteRequest.add(add.route().destination(), index);
                yield add.route().gateway().map(request::via).orElse(request);
            }
            default -> throw new IllegalArgumentException("not a step inside a namespace: " + step);
        };
    }

    @Override
    public boolean hasChild(int index) {
        try {
            return socket.link(index)
                    .flatMap(link -> link.info())
                    .filter(info -> info instanceof LinkInfo.Ipvlan)
                    .isPresent();
        } catch (NetlinkException e) {
            throw NetlinkKernel.failedToLook("link " + index + " in '" + netns + "'", e);
        }
    }

    @Override
    public void deleteChild(Step.DeleteLink step) {
        NetlinkLinks.delete(socket, step, LinkInfo.Ipvlan.class);
    }

    @Override
    public void close() {
        socket.close();
        handle.close();
    }
}
