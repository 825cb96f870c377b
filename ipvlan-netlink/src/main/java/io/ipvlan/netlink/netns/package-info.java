/// Handles to network namespaces. Source: network_namespaces(7), setns(2), ip-netns(8).
package io.ipvlan.netlink.netns;
