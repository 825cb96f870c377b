package io.ipvlan.netlink.internal.names;

import static io.ipvlan.netlink.internal.names.FixedPart.Field.of;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The structure between a message's header and its attributes.
///
/// @param struct its name in the C headers
/// @param size its length, in bytes
/// @param fields its fields, in their order
public record FixedPart(String struct, int size, List<Field> fields) {
    /// A field: an unsigned number.
    ///
    /// @param name its name in the C headers
    /// @param offset where it begins
    /// @param bytes how long it is: 1, 2 or 4
    /// @param symbols names of its values, null for none
    public record Field(
            String name, int offset, int bytes, @Nullable Symbols symbols) {
        static Field of(String name, int offset, int bytes) {
            return new Field(name, offset, bytes, null);
        }

        static Field of(String name, int offset, int bytes, Symbols symbols) {
            return new Field(name, offset, bytes, symbols);
        }
    }

    /// `linux/rtnetlink.h`: what may stand in every question about all objects of a sort.
    public static final FixedPart FAMILY = part("rtgenmsg", 1, of("rtgen_family", 0, 1, Flags.FAMILIES));

    /// `linux/rtnetlink.h`.
    public static final FixedPart LINK = part(
            "ifinfomsg",
            16,
            of("ifi_family", 0, 1, Flags.FAMILIES),
            of("ifi_type", 2, 2),
            of("ifi_index", 4, 4),
            of("ifi_flags", 8, 4, Flags.LINK),
            of("ifi_change", 12, 4, Flags.LINK));

    /// `linux/if_addr.h`.
    static final FixedPart ADDRESS = part(
            "ifaddrmsg",
            8,
            of("ifa_family", 0, 1, Flags.FAMILIES),
            of("ifa_prefixlen", 1, 1),
            of("ifa_flags", 2, 1, Flags.ADDRESS),
            of("ifa_scope", 3, 1, Flags.SCOPES),
            of("ifa_index", 4, 4));

    /// `linux/rtnetlink.h`.
    static final FixedPart ROUTE = part(
            "rtmsg",
            12,
            of("rtm_family", 0, 1, Flags.FAMILIES),
            of("rtm_dst_len", 1, 1),
            of("rtm_src_len", 2, 1),
            of("rtm_tos", 3, 1),
            of("rtm_table", 4, 1, Flags.TABLES),
            of("rtm_protocol", 5, 1, Flags.ROUTE_PROTOCOLS),
            of("rtm_scope", 6, 1, Flags.SCOPES),
            of("rtm_type", 7, 1, Flags.ROUTE_TYPES),
            of("rtm_flags", 8, 4, Flags.ROUTE));

    /// `linux/rtnetlink.h`: a row of `RTA_MULTIPATH`.
    public static final FixedPart NEXT_HOP = part(
            "rtnexthop",
            8,
            of("rtnh_len", 0, 2),
            of("rtnh_flags", 2, 1, Flags.NEXT_HOP),
            of("rtnh_hops", 3, 1),
            of("rtnh_ifindex", 4, 4));

    /// `linux/neighbour.h`.
    static final FixedPart NEIGHBOUR = part(
            "ndmsg",
            12,
            of("ndm_family", 0, 1, Flags.FAMILIES),
            of("ndm_ifindex", 4, 4),
            of("ndm_state", 8, 2, Flags.NEIGHBOUR_STATES),
            of("ndm_flags", 10, 1, Flags.NEIGHBOUR),
            of("ndm_type", 11, 1, Flags.ROUTE_TYPES));

    /// `linux/fib_rules.h`.
    static final FixedPart RULE = part(
            "fib_rule_hdr",
            12,
            of("family", 0, 1, Flags.FAMILIES),
            of("dst_len", 1, 1),
            of("src_len", 2, 1),
            of("tos", 3, 1),
            of("table", 4, 1, Flags.TABLES),
            of("action", 7, 1, Flags.RULE_ACTIONS),
            of("flags", 8, 4, Flags.RULE));

    private static FixedPart part(String struct, int size, Field... fields) {
        return new FixedPart(struct, size, List.of(fields));
    }

    /// Its length with the padding behind it.
    public int paddedSize() {
        return (size + 3) & ~3;
    }
}
