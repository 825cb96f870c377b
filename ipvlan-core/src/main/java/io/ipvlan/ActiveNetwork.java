package io.ipvlan;

import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.PoolUsage;
import java.util.List;
import java.util.Map;

/// A network that exists: a handle. It holds nothing open; forgetting it changes nothing. Safe for use by
/// several threads. Once the network is deleted, every method but [#name], [#description] and [#delete]
/// throws [IllegalStateException].
public interface ActiveNetwork {
    /// The network's name.
    ///
    /// @return the name
    String name();

    /// What was asked for.
    ///
    /// @return the description
    IpvlanNetwork description();

    /// Attaches a namespace: creates a child link inside it, gives it its addresses and routes, and brings it
    /// up.
    ///
    /// The link is made inside the namespace under its final name, never in the host's and moved: no name of
    /// the host is used up, and nobody sees a half-made link. The namespace's loopback link and everything
    /// else in it stay as they are. What IPv6 does on the link is set by its sysctls, see [Ipv6Policy].
    ///
    /// Routes are added in the namespace for each family it gets an address of:
    /// - in mode L2, `default via` the gateway of the address's subnet, if it has one; on a dummy parent, or
    ///   in an internal network, also the network's other subnets, on link;
    /// - in the modes L3 and L3S, `default dev` the child link; in an internal network, or without a default
    ///   route, the network's other subnets, on link.
    ///
    /// In mode L2 on a parent other than a dummy the addresses are then announced to the segment, by a
    /// gratuitous ARP request and an unsolicited neighbour advertisement, so that machines which remember
    /// another hardware address forget it. If that fails, for want of `CAP_NET_RAW` for example, the log says
    /// so and the endpoint stays attached.
    ///
    /// Needs `CAP_NET_ADMIN` in the namespace and the parent's, and `CAP_SYS_ADMIN` to enter it. What is made
    /// stays in the kernel until it is detached, or the namespace or the parent goes. If any step fails, the
    /// steps before it are undone and the addresses given back.
    ///
    /// @param endpoint where and how
    /// @return the endpoint
    /// @throws AddressException if an address is outside every subnet or taken, or none is left; also if a
    ///     child link that is no endpoint of the network has it
    /// @throws NotFoundException if the namespace or the parent does not exist
    /// @throws ConflictException if the id, the link's name or the default route is taken, the parent serves
    ///     links of another kind or in another mode by now, or what was asked for does not fit the network or
    ///     its parent
    /// @throws PermissionException if a capability is missing
    /// @throws UnsupportedException if the kernel has no ipvlan, or IPv6 is disabled in the namespace
    /// @throws KernelException if the kernel refuses otherwise, or does not answer
    /// @throws java.io.UncheckedIOException if the store fails
    /// @throws IllegalArgumentException if the specification is longer than the store takes, for its routes
    ///     mostly: see [NetworkStore]
    /// @throws IllegalStateException if the network is deleted or the engine closed
    Endpoint attach(EndpointSpec endpoint);

    /// Attaches a namespace with everything automatic.
    ///
    /// @param netns the namespace
    /// @return the endpoint
    /// @throws IpvlanException as [#attach(EndpointSpec)]
    /// @throws IllegalStateException as [#attach(EndpointSpec)]
    default Endpoint attach(Netns netns) {
        return attach(EndpointSpec.in(netns));
    }

    /// Attaches several namespaces, or none: if one cannot be attached, those before it are detached again.
    /// Faster than one by one: up to 32 links are made with one message to the kernel, while the namespaces of
    /// the next are opened. So up to 64 are open at a time, with three descriptors each.
    ///
    /// @param endpoints where and how
    /// @return the endpoints, in the same order
    /// @throws java.util.concurrent.CancellationException if the thread is interrupted; nothing is left
    /// @throws IpvlanException as [#attach(EndpointSpec)]; what could not be detached again is suppressed in
    ///     it
    /// @throws java.io.UncheckedIOException as [#attach(EndpointSpec)]
    /// @throws IllegalArgumentException as [#attach(EndpointSpec)]
    /// @throws IllegalStateException as [#attach(EndpointSpec)]
    List<Endpoint> attachAll(List<EndpointSpec> endpoints);

    /// Detaches all endpoints, several at a time: deleting a link makes the kernel wait, and the waits
    /// overlap. One that cannot be detached does not keep the others.
    ///
    /// @throws IpvlanException as [Endpoint#detach]; further failures are suppressed in the first
    /// @throws java.io.UncheckedIOException if the store fails
    /// @throws IllegalStateException if the network is deleted or the engine closed
    void detachAll();

