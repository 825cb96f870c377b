package io.ipvlan;

/// How the children of a parent exchange packets. **The mode belongs to the parent**: all children of one
/// parent share it, whichever network and namespace they are in. Source:
/// `Documentation/networking/ipvlan.rst` of the kernel.
public enum IpvlanMode {
    /// Switched: the children are on the parent's segment, answer ARP and neighbour discovery, and see its
    /// broadcasts.
    L2,
    /// Routed: the parent's namespace routes for the children; no ARP, no broadcast, no multicast. Other
    /// hosts need a route to the subnets.
    L3,
    /// Routed like [#L3], and packets pass the netfilter hooks of the parent's namespace.
    L3S;

    /// Whether packets are routed rather than switched.
    ///
    /// @return true for [#L3] and [#L3S]
    public boolean isRouted() {
        return this != L2;
    }

    /// The mode as `ip link` and Docker write it.
    ///
    /// @return `l2`, `l3` or `l3s`
    public String text() {
        return switch (this) {
            case L2 -> "l2";
            case L3 -> "l3";
            case L3S -> "l3s";
        };
    }
}
