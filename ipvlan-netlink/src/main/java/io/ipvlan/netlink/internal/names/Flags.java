package io.ipvlan.netlink.internal.names;

import static io.ipvlan.netlink.internal.names.Symbols.is;

/// Names of flags and of the few values that are read more often than their numbers, by the header they come
/// from.
public final class Flags {
    private Flags() {}

    // linux/netlink.h: bits 8 and up mean something else in each sort of message
    static final Symbols MESSAGE = Symbols.bits(
            is(0x01, "NLM_F_REQUEST"),
            is(0x02, "NLM_F_MULTI"),
            is(0x04, "NLM_F_ACK"),
            is(0x08, "NLM_F_ECHO"),
            is(0x10, "NLM_F_DUMP_INTR"),
            is(0x20, "NLM_F_DUMP_FILTERED"));
    public static final Symbols ANSWER =
            MESSAGE.and(Symbols.bits(is(0x100, "NLM_F_CAPPED"), is(0x200, "NLM_F_ACK_TLVS")));
    public static final Symbols NEW = MESSAGE.and(Symbols.bits(
            is(0x100, "NLM_F_REPLACE"), is(0x200, "NLM_F_EXCL"), is(0x400, "NLM_F_CREATE"), is(0x800, "NLM_F_APPEND")));
    public static final Symbols DELETE = MESSAGE.and(Symbols.bits(is(0x100, "NLM_F_NONREC"), is(0x200, "NLM_F_BULK")));
    public static final Symbols GET = MESSAGE.and(Symbols.bits(
            is(0x300, "NLM_F_DUMP"), is(0x100, "NLM_F_ROOT"), is(0x200, "NLM_F_MATCH"), is(0x400, "NLM_F_ATOMIC")));

    static final Symbols POLICY_TYPES = Symbols.values(
            is(1, "NL_ATTR_TYPE_FLAG"),
            is(2, "NL_ATTR_TYPE_U8"),
            is(3, "NL_ATTR_TYPE_U16"),
            is(4, "NL_ATTR_TYPE_U32"),
            is(5, "NL_ATTR_TYPE_U64"),
            is(6, "NL_ATTR_TYPE_S8"),
            is(7, "NL_ATTR_TYPE_S16"),
            is(8, "NL_ATTR_TYPE_S32"),
            is(9, "NL_ATTR_TYPE_S64"),
            is(10, "NL_ATTR_TYPE_BINARY"),
            is(11, "NL_ATTR_TYPE_STRING"),
            is(12, "NL_ATTR_TYPE_NUL_STRING"),
            is(13, "NL_ATTR_TYPE_NESTED"),
            is(14, "NL_ATTR_TYPE_NESTED_ARRAY"),
            is(15, "NL_ATTR_TYPE_BITFIELD32"),
            is(16, "NL_ATTR_TYPE_SINT"),
            is(17, "NL_ATTR_TYPE_UINT"));

    // linux/socket.h
    public static final Symbols FAMILIES = Symbols.values(
            is(0, "AF_UNSPEC"),
            is(2, "AF_INET"),
            is(7, "AF_BRIDGE"),
            is(10, "AF_INET6"),
            is(28, "AF_MPLS"),
            is(128, "RTNL_FAMILY_IPMR"),
            is(129, "RTNL_FAMILY_IP6MR"));

    // linux/if.h
    static final Symbols LINK = Symbols.bits(
            is(0x1, "IFF_UP"),
            is(0x2, "IFF_BROADCAST"),
            is(0x4, "IFF_DEBUG"),
            is(0x8, "IFF_LOOPBACK"),
            is(0x10, "IFF_POINTOPOINT"),
            is(0x20, "IFF_NOTRAILERS"),
            is(0x40, "IFF_RUNNING"),
            is(0x80, "IFF_NOARP"),
            is(0x100, "IFF_PROMISC"),
            is(0x200, "IFF_ALLMULTI"),
            is(0x400, "IFF_MASTER"),
            is(0x800, "IFF_SLAVE"),
            is(0x1000, "IFF_MULTICAST"),
            is(0x2000, "IFF_PORTSEL"),
            is(0x4000, "IFF_AUTOMEDIA"),
            is(0x8000, "IFF_DYNAMIC"),
            is(0x10000, "IFF_LOWER_UP"),
            is(0x20000, "IFF_DORMANT"),
            is(0x40000, "IFF_ECHO"));

    // linux/if_ether.h
    static final Symbols VLAN_PROTOCOLS = Symbols.values(is(0x8100, "ETH_P_8021Q"), is(0x88a8, "ETH_P_8021AD"));

    // linux/if_link.h
    static final Symbols IPVLAN_MODES =
            Symbols.values(is(0, "IPVLAN_MODE_L2"), is(1, "IPVLAN_MODE_L3"), is(2, "IPVLAN_MODE_L3S"));
    static final Symbols IPVLAN = Symbols.bits(is(1, "IPVLAN_F_PRIVATE"), is(2, "IPVLAN_F_VEPA"));

