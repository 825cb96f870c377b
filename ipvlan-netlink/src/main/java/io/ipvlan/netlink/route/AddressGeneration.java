package io.ipvlan.netlink.route;

/// How a link gets its IPv6 link-local address. The numbers of [LinkMessage#addressGeneration] and
/// [LinkRequest#addressGeneration].
///
/// Source: `enum in6_addr_gen_mode` in `linux/if_link.h`.
public final class AddressGeneration {
    /// From the hardware address, the kernel's default.
    public static final int EUI64 = 0;
    /// It gets none.
    public static final int NONE = 1;
    /// From a secret of the namespace, RFC 7217; refused with `EINVAL` while there is none.
    public static final int STABLE_PRIVACY = 2;
    /// From a random secret of the link.
    public static final int RANDOM = 3;

    private AddressGeneration() {}
}
