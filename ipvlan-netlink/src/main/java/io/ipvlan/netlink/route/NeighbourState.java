package io.ipvlan.netlink.route;

/// How well a neighbour is known: bits of [NeighbourMessage#state] and [NeighbourRequest#state].
///
/// Source: `NUD_*` in `linux/neighbour.h`.
public final class NeighbourState {
    /// A proxy entry, or a fresh one.
    public static final int NONE = 0;
    /// Being asked for.
    public static final int INCOMPLETE = 0x01;
    /// Confirmed lately.
    public static final int REACHABLE = 0x02;
    /// Was confirmed once; used, and asked again when it is.
    public static final int STALE = 0x04;
    /// Used; waits whether a higher layer confirms it.
    public static final int DELAY = 0x08;
    /// Being confirmed.
    public static final int PROBE = 0x10;
    /// Did not answer.
    public static final int FAILED = 0x20;
    /// Needs no asking: multicast, loopback, a link without neighbours.
    public static final int NO_ARP = 0x40;
    /// Set by the administrator, and never asked again.
    public static final int PERMANENT = 0x80;

    private NeighbourState() {}
}
