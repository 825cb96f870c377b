package io.ipvlan.internal.kernel;

import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.AddressRequest;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.RouteRequest;
import io.ipvlan.netlink.route.RouteSocket;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A namespace held open, and, once something is done inside, a socket in it. Used by one operation on one thread.
final class NetlinkNamespace implements Kernel.Namespace {
    private final NetlinkKernel kernel;
    private final Netns netns;
    private final NetNamespace handle;
    private @Nullable RouteSocket socket;

    NetlinkNamespace(NetlinkKernel kernel, Netns netns, NetNamespace handle) {
        this.kernel = kernel;
        this.netns = netns;
        this.handle = handle;
    }

    @Override
    public NamespaceId id() {
        return new NamespaceId(handle.id().device(), handle.id().inode());
    }

    private RouteSocket socket() {
        if (socket == null) {
            try {
                socket = RouteSocket.open(handle);
            } catch (NetlinkException.Refused e) {
                throw KernelErrors.opening(netns, NetlinkKernel.error(e), e);
            }
        }
        return socket;
    }

    @Override
    public void createChild(Step.CreateIpvlan step) {
        kernel.createChild(step, handle, this);
    }

    boolean hasLink(String name) {
        try {
            return socket().link(name).isPresent();
        } catch (NetlinkException e) {
            throw NetlinkKernel.failedToLook("link '" + name + "' in '" + netns + "'", e);
        }
    }

    @Override
    public void configure(int index, List<Step> steps) {
        List<NetlinkRequest> requests =
                steps.stream().map(step -> request(index, step)).toList();
        List<Outcome> outcomes;
        try {
            outcomes = socket().exchange(requests);
        } catch (NetlinkException e) {
            throw KernelErrors.unknownOutcome("configure link", index + " in '" + netns + "'", e);
        }
        for (int i = 0; i < outcomes.size(); i++) {
            Optional<NetlinkException.Refused> refusal = outcomes.get(i).refusal();
            if (refusal.isPresent()) {
                throw KernelErrors.configuring(steps.get(i), NetlinkKernel.error(refusal.get()), refusal.get());
            }
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
            return socket().link(index)
                    .flatMap(link -> link.info())
                    .filter(info -> info instanceof LinkInfo.Ipvlan)
                    .isPresent();
        } catch (NetlinkException e) {
            throw NetlinkKernel.failedToLook("link " + index + " in '" + netns + "'", e);
        }
    }

    @Override
    public void deleteChild(Step.DeleteLink step) {
        NetlinkLinks.delete(socket(), step, LinkInfo.Ipvlan.class);
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
        handle.close();
    }
}
