package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.netns.NetNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A socket to the kernel's links, addresses, routes, rules and neighbours, in one network namespace.
///
/// Reading needs no privilege, changing needs `CAP_NET_ADMIN` in the user namespace that owns the network
/// namespace. May be shared by threads; see [NetlinkSocket]. Holds one file descriptor until closed, or one for
/// each of the others it has ([#withOthers]); closing changes nothing in the kernel.
///
/// Every method throws [NetlinkException.TimedOut] if the kernel's answer is missing,
/// [NetlinkException.Closed] if another thread closes the socket meanwhile, [NetlinkException.Malformed] if
/// the answer makes no sense, and [IllegalStateException] after [#close].
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

    /// Speaks rtnetlink over a socket that is open already, such as one of
    /// [ScriptedSocket][io.ipvlan.netlink.ScriptedSocket].
    ///
    /// @param socket a socket of family `NETLINK_ROUTE`; closed with the answer
    /// @return the socket
    public static RouteSocket over(NetlinkSocket socket) {
        return new RouteSocket(socket);
    }

    /// The same socket with another deadline: see [NetlinkSocket#within].
    ///
    /// @param timeout how long a call may take, positive; ten seconds unless said
    /// @return the view; closing either closes both
    /// @throws IllegalArgumentException if it is not positive
    public RouteSocket within(Duration timeout) {
        return new RouteSocket(socket.within(timeout));
    }

    /// The same socket with others beside it, for threads that shall not wait for one another: see
    /// [NetlinkSocket#withOthers].
    ///
    /// @param most how many calls there are at a time, 1 or more
    /// @param opener opens a socket in the same namespace
    /// @return the view; closing it closes all
    /// @throws IllegalArgumentException if there were to be no calls
    /// @throws IllegalStateException if this has others already
    public RouteSocket withOthers(int most, NetlinkSocket.Opener opener) {
        return new RouteSocket(socket.withOthers(most, opener));
    }

    /// Lists the links.
    ///
    /// @return the links, without statistics
    /// @throws NetlinkException as the class says
    public List<LinkMessage> links() throws NetlinkException {
        return links(LinkQuery.all());
    }

    /// Lists some of the links.
    ///
    /// @param query which
    /// @return the links
    /// @throws NetlinkException as the class says
    public List<LinkMessage> links(LinkQuery query) throws NetlinkException {
        return socket.dump(query, query::decode);
    }

    /// Hands some of the links over one by one, in memory that does not grow with their number: see
    /// [NetlinkSocket#scan].
    ///
    /// @param query which
    /// @param taker takes a link; may not use this socket
    /// @throws NetlinkException.DumpInterrupted if links came or went meanwhile: some may be missing, or come
    ///     twice
    /// @throws NetlinkException as the class says
    public void links(LinkQuery query, Consumer<LinkMessage> taker) throws NetlinkException {
        socket.scan(query, message -> handOver(query.decode(message), taker));
    }

    private static <T> void handOver(@Nullable T item, Consumer<T> taker) {
        if (item != null) {
            taker.accept(item);
        }
    }

    /// Finds a link by its name.
    ///
    /// @param name the name; since Linux 5.5 an alternative name of at most 15 bytes will do
    /// @return the link; empty if there is none
    /// @throws NetlinkException as the class says
    public Optional<LinkMessage> link(String name) throws NetlinkException {
        return link(LinkLookup.byName(name));
    }

    /// Finds a link by its index.
    ///
    /// @param index the index
    /// @return the link; empty if there is none
    /// @throws NetlinkException as the class says
    public Optional<LinkMessage> link(int index) throws NetlinkException {
        return link(LinkLookup.byIndex(index));
    }

    /// Finds a link.
    ///
    /// @param lookup which one
    /// @return the link; empty if there is none
    /// @throws NetlinkException as the class says
    public Optional<LinkMessage> link(LinkLookup lookup) throws NetlinkException {
        return find(lookup, lookup::decode, Errno.ENODEV);
    }

    private <T> Optional<T> find(NetlinkRequest query, NetlinkSocket.Decoder<T> decoder, Errno absent)
            throws NetlinkException {
        try {
            return socket.get(query, decoder);
        } catch (NetlinkException.Refused e) {
            if (e.errno().equals(absent)) {
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
        return addresses(AddressQuery.all());
    }

    /// Lists some of the addresses.
    ///
    /// @param query which
    /// @return the addresses
    /// @throws NetlinkException as the class says
    public List<AddressMessage> addresses(AddressQuery query) throws NetlinkException {
        return socket.dump(query, AddressMessage::decode);
    }

    /// Lists the routes of all tables, both families, without cached ones.
    ///
    /// @return the routes
    /// @throws NetlinkException as the class says
    public List<RouteMessage> routes() throws NetlinkException {
        return routes(RouteQuery.all());
    }

    /// Lists some of the routes, without cached ones.
    ///
    /// @param query which
    /// @return the routes; none of a table that does not exist
    /// @throws NetlinkException as the class says
    public List<RouteMessage> routes(RouteQuery query) throws NetlinkException {
        try {
            return socket.dump(query, new RouteRows()::decode);
        } catch (NetlinkException.Refused e) {
            if (e.errno().equals(Errno.ENOENT)) { // "FIB table does not exist": it is made by its first route
                return List.of();
            }
            throw e;
        }
    }

    /// Hands some of the routes over one by one, in memory that does not grow with their number: see
    /// [NetlinkSocket#scan].
    ///
    /// @param query which; of a table that exists
    /// @param taker takes a route; may not use this socket
    /// @throws NetlinkException.DumpInterrupted if routes came or went meanwhile: some may be missing, or
    ///     come twice
    /// @throws NetlinkException as the class says
    public void routes(RouteQuery query, Consumer<RouteMessage> taker) throws NetlinkException {
        RouteRows rows = new RouteRows();
        socket.scan(query, message -> handOver(rows.decode(message), taker));
    }

    /// Finds out which way a packet would take, as `ip route get` does.
    ///
    /// @param lookup which packet
    /// @return the way
    /// @throws NetlinkException.Refused if there is no way, see [RouteLookup#to]
    /// @throws NetlinkException as the class says
    public RouteMessage route(RouteLookup lookup) throws NetlinkException {
        return socket.get(lookup, RouteMessage::decodeAnswer)
                .orElseThrow(() -> new NetlinkException.Malformed(lookup + ": the kernel's answer is no route"));
    }

    /// Lists the rules of both families.
    ///
    /// @return the rules, those of a family in their order
    /// @throws NetlinkException as the class says
    public List<RuleMessage> rules() throws NetlinkException {
        return socket.dump(new RuleQuery(null), RuleMessage::decode);
    }

    /// Lists the rules of one family.
    ///
    /// @param family the family
    /// @return the rules in their order
    /// @throws NetlinkException as the class says
    public List<RuleMessage> rules(IpFamily family) throws NetlinkException {
        return socket.dump(new RuleQuery(family), RuleMessage::decode);
    }

    /// Lists the neighbours of all links, both families, without proxy entries.
    ///
    /// @return the neighbours
    /// @throws NetlinkException as the class says
    public List<NeighbourMessage> neighbours() throws NetlinkException {
        return neighbours(NeighbourQuery.all());
    }

    /// Lists some of the neighbours, or the proxy entries.
    ///
    /// @param query which
    /// @return the neighbours
    /// @throws NetlinkException as the class says
    public List<NeighbourMessage> neighbours(NeighbourQuery query) throws NetlinkException {
        return socket.dump(query, NeighbourMessage::decode);
    }

    /// Finds a neighbour. Needs Linux 5.0.
    ///
    /// @param index the link
    /// @param address the neighbour's address
    /// @return the neighbour; empty if it is not known
    /// @throws NetlinkException as the class says
    public Optional<NeighbourMessage> neighbour(int index, IpAddress address) throws NetlinkException {
        return find(NeighbourQuery.one(index, address), NeighbourMessage::decode, Errno.ENOENT);
    }

    /// The number by which the socket's namespace knows another.
    ///
    /// @param namespace the other namespace
    /// @return the number; empty if it has none
    /// @throws NetlinkException as the class says
    /// @throws IllegalStateException if the handle is closed
    public OptionalInt namespaceId(NetNamespace namespace) throws NetlinkException {
        return number(NamespaceIdRequest.lookUp(namespace));
    }

    /// The number by which the socket's namespace knows that of a process.
    ///
    /// @param pid the process
    /// @return the number; empty if it has none
    /// @throws NetlinkException.Refused if there is no such process (`ESRCH`)
    /// @throws NetlinkException as the class says
    public OptionalInt namespaceId(int pid) throws NetlinkException {
        return number(NamespaceIdRequest.lookUpProcess(pid));
    }

    private OptionalInt number(NamespaceIdRequest request) throws NetlinkException {
        return socket.get(request, NamespaceIdRequest::decode)
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    /// Lists the numbers by which the socket's namespace knows others.
    ///
    /// @return the numbers, in no particular order
    /// @throws NetlinkException as the class says
    public List<Integer> namespaceIds() throws NetlinkException {
        return socket.dump(NamespaceIdRequest.list(), NamespaceIdRequest::decode);
    }

    /// Sends one request and waits until it is carried out.
    ///
    /// @param request what to do
    /// @throws NetlinkException.Refused if the kernel says no; see there on what may have changed
    /// @throws NetlinkException as the class says
    public void send(NetlinkRequest request) throws NetlinkException {
        socket.send(List.of(request));
    }

    /// Sends requests together and insists on all of them.
    ///
    /// @param requests what to do, in this order
    /// @throws NetlinkException.Refused the first refusal, the others suppressed in it. **The requests behind
    ///     a refused one have been carried out all the same**
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

    /// Sends requests together, and looks at a link when they have been carried out, in the same exchange.
    ///
    /// @param requests what to do, in this order
    /// @param lookup which link
    /// @param taker takes the link, if there is one
    /// @return what became of each request, and at the end of the question, which is refused with `ENODEV` if
    ///     there is no such link
    /// @throws NetlinkException as the class says
    public List<Outcome> exchange(
            List<? extends NetlinkRequest> requests, LinkLookup lookup, Consumer<LinkMessage> taker)
            throws NetlinkException {
        List<NetlinkRequest> all = new ArrayList<>(requests);
        all.add(lookup);
        return socket.exchange(all, message -> handOver(lookup.decode(message), taker));
    }

    /// The socket underneath, for questions this class has no method for, and for [NetlinkSocket#ask].
    ///
    /// @return the socket; closing either closes both
    public NetlinkSocket netlink() {
        return socket;
    }

    @Override
    public void close() {
        socket.close();
    }
}
