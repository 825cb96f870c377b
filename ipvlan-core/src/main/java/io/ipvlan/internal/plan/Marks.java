package io.ipvlan.internal.plan;

/// How the kernel's objects say that they are ours. A mark is set in the request that makes the object, stays
/// while the object exists, and is shown by `ip -d link`, `ip route` and `ip rule`. What does not carry it is
/// never removed.
public final class Marks {
    /// The group of links: "ipvl" as a number. Source: `IFLA_GROUP` in `linux/if_link.h`.
    public static final int GROUP = 0x6970_766c;

    /// The protocol of addresses, routes and rules: an "i". No program is known to use it. Source:
    /// `IFA_PROTO` in `linux/if_addr.h`, `rtm_protocol` in `linux/rtnetlink.h`, `FRA_PROTOCOL` in
    /// `linux/fib_rules.h`.
    public static final int PROTOCOL = 0x69;

    private Marks() {}
}
