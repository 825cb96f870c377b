package io.ipvlan.netlink.route;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.List;
import java.util.Optional;

/// A socket to the kernel's links, addresses and routes, in one network namespace.
///
/// Reading needs no privilege, changing needs `CAP_NET_ADMIN` in the user namespace that owns the network
/// namespace. May be shared by threads; see [NetlinkSocket]. Holds one file descriptor until closed; closing
/// changes nothing in the kernel.
///
/// Every method throws [NetlinkException.TimedOut] if the kernel's answer is missing, [NetlinkException.Malformed]
/// if it makes no sense, and [IllegalStateException] after [#close].
public final class RouteSocket implements AutoCloseable {
    private final NetlinkSocket socket;

    private RouteSocket(NetlinkSocket socket) {
        this.socket = socket;
    }

    /// Opens a socket in the network namespace of the calling thread.
    ///
    /// @return the socket
    /// @throws NetlinkException.Refused as [NetlinkSocket#open(int)]
    /// @throws IllegalCallerException if the JVM refuses native access
    public static RouteSocket open() throws NetlinkException.Refused {
        return new RouteSocket(NetlinkSocket.open(Uapi.NETLINK_ROUTE));
    }

    /// Opens a socket inside a network namespace, without moving the calling thread.
    ///
    /// @param namespace where; may be closed afterwards
    /// @return the socket
    /// @throws NetlinkException.Refused as [NetNamespace#openSocket]
    /// @throws IllegalStateException if the handle is closed
    public static RouteSocket open(NetNamespace namespace) throws NetlinkException.Refused {
        return new RouteSocket(namespace.openSocket(Uapi.NETLINK_ROUTE));
    }

    /// Lists the links.
    ///
    /// @return the links, without statistics
    /// @throws NetlinkException as the class says
    public List<LinkMessage> links() throws NetlinkException {
        return socket.dump(RouteQuery.LINKS, LinkMessage::decode);
    }

    /// Finds a link by its name.
    ///
    /// @param name the name
    /// @return the link; empty if there is none
    /// @throws NetlinkException as the class says
    public Optional<LinkMessage> link(String name) throws NetlinkException {
        return find(RouteQuery.link(name));
    }

    /// Finds a link by its index.
    ///
    /// @param index the index
    /// @return the link; empty if there is none
    /// @throws NetlinkException as the class says
    public Optional<LinkMessage> link(int index) throws NetlinkException {
        return find(RouteQuery.link(index));
    }

    private Optional<LinkMessage> find(RouteQuery query) throws NetlinkException {
        try {
            return socket.get(query, LinkMessage::decode);
        } catch (NetlinkException.Refused e) {
            if (e.errno().equals(Errno.ENODEV)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Lists the addresses of all links, both families.
    ///
    /// @return the addresses
    /// @throws NetlinkException as the class says
    public List<AddressMessage> addresses() throws NetlinkException {
        return socket.dump(RouteQuery.ADDRESSES, AddressMessage::decode);
    }

    /// Lists the routes of all tables, both families, without cached ones.
    ///
    /// @return the routes
    /// @throws NetlinkException as the class says
    public List<RouteMessage> routes() throws NetlinkException {
        return socket.dump(RouteQuery.ROUTES, RouteMessage::decode);
    }

    /// Sends one request and waits until it is carried out.
    ///
    /// @param request what to do
    /// @throws NetlinkException.Refused if the kernel says no; nothing has changed then
    /// @throws NetlinkException as the class says
    public void send(NetlinkRequest request) throws NetlinkException {
        socket.send(List.of(request));
    }

    /// Sends requests together and insists on all of them.
    ///
    /// @param requests what to do, in this order
    /// @throws NetlinkException.Refused the first refusal, the others suppressed in it. **The requests behind a
    ///     refused one have been carried out all the same**
    /// @throws NetlinkException as the class says
    public void send(List<? extends NetlinkRequest> requests) throws NetlinkException {
        socket.send(requests);
    }

    /// Sends requests together.
    ///
    /// @param requests what to do, in this order
    /// @return what became of each
    /// @throws NetlinkException as the class says
    public List<Outcome> exchange(List<? extends NetlinkRequest> requests) throws NetlinkException {
        return socket.exchange(requests);
    }

    @Override
    public void close() {
        socket.close();
    }
}
