package io.ipvlan.netlink.route;

/// Flags of an address, to be combined with `|`: of [AddressMessage#flags] and [AddressRequest#addressFlags].
///
/// Source: `IFA_F_*` in `linux/if_addr.h`.
public final class AddressFlag {
    /// IPv4: another address of the same prefix came first. IPv6 (there the same bit means temporary): of
    /// privacy extensions, RFC 8981. Set by the kernel.
    public static final int SECONDARY = 0x01;
    /// IPv6: no duplicate address detection; works at once.
    public static final int NO_DETECTION = 0x02;
    /// IPv6: works while duplicate address detection runs, RFC 4429.
    public static final int OPTIMISTIC = 0x04;
    /// IPv6: duplicate address detection found a duplicate. Set by the kernel.
    public static final int DETECTION_FAILED = 0x08;
    /// IPv6: a home address, RFC 6275.
    public static final int HOME = 0x10;
    /// No longer preferred as a source: its preferred lifetime is over. Set by the kernel.
    public static final int DEPRECATED = 0x20;
    /// IPv6: duplicate address detection still runs. Set by the kernel.
    public static final int TENTATIVE = 0x40;
    /// Has no end. Set by the kernel where the lifetime is unlimited.
    public static final int PERMANENT = 0x80;
    /// IPv6: make temporary addresses from this one, RFC 8981.
    public static final int MANAGE_TEMPORARY = 0x100;
    /// Do not add the route of the prefix.
    public static final int NO_PREFIX_ROUTE = 0x200;
    /// Join the multicast group the address is of.
    public static final int JOIN_MULTICAST = 0x400;
    /// IPv6: made from a secret, RFC 7217. Set by the kernel.
    public static final int STABLE_PRIVACY = 0x800;

    private AddressFlag() {}
}
