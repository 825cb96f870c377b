package io.ipvlan.netlink.route;

/// What a namespace is made of as far as rtnetlink tells: what a [RouteWatch] tells about.
public sealed interface RouteObject
        permits LinkMessage, AddressMessage, RouteMessage, RuleMessage, NeighbourMessage, NamespaceIdMessage {
    /// What it is told apart by: equal for one object before and after it changes, different for two. A key
    /// for maps within one namespace: links go by their index, addresses and neighbours by link and
    /// address, routes and rules by nearly all they say. Only rules may be equal nevertheless, as a kernel
    /// takes one twice that is not asked to refuse it; they count as one.
    ///
    /// @return the key, of a type that means nothing
    Object identity();
}
