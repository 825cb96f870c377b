/// Network namespaces: handles to them, names for them, and work inside them. Source: network_namespaces(7),
/// setns(2), ip-netns(8).
package io.ipvlan.netlink.netns;
