package io.ipvlan.netlink.internal.names;

import static io.ipvlan.netlink.internal.names.Attribute.plain;
import static io.ipvlan.netlink.internal.names.AttributeForm.BYTES;
import static io.ipvlan.netlink.internal.names.AttributeForm.HARDWARE_ADDRESS;
import static io.ipvlan.netlink.internal.names.AttributeForm.IP_ADDRESS;
import static io.ipvlan.netlink.internal.names.AttributeForm.LONG_NUMBERS;
import static io.ipvlan.netlink.internal.names.AttributeForm.NUMBER;
import static io.ipvlan.netlink.internal.names.AttributeForm.NUMBERS;
import static io.ipvlan.netlink.internal.names.AttributeForm.SIGNED;
import static io.ipvlan.netlink.internal.names.AttributeForm.TEXT;

import java.util.function.Function;
import java.util.function.Supplier;

/// The attributes of messages about links, `enum` by `enum` as in `linux/if_link.h`. What depends on the kind
/// of the link is in [LinkKindAttributes].
final class LinkAttributes {
    private LinkAttributes() {}

    /// Behind `struct ifinfomsg`.
    static final AttributeNames LINK = AttributeNames.of(
            plain(1, "IFLA_ADDRESS", HARDWARE_ADDRESS),
            plain(2, "IFLA_BROADCAST", HARDWARE_ADDRESS),
            plain(3, "IFLA_IFNAME", TEXT),
            plain(4, "IFLA_MTU", NUMBER),
            plain(5, "IFLA_LINK", NUMBER),
            plain(6, "IFLA_QDISC", TEXT),
            plain(7, "IFLA_STATS", NUMBERS),
            plain(8, "IFLA_COST", BYTES),
            plain(9, "IFLA_PRIORITY", BYTES),
            plain(10, "IFLA_MASTER", NUMBER),
            plain(11, "IFLA_WIRELESS", BYTES),
            plain(12, "IFLA_PROTINFO", BYTES),
            plain(13, "IFLA_TXQLEN", NUMBER),
            plain(14, "IFLA_MAP", BYTES),
            plain(15, "IFLA_WEIGHT", NUMBER),
            plain(16, "IFLA_OPERSTATE", NUMBER),
            plain(17, "IFLA_LINKMODE", NUMBER),
            nest(18, "IFLA_LINKINFO", () -> LinkAttributes.INFO),
            plain(19, "IFLA_NET_NS_PID", NUMBER),
            plain(20, "IFLA_IFALIAS", TEXT),
            plain(21, "IFLA_NUM_VF", NUMBER),
            plain(22, "IFLA_VFINFO_LIST", BYTES),
            plain(23, "IFLA_STATS64", LONG_NUMBERS),
            plain(24, "IFLA_VF_PORTS", BYTES),
            plain(25, "IFLA_PORT_SELF", BYTES),
            nest(26, "IFLA_AF_SPEC", () -> LinkAttributes.FAMILIES),
            plain(27, "IFLA_GROUP", NUMBER),
            plain(28, "IFLA_NET_NS_FD", NUMBER),
            plain(29, "IFLA_EXT_MASK", NUMBER),
            plain(30, "IFLA_PROMISCUITY", NUMBER),
            plain(31, "IFLA_NUM_TX_QUEUES", NUMBER),
            plain(32, "IFLA_NUM_RX_QUEUES", NUMBER),
            plain(33, "IFLA_CARRIER", NUMBER),
            plain(34, "IFLA_PHYS_PORT_ID", BYTES),
            plain(35, "IFLA_CARRIER_CHANGES", NUMBER),
            plain(36, "IFLA_PHYS_SWITCH_ID", BYTES),
            plain(37, "IFLA_LINK_NETNSID", SIGNED),
            plain(38, "IFLA_PHYS_PORT_NAME", TEXT),
            plain(39, "IFLA_PROTO_DOWN", NUMBER),
            plain(40, "IFLA_GSO_MAX_SEGS", NUMBER),
            plain(41, "IFLA_GSO_MAX_SIZE", NUMBER),
            plain(42, "IFLA_PAD", BYTES),
            nest(43, "IFLA_XDP", () -> LinkAttributes.XDP),
            plain(44, "IFLA_EVENT", NUMBER),
            plain(45, "IFLA_NEW_NETNSID", SIGNED),
            plain(46, "IFLA_TARGET_NETNSID", SIGNED),
            plain(47, "IFLA_CARRIER_UP_COUNT", NUMBER),
            plain(48, "IFLA_CARRIER_DOWN_COUNT", NUMBER),
            plain(49, "IFLA_NEW_IFINDEX", NUMBER),
            plain(50, "IFLA_MIN_MTU", NUMBER),
            plain(51, "IFLA_MAX_MTU", NUMBER),
            nest(52, "IFLA_PROP_LIST", () -> LinkAttributes.LINK),
            plain(53, "IFLA_ALT_IFNAME", TEXT),
            plain(54, "IFLA_PERM_ADDRESS", HARDWARE_ADDRESS),
            nest(55, "IFLA_PROTO_DOWN_REASON", () -> LinkAttributes.DOWN_REASON),
            plain(56, "IFLA_PARENT_DEV_NAME", TEXT),
            plain(57, "IFLA_PARENT_DEV_BUS_NAME", TEXT),
            plain(58, "IFLA_GRO_MAX_SIZE", NUMBER),
            plain(59, "IFLA_TSO_MAX_SIZE", NUMBER),
            plain(60, "IFLA_TSO_MAX_SEGS", NUMBER),
            plain(61, "IFLA_ALLMULTI", NUMBER),
            plain(62, "IFLA_DEVLINK_PORT", BYTES),
            plain(63, "IFLA_GSO_IPV4_MAX_SIZE", NUMBER),
            plain(64, "IFLA_GRO_IPV4_MAX_SIZE", NUMBER),
            plain(65, "IFLA_DPLL_PIN", BYTES),
            plain(66, "IFLA_MAX_PACING_OFFLOAD_HORIZON", NUMBER),
            plain(67, "IFLA_NETNS_IMMUTABLE", NUMBER),
            plain(68, "IFLA_HEADROOM", NUMBER),
            plain(69, "IFLA_TAILROOM", NUMBER));

