package io.ipvlan.netlink.internal.names;

import static io.ipvlan.netlink.internal.names.Attribute.plain;
import static io.ipvlan.netlink.internal.names.Attribute.symbols;
import static io.ipvlan.netlink.internal.names.AttributeForm.BYTES;
import static io.ipvlan.netlink.internal.names.AttributeForm.HARDWARE_ADDRESS;
import static io.ipvlan.netlink.internal.names.AttributeForm.IP_ADDRESS;
import static io.ipvlan.netlink.internal.names.AttributeForm.NETWORK_NUMBER;
import static io.ipvlan.netlink.internal.names.AttributeForm.NUMBER;
import static io.ipvlan.netlink.internal.names.AttributeForm.NUMBERS;
import static io.ipvlan.netlink.internal.names.AttributeForm.SHORT_NUMBERS;
import static io.ipvlan.netlink.internal.names.AttributeForm.SIGNED;
import static io.ipvlan.netlink.internal.names.AttributeForm.TEXT;
import static io.ipvlan.netlink.internal.names.AttributeForm.VIA;

import java.util.function.Supplier;

/// The attributes of messages about addresses, routes, neighbours, rules and namespaces, `enum` by `enum`.
final class RouteAttributes {
    private RouteAttributes() {}

    /// Behind `struct ifaddrmsg`. Source: `linux/if_addr.h`.
    static final AttributeNames ADDRESS = AttributeNames.of(
            plain(1, "IFA_ADDRESS", IP_ADDRESS),
            plain(2, "IFA_LOCAL", IP_ADDRESS),
            plain(3, "IFA_LABEL", TEXT),
            plain(4, "IFA_BROADCAST", IP_ADDRESS),
            plain(5, "IFA_ANYCAST", IP_ADDRESS),
            plain(6, "IFA_CACHEINFO", NUMBERS),
            plain(7, "IFA_MULTICAST", IP_ADDRESS),
            symbols(8, "IFA_FLAGS", Flags.ADDRESS),
            plain(9, "IFA_RT_PRIORITY", NUMBER),
            plain(10, "IFA_TARGET_NETNSID", SIGNED),
            plain(11, "IFA_PROTO", NUMBER));

    /// Behind `struct rtmsg`, and behind each `struct rtnexthop`. Source: `linux/rtnetlink.h`.
    static final AttributeNames ROUTE = AttributeNames.of(
            plain(1, "RTA_DST", IP_ADDRESS),
            plain(2, "RTA_SRC", IP_ADDRESS),
            plain(3, "RTA_IIF", NUMBER),
            plain(4, "RTA_OIF", NUMBER),
            plain(5, "RTA_GATEWAY", IP_ADDRESS),
            plain(6, "RTA_PRIORITY", NUMBER),
            plain(7, "RTA_PREFSRC", IP_ADDRESS),
            nest(8, "RTA_METRICS", () -> RouteAttributes.METRICS),
            rows(9, "RTA_MULTIPATH", () -> RouteAttributes.ROUTE),
            plain(10, "RTA_PROTOINFO", BYTES),
            plain(11, "RTA_FLOW", NUMBER),
            plain(12, "RTA_CACHEINFO", NUMBERS),
            plain(13, "RTA_SESSION", BYTES),
            plain(14, "RTA_MP_ALGO", BYTES),
            plain(15, "RTA_TABLE", NUMBER),
            plain(16, "RTA_MARK", NUMBER),
            plain(17, "RTA_MFC_STATS", BYTES),
            plain(18, "RTA_VIA", VIA),
            plain(19, "RTA_NEWDST", IP_ADDRESS),
            plain(20, "RTA_PREF", NUMBER),
            plain(21, "RTA_ENCAP_TYPE", NUMBER),
            plain(22, "RTA_ENCAP", BYTES),
            plain(23, "RTA_EXPIRES", NUMBER),
            plain(24, "RTA_PAD", BYTES),
            plain(25, "RTA_UID", NUMBER),
            plain(26, "RTA_TTL_PROPAGATE", NUMBER),
            plain(27, "RTA_IP_PROTO", NUMBER),
            plain(28, "RTA_SPORT", NETWORK_NUMBER),
            plain(29, "RTA_DPORT", NETWORK_NUMBER),
            plain(30, "RTA_NH_ID", NUMBER),
            plain(31, "RTA_FLOWLABEL", NETWORK_NUMBER));

