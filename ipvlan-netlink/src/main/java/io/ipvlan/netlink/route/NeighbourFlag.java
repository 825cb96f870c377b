package io.ipvlan.netlink.route;

/// Flags of a neighbour, to be combined with `|`: of [NeighbourMessage#flags] and
/// [NeighbourRequest#neighbourFlags].
///
/// Source: `NTF_*` in `linux/neighbour.h`.
public final class NeighbourFlag {
    /// Keeps itself confirmed while it is there.
    public static final int USE = 0x01;
    /// A proxy entry: this host answers for the address.
    public static final int PROXY = 0x08;
    /// Learned by a program outside the kernel; not removed as garbage.
    public static final int EXTERNALLY_LEARNED = 0x10;
    /// Handled by hardware. Set by the kernel.
    public static final int OFFLOADED = 0x20;
    /// IPv6: a router.
    public static final int ROUTER = 0x80;

    private NeighbourFlag() {}
}