    /// In `IFLA_LINKINFO`.
    private static final AttributeNames INFO = AttributeNames.of(
            plain(1, "IFLA_INFO_KIND", TEXT),
            nestByText(2, "IFLA_INFO_DATA", 1, LinkKindAttributes::data),
            plain(3, "IFLA_INFO_XSTATS", BYTES),
            plain(4, "IFLA_INFO_SLAVE_KIND", TEXT),
            nestByText(5, "IFLA_INFO_SLAVE_DATA", 4, LinkKindAttributes::memberData));

    /// In `IFLA_AF_SPEC`: the types are address families.
    private static final AttributeNames FAMILIES = AttributeNames.of(
            nest(2, "AF_INET", () -> LinkAttributes.INET), nest(10, "AF_INET6", () -> LinkAttributes.INET6));

    /// For `AF_INET`.
    private static final AttributeNames INET = AttributeNames.of(plain(1, "IFLA_INET_CONF", NUMBERS));

    /// For `AF_INET6`.
    private static final AttributeNames INET6 = AttributeNames.of(
            plain(1, "IFLA_INET6_FLAGS", NUMBER),
            plain(2, "IFLA_INET6_CONF", NUMBERS),
            plain(3, "IFLA_INET6_STATS", LONG_NUMBERS),
            plain(4, "IFLA_INET6_MCAST", BYTES),
            plain(5, "IFLA_INET6_CACHEINFO", NUMBERS),
            plain(6, "IFLA_INET6_ICMP6STATS", LONG_NUMBERS),
            plain(7, "IFLA_INET6_TOKEN", IP_ADDRESS),
            plain(8, "IFLA_INET6_ADDR_GEN_MODE", NUMBER),
            plain(9, "IFLA_INET6_RA_MTU", NUMBER));

    /// In `IFLA_XDP`.
    private static final AttributeNames XDP = AttributeNames.of(
            plain(1, "IFLA_XDP_FD", SIGNED),
            plain(2, "IFLA_XDP_ATTACHED", NUMBER),
            plain(3, "IFLA_XDP_FLAGS", NUMBER),
            plain(4, "IFLA_XDP_PROG_ID", NUMBER),
            plain(5, "IFLA_XDP_DRV_PROG_ID", NUMBER),
            plain(6, "IFLA_XDP_SKB_PROG_ID", NUMBER),
            plain(7, "IFLA_XDP_HW_PROG_ID", NUMBER),
            plain(8, "IFLA_XDP_EXPECTED_FD", SIGNED));

    /// In `IFLA_PROTO_DOWN_REASON`.
    private static final AttributeNames DOWN_REASON = AttributeNames.of(
            plain(1, "IFLA_PROTO_DOWN_REASON_MASK", NUMBER), plain(2, "IFLA_PROTO_DOWN_REASON_VALUE", NUMBER));

    private static Attribute nest(int type, String name, Supplier<AttributeNames> content) {
        return Attribute.holding(type, name, AttributeForm.NEST, 0, _ -> content.get());
    }

    private static Attribute nestByText(int type, String name, int selector, Function<String, AttributeNames> content) {
        return Attribute.holding(type, name, AttributeForm.NEST, selector, content);
    }
}