    /// What [#attach(EndpointSpec)] would do now. Changes nothing, holds nothing back, and does not look
    /// whether the namespace exists.
    ///
    /// @param endpoint where and how
    /// @return the plan
    /// @throws AddressException if an address is outside every subnet or taken, or none is left
    /// @throws ConflictException if the id is taken
    /// @throws IllegalStateException if the network is deleted or the engine closed
    Plan plan(EndpointSpec endpoint);

    /// The endpoints.
    ///
    /// @return a snapshot, in the order of their ids
    List<Endpoint> endpoints();

    /// What the network is.
    ///
    /// @return a snapshot, from memory
    NetworkInfo inspect();

    /// How the addresses of each subnet are used.
    ///
    /// @return a snapshot, from memory, by subnet
    /// @throws IllegalStateException if the network is deleted or the engine closed
    default Map<IpPrefix, PoolUsage> usage() {
        return inspect().usage();
    }

    /// A line for `/etc/hosts` for each address of each endpoint: the address, a blank, the endpoint's id.
    /// Whoever writes the file reads them again after attaching and detaching.
    ///
    /// @return the lines, in the order of the ids
    /// @throws IllegalStateException if the network is deleted or the engine closed
    default List<String> hosts() {
        return endpoints().stream()
                .map(Endpoint::info)
                .flatMap(endpoint ->
                        endpoint.addresses().stream().map(address -> address.address() + " " + endpoint.id()))
                .toList();
    }

    /// What the kernel holds of the network. Opens every endpoint's namespace. Changes nothing.
    ///
    /// @return a snapshot
    /// @throws PermissionException if a capability is missing
    /// @throws KernelException if the kernel does not answer
    /// @throws IllegalStateException if the network is deleted or the engine closed
    ObservedNetwork observe();

    /// What differs between the network as it should be and what the kernel has: the parent gone, down or
    /// renamed; a link gone, down, renamed or with another MTU; mode and flag changed by another program;
    /// addresses, routes or rules gone; host access. Sysctls are not looked at, and neither is what others
    /// added. Changes nothing.
    ///
    /// Opens every endpoint's namespace, one after the other: about 0.2 ms for each.
    ///
    /// @return the differences; empty if everything is as it should be
    /// @throws PermissionException if a capability is missing
    /// @throws KernelException if the kernel does not answer
    /// @throws IllegalStateException if the network is deleted or the engine closed
    List<Drift> verify();

    /// Mends what [#verify] finds, as far as it can be: makes what is gone again, a parent of the library's
    /// own too, and sets back what was changed. **Mode and flag are set back for every child of the parent**,
    /// those of other programs included. An endpoint whose namespace is gone, and a parent of the host's that
    /// is gone, stay as they are.
    ///
    /// @return what still differs; the log says why
    /// @throws PermissionException if a capability is missing
    /// @throws KernelException if the kernel does not answer
    /// @throws IllegalStateException if the network is deleted or the engine closed
    List<Drift> repair();

    /// The routes that other hosts, or the routers between, need to reach the endpoints of a network in a
    /// routed mode: its subnets, as few prefixes as possible, by the parent's own address of the family. On
    /// another host [Ipvlan#installHostRoutes] takes them. None in mode L2, where endpoints answer on the
    /// segment; none for an internal network, whose endpoints have no way back; none for a family the parent
    /// has no address of.
    ///
    /// Looks at the parent's addresses; changes nothing.
    ///
    /// @return the routes, IPv4 first
    /// @throws NotFoundException if the namespace of the parent is gone
    /// @throws KernelException if the kernel does not answer
    /// @throws IllegalStateException if the network is deleted or the engine closed
    List<Route> remoteRoutes();

    /// Removes the network, and its parent if that was made for it. A parent of the host stays as it is.
    /// Deleting twice is success. Endpoints whose namespace or link is gone are forgotten; while others are
    /// attached it is refused, because deleting a parent would take their links away without a word.
    ///
    /// @throws ConflictException if endpoints are attached, named in the reason, or on their way; or if
    ///     another call is deleting the network
    /// @throws java.io.UncheckedIOException if the store fails; the network can then be deleted again
    /// @throws PermissionException if `CAP_NET_ADMIN` is missing
    /// @throws KernelException if the kernel refuses otherwise
    /// @throws IllegalStateException if the engine is closed
    void delete();
}