    /// In `RTA_METRICS`. Source: `linux/rtnetlink.h`.
    private static final AttributeNames METRICS = AttributeNames.of(
            plain(1, "RTAX_LOCK", NUMBER),
            plain(2, "RTAX_MTU", NUMBER),
            plain(3, "RTAX_WINDOW", NUMBER),
            plain(4, "RTAX_RTT", NUMBER),
            plain(5, "RTAX_RTTVAR", NUMBER),
            plain(6, "RTAX_SSTHRESH", NUMBER),
            plain(7, "RTAX_CWND", NUMBER),
            plain(8, "RTAX_ADVMSS", NUMBER),
            plain(9, "RTAX_REORDERING", NUMBER),
            plain(10, "RTAX_HOPLIMIT", NUMBER),
            plain(11, "RTAX_INITCWND", NUMBER),
            plain(12, "RTAX_FEATURES", NUMBER),
            plain(13, "RTAX_RTO_MIN", NUMBER),
            plain(14, "RTAX_INITRWND", NUMBER),
            plain(15, "RTAX_QUICKACK", NUMBER),
            plain(16, "RTAX_CC_ALGO", TEXT),
            plain(17, "RTAX_FASTOPEN_NO_COOKIE", NUMBER));

    /// Behind `struct ndmsg`. Source: `linux/neighbour.h`.
    static final AttributeNames NEIGHBOUR = AttributeNames.of(
            plain(1, "NDA_DST", IP_ADDRESS),
            plain(2, "NDA_LLADDR", HARDWARE_ADDRESS),
            plain(3, "NDA_CACHEINFO", NUMBERS),
            plain(4, "NDA_PROBES", NUMBER),
            plain(5, "NDA_VLAN", NUMBER),
            plain(6, "NDA_PORT", NETWORK_NUMBER),
            plain(7, "NDA_VNI", NUMBER),
            plain(8, "NDA_IFINDEX", NUMBER),
            plain(9, "NDA_MASTER", NUMBER),
            plain(10, "NDA_LINK_NETNSID", SIGNED),
            plain(11, "NDA_SRC_VNI", NUMBER),
            plain(12, "NDA_PROTOCOL", NUMBER),
            plain(13, "NDA_NH_ID", NUMBER),
            plain(14, "NDA_FDB_EXT_ATTRS", BYTES),
            plain(15, "NDA_FLAGS_EXT", NUMBER),
            plain(16, "NDA_NDM_STATE_MASK", NUMBER),
            plain(17, "NDA_NDM_FLAGS_MASK", NUMBER));

    /// Behind `struct fib_rule_hdr`. Source: `linux/fib_rules.h`.
    static final AttributeNames RULE = AttributeNames.of(
            plain(1, "FRA_DST", IP_ADDRESS),
            plain(2, "FRA_SRC", IP_ADDRESS),
            plain(3, "FRA_IIFNAME", TEXT),
            plain(4, "FRA_GOTO", NUMBER),
            plain(6, "FRA_PRIORITY", NUMBER),
            plain(10, "FRA_FWMARK", NUMBER),
            plain(11, "FRA_FLOW", NUMBER),
            plain(12, "FRA_TUN_ID", NETWORK_NUMBER),
            plain(13, "FRA_SUPPRESS_IFGROUP", SIGNED),
            plain(14, "FRA_SUPPRESS_PREFIXLEN", SIGNED),
            plain(15, "FRA_TABLE", NUMBER),
            plain(16, "FRA_FWMASK", NUMBER),
            plain(17, "FRA_OIFNAME", TEXT),
            plain(18, "FRA_PAD", BYTES),
            plain(19, "FRA_L3MDEV", NUMBER),
            plain(20, "FRA_UID_RANGE", NUMBERS),
            plain(21, "FRA_PROTOCOL", NUMBER),
            plain(22, "FRA_IP_PROTO", NUMBER),
            plain(23, "FRA_SPORT_RANGE", SHORT_NUMBERS),
            plain(24, "FRA_DPORT_RANGE", SHORT_NUMBERS),
            plain(25, "FRA_DSCP", NUMBER),
            plain(26, "FRA_FLOWLABEL", NETWORK_NUMBER),
            plain(27, "FRA_FLOWLABEL_MASK", NETWORK_NUMBER),
            plain(28, "FRA_SPORT_MASK", NUMBER),
            plain(29, "FRA_DPORT_MASK", NUMBER),
            plain(30, "FRA_DSCP_MASK", NUMBER));

    /// Behind `struct rtgenmsg` in messages about numbers of namespaces. Source: `linux/net_namespace.h`.
    static final AttributeNames NAMESPACE = AttributeNames.of(
            plain(1, "NETNSA_NSID", SIGNED),
            plain(2, "NETNSA_PID", NUMBER),
            plain(3, "NETNSA_FD", NUMBER),
            plain(4, "NETNSA_TARGET_NSID", SIGNED),
            plain(5, "NETNSA_CURRENT_NSID", SIGNED));

    private static Attribute nest(int type, String name, Supplier<AttributeNames> content) {
        return Attribute.holding(type, name, AttributeForm.NEST, 0, _ -> content.get());
    }

    private static Attribute rows(int type, String name, Supplier<AttributeNames> content) {
        return Attribute.holding(type, name, AttributeForm.NEXT_HOPS, 0, _ -> content.get());
    }
}