    // linux/if_addr.h
    static final Symbols ADDRESS = Symbols.bits(
            is(0x1, "IFA_F_SECONDARY"),
            is(0x2, "IFA_F_NODAD"),
            is(0x4, "IFA_F_OPTIMISTIC"),
            is(0x8, "IFA_F_DADFAILED"),
            is(0x10, "IFA_F_HOMEADDRESS"),
            is(0x20, "IFA_F_DEPRECATED"),
            is(0x40, "IFA_F_TENTATIVE"),
            is(0x80, "IFA_F_PERMANENT"),
            is(0x100, "IFA_F_MANAGETEMPADDR"),
            is(0x200, "IFA_F_NOPREFIXROUTE"),
            is(0x400, "IFA_F_MCAUTOJOIN"),
            is(0x800, "IFA_F_STABLE_PRIVACY"));

    // linux/rtnetlink.h
    static final Symbols SCOPES = Symbols.values(
            is(0, "RT_SCOPE_UNIVERSE"),
            is(200, "RT_SCOPE_SITE"),
            is(253, "RT_SCOPE_LINK"),
            is(254, "RT_SCOPE_HOST"),
            is(255, "RT_SCOPE_NOWHERE"));
    static final Symbols TABLES = Symbols.values(
            is(0, "RT_TABLE_UNSPEC"),
            is(252, "RT_TABLE_COMPAT"),
            is(253, "RT_TABLE_DEFAULT"),
            is(254, "RT_TABLE_MAIN"),
            is(255, "RT_TABLE_LOCAL"));
    static final Symbols ROUTE_PROTOCOLS = Symbols.values(
            is(0, "RTPROT_UNSPEC"),
            is(1, "RTPROT_REDIRECT"),
            is(2, "RTPROT_KERNEL"),
            is(3, "RTPROT_BOOT"),
            is(4, "RTPROT_STATIC"),
            is(9, "RTPROT_RA"),
            is(16, "RTPROT_DHCP"));
    static final Symbols ROUTE_TYPES = Symbols.values(
            is(0, "RTN_UNSPEC"),
            is(1, "RTN_UNICAST"),
            is(2, "RTN_LOCAL"),
            is(3, "RTN_BROADCAST"),
            is(4, "RTN_ANYCAST"),
            is(5, "RTN_MULTICAST"),
            is(6, "RTN_BLACKHOLE"),
            is(7, "RTN_UNREACHABLE"),
            is(8, "RTN_PROHIBIT"),
            is(9, "RTN_THROW"),
            is(10, "RTN_NAT"),
            is(11, "RTN_XRESOLVE"));
    public static final Symbols NEXT_HOP = Symbols.bits(
            is(0x1, "RTNH_F_DEAD"),
            is(0x2, "RTNH_F_PERVASIVE"),
            is(0x4, "RTNH_F_ONLINK"),
            is(0x8, "RTNH_F_OFFLOAD"),
            is(0x10, "RTNH_F_LINKDOWN"),
            is(0x20, "RTNH_F_UNRESOLVED"),
            is(0x40, "RTNH_F_TRAP"));
    static final Symbols ROUTE = NEXT_HOP.and(Symbols.bits(
            is(0x100, "RTM_F_NOTIFY"),
            is(0x200, "RTM_F_CLONED"),
            is(0x400, "RTM_F_EQUALIZE"),
            is(0x800, "RTM_F_PREFIX"),
            is(0x1000, "RTM_F_LOOKUP_TABLE"),
            is(0x2000, "RTM_F_FIB_MATCH"),
            is(0x4000, "RTM_F_OFFLOAD"),
            is(0x8000, "RTM_F_TRAP"),
            is(0x20000000, "RTM_F_OFFLOAD_FAILED")));

    // linux/neighbour.h
    static final Symbols NEIGHBOUR = Symbols.bits(
            is(0x1, "NTF_USE"),
            is(0x2, "NTF_SELF"),
            is(0x4, "NTF_MASTER"),
            is(0x8, "NTF_PROXY"),
            is(0x10, "NTF_EXT_LEARNED"),
            is(0x20, "NTF_OFFLOADED"),
            is(0x40, "NTF_STICKY"),
            is(0x80, "NTF_ROUTER"));
    static final Symbols NEIGHBOUR_STATES = Symbols.bits(
            is(0x1, "NUD_INCOMPLETE"),
            is(0x2, "NUD_REACHABLE"),
            is(0x4, "NUD_STALE"),
            is(0x8, "NUD_DELAY"),
            is(0x10, "NUD_PROBE"),
            is(0x20, "NUD_FAILED"),
            is(0x40, "NUD_NOARP"),
            is(0x80, "NUD_PERMANENT"));

    // linux/fib_rules.h
    static final Symbols RULE = Symbols.bits(
            is(0x1, "FIB_RULE_PERMANENT"),
            is(0x2, "FIB_RULE_INVERT"),
            is(0x4, "FIB_RULE_UNRESOLVED"),
            is(0x8, "FIB_RULE_IIF_DETACHED"),
            is(0x10, "FIB_RULE_OIF_DETACHED"),
            is(0x10000, "FIB_RULE_FIND_SADDR"));
    static final Symbols RULE_ACTIONS = Symbols.values(
            is(0, "FR_ACT_UNSPEC"),
            is(1, "FR_ACT_TO_TBL"),
            is(2, "FR_ACT_GOTO"),
            is(3, "FR_ACT_NOP"),
            is(6, "FR_ACT_BLACKHOLE"),
            is(7, "FR_ACT_UNREACHABLE"),
            is(8, "FR_ACT_PROHIBIT"));
}
