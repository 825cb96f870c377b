package io.ipvlan.netlink.internal.names;

import static io.ipvlan.netlink.internal.names.Attribute.networkSymbols;
import static io.ipvlan.netlink.internal.names.Attribute.plain;
import static io.ipvlan.netlink.internal.names.Attribute.symbols;
import static io.ipvlan.netlink.internal.names.AttributeForm.BYTES;
import static io.ipvlan.netlink.internal.names.AttributeForm.HARDWARE_ADDRESS;
import static io.ipvlan.netlink.internal.names.AttributeForm.IP_ADDRESS;
import static io.ipvlan.netlink.internal.names.AttributeForm.NUMBER;
import static io.ipvlan.netlink.internal.names.AttributeForm.NUMBERS;
import static io.ipvlan.netlink.internal.names.AttributeForm.SIGNED;

import java.util.Map;
import java.util.function.Supplier;

/// What `IFLA_INFO_DATA` and `IFLA_INFO_SLAVE_DATA` hold, by the kind of the link. Source: `linux/if_link.h`,
/// `linux/veth.h`.
final class LinkKindAttributes {
    private LinkKindAttributes() {}

    /// Of kinds `ipvlan` and `ipvtap`.
    private static final AttributeNames IPVLAN = AttributeNames.of(
            symbols(1, "IFLA_IPVLAN_MODE", Flags.IPVLAN_MODES), symbols(2, "IFLA_IPVLAN_FLAGS", Flags.IPVLAN));

    /// Of kind `vlan`.
    private static final AttributeNames VLAN = AttributeNames.of(
            plain(1, "IFLA_VLAN_ID", NUMBER),
            plain(2, "IFLA_VLAN_FLAGS", NUMBERS),
            nest(3, "IFLA_VLAN_EGRESS_QOS", () -> LinkKindAttributes.VLAN_QOS),
            nest(4, "IFLA_VLAN_INGRESS_QOS", () -> LinkKindAttributes.VLAN_QOS),
            networkSymbols(5, "IFLA_VLAN_PROTOCOL", Flags.VLAN_PROTOCOLS));

    /// In `IFLA_VLAN_EGRESS_QOS` and `IFLA_VLAN_INGRESS_QOS`.
    private static final AttributeNames VLAN_QOS = AttributeNames.of(plain(1, "IFLA_VLAN_QOS_MAPPING", NUMBERS));

    /// Of kinds `macvlan` and `macvtap`.
    private static final AttributeNames MACVLAN = AttributeNames.of(
            plain(1, "IFLA_MACVLAN_MODE", NUMBER),
            plain(2, "IFLA_MACVLAN_FLAGS", NUMBER),
            plain(3, "IFLA_MACVLAN_MACADDR_MODE", NUMBER),
            plain(4, "IFLA_MACVLAN_MACADDR", HARDWARE_ADDRESS),
            plain(5, "IFLA_MACVLAN_MACADDR_DATA", BYTES),
            plain(6, "IFLA_MACVLAN_MACADDR_COUNT", NUMBER),
            plain(7, "IFLA_MACVLAN_BC_QUEUE_LEN", NUMBER),
            plain(8, "IFLA_MACVLAN_BC_QUEUE_LEN_USED", NUMBER),
            plain(9, "IFLA_MACVLAN_BC_CUTOFF", SIGNED));

    /// Of kind `veth`.
    private static final AttributeNames VETH = AttributeNames.of(linkInside(1, "VETH_INFO_PEER"));

    /// Of kind `tun`.
    private static final AttributeNames TUN = AttributeNames.of(
            plain(1, "IFLA_TUN_OWNER", NUMBER),
            plain(2, "IFLA_TUN_GROUP", NUMBER),
            plain(3, "IFLA_TUN_TYPE", NUMBER),
            plain(4, "IFLA_TUN_PI", NUMBER),
            plain(5, "IFLA_TUN_VNET_HDR", NUMBER),
            plain(6, "IFLA_TUN_PERSIST", NUMBER),
            plain(7, "IFLA_TUN_MULTI_QUEUE", NUMBER),
            plain(8, "IFLA_TUN_NUM_QUEUES", NUMBER),
            plain(9, "IFLA_TUN_NUM_DISABLED_QUEUES", NUMBER));

    /// Of kind `bridge`.
    private static final AttributeNames BRIDGE = AttributeNames.of(
            plain(1, "IFLA_BR_FORWARD_DELAY", NUMBER),
            plain(2, "IFLA_BR_HELLO_TIME", NUMBER),
            plain(3, "IFLA_BR_MAX_AGE", NUMBER),
            plain(4, "IFLA_BR_AGEING_TIME", NUMBER),
            plain(5, "IFLA_BR_STP_STATE", NUMBER),
            plain(6, "IFLA_BR_PRIORITY", NUMBER),
            plain(7, "IFLA_BR_VLAN_FILTERING", NUMBER),
            networkSymbols(8, "IFLA_BR_VLAN_PROTOCOL", Flags.VLAN_PROTOCOLS),
            plain(9, "IFLA_BR_GROUP_FWD_MASK", NUMBER),
            plain(10, "IFLA_BR_ROOT_ID", BYTES),
            plain(11, "IFLA_BR_BRIDGE_ID", BYTES),
            plain(12, "IFLA_BR_ROOT_PORT", NUMBER),
            plain(13, "IFLA_BR_ROOT_PATH_COST", NUMBER),
            plain(14, "IFLA_BR_TOPOLOGY_CHANGE", NUMBER),
            plain(15, "IFLA_BR_TOPOLOGY_CHANGE_DETECTED", NUMBER),
            plain(16, "IFLA_BR_HELLO_TIMER", NUMBER),
            plain(17, "IFLA_BR_TCN_TIMER", NUMBER),
            plain(18, "IFLA_BR_TOPOLOGY_CHANGE_TIMER", NUMBER),
            plain(19, "IFLA_BR_GC_TIMER", NUMBER),
            plain(20, "IFLA_BR_GROUP_ADDR", HARDWARE_ADDRESS),
            plain(21, "IFLA_BR_FDB_FLUSH", BYTES),
            plain(22, "IFLA_BR_MCAST_ROUTER", NUMBER),
            plain(23, "IFLA_BR_MCAST_SNOOPING", NUMBER),
            plain(24, "IFLA_BR_MCAST_QUERY_USE_IFADDR", NUMBER),
            plain(25, "IFLA_BR_MCAST_QUERIER", NUMBER),
            plain(26, "IFLA_BR_MCAST_HASH_ELASTICITY", NUMBER),
            plain(27, "IFLA_BR_MCAST_HASH_MAX", NUMBER),
            plain(28, "IFLA_BR_MCAST_LAST_MEMBER_CNT", NUMBER),
            plain(29, "IFLA_BR_MCAST_STARTUP_QUERY_CNT", NUMBER),
            plain(30, "IFLA_BR_MCAST_LAST_MEMBER_INTVL", NUMBER),
            plain(31, "IFLA_BR_MCAST_MEMBERSHIP_INTVL", NUMBER),
            plain(32, "IFLA_BR_MCAST_QUERIER_INTVL", NUMBER),
            plain(33, "IFLA_BR_MCAST_QUERY_INTVL", NUMBER),
            plain(34, "IFLA_BR_MCAST_QUERY_RESPONSE_INTVL", NUMBER),
            plain(35, "IFLA_BR_MCAST_STARTUP_QUERY_INTVL", NUMBER),
            plain(36, "IFLA_BR_NF_CALL_IPTABLES", NUMBER),
            plain(37, "IFLA_BR_NF_CALL_IP6TABLES", NUMBER),
            plain(38, "IFLA_BR_NF_CALL_ARPTABLES", NUMBER),
            plain(39, "IFLA_BR_VLAN_DEFAULT_PVID", NUMBER),
            plain(40, "IFLA_BR_PAD", BYTES),
            plain(41, "IFLA_BR_VLAN_STATS_ENABLED", NUMBER),
            plain(42, "IFLA_BR_MCAST_STATS_ENABLED", NUMBER),
            plain(43, "IFLA_BR_MCAST_IGMP_VERSION", NUMBER),
            plain(44, "IFLA_BR_MCAST_MLD_VERSION", NUMBER),
            plain(45, "IFLA_BR_VLAN_STATS_PER_PORT", NUMBER),
            plain(46, "IFLA_BR_MULTI_BOOLOPT", NUMBERS),
            plain(47, "IFLA_BR_MCAST_QUERIER_STATE", BYTES),
            plain(48, "IFLA_BR_FDB_N_LEARNED", NUMBER),
            plain(49, "IFLA_BR_FDB_MAX_LEARNED", NUMBER),
            plain(50, "IFLA_BR_STP_MODE", NUMBER));

    /// Of kind `vrf`.
    private static final AttributeNames VRF = AttributeNames.of(plain(1, "IFLA_VRF_TABLE", NUMBER));

    /// Of a link in a VRF.
    private static final AttributeNames VRF_MEMBER = AttributeNames.of(plain(1, "IFLA_VRF_PORT_TABLE", NUMBER));

    /// Of a link in a bridge.
    private static final AttributeNames BRIDGE_PORT = AttributeNames.of(
            plain(1, "IFLA_BRPORT_STATE", NUMBER),
            plain(2, "IFLA_BRPORT_PRIORITY", NUMBER),
            plain(3, "IFLA_BRPORT_COST", NUMBER),
            plain(4, "IFLA_BRPORT_MODE", NUMBER),
            plain(5, "IFLA_BRPORT_GUARD", NUMBER),
            plain(6, "IFLA_BRPORT_PROTECT", NUMBER),
            plain(7, "IFLA_BRPORT_FAST_LEAVE", NUMBER),
            plain(8, "IFLA_BRPORT_LEARNING", NUMBER),
            plain(9, "IFLA_BRPORT_UNICAST_FLOOD", NUMBER),
            plain(10, "IFLA_BRPORT_PROXYARP", NUMBER),
            plain(11, "IFLA_BRPORT_LEARNING_SYNC", NUMBER),
            plain(12, "IFLA_BRPORT_PROXYARP_WIFI", NUMBER),
            plain(13, "IFLA_BRPORT_ROOT_ID", BYTES),
            plain(14, "IFLA_BRPORT_BRIDGE_ID", BYTES),
            plain(15, "IFLA_BRPORT_DESIGNATED_PORT", NUMBER),
            plain(16, "IFLA_BRPORT_DESIGNATED_COST", NUMBER),
            plain(17, "IFLA_BRPORT_ID", NUMBER),
            plain(18, "IFLA_BRPORT_NO", NUMBER),
            plain(19, "IFLA_BRPORT_TOPOLOGY_CHANGE_ACK", NUMBER),
            plain(20, "IFLA_BRPORT_CONFIG_PENDING", NUMBER),
            plain(21, "IFLA_BRPORT_MESSAGE_AGE_TIMER", NUMBER),
            plain(22, "IFLA_BRPORT_FORWARD_DELAY_TIMER", NUMBER),
            plain(23, "IFLA_BRPORT_HOLD_TIMER", NUMBER),
            plain(24, "IFLA_BRPORT_FLUSH", BYTES),
            plain(25, "IFLA_BRPORT_MULTICAST_ROUTER", NUMBER),
            plain(26, "IFLA_BRPORT_PAD", BYTES),
            plain(27, "IFLA_BRPORT_MCAST_FLOOD", NUMBER),
            plain(28, "IFLA_BRPORT_MCAST_TO_UCAST", NUMBER),
            plain(29, "IFLA_BRPORT_VLAN_TUNNEL", NUMBER),
            plain(30, "IFLA_BRPORT_BCAST_FLOOD", NUMBER),
            plain(31, "IFLA_BRPORT_GROUP_FWD_MASK", NUMBER),
            plain(32, "IFLA_BRPORT_NEIGH_SUPPRESS", NUMBER),
            plain(33, "IFLA_BRPORT_ISOLATED", NUMBER),
            plain(34, "IFLA_BRPORT_BACKUP_PORT", NUMBER),
            plain(35, "IFLA_BRPORT_MRP_RING_OPEN", NUMBER),
            plain(36, "IFLA_BRPORT_MRP_IN_OPEN", NUMBER),
            plain(37, "IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT", NUMBER),
            plain(38, "IFLA_BRPORT_MCAST_EHT_HOSTS_CNT", NUMBER),
            plain(39, "IFLA_BRPORT_LOCKED", NUMBER),
            plain(40, "IFLA_BRPORT_MAB", NUMBER),
            plain(41, "IFLA_BRPORT_MCAST_N_GROUPS", NUMBER),
            plain(42, "IFLA_BRPORT_MCAST_MAX_GROUPS", NUMBER),
            plain(43, "IFLA_BRPORT_NEIGH_VLAN_SUPPRESS", NUMBER),
            plain(44, "IFLA_BRPORT_BACKUP_NHID", NUMBER),
            plain(45, "IFLA_BRPORT_NEIGH_FORWARD_GRAT", NUMBER));

    /// Of kind `bond`.
    private static final AttributeNames BOND = AttributeNames.of(
            plain(1, "IFLA_BOND_MODE", NUMBER),
            plain(2, "IFLA_BOND_ACTIVE_SLAVE", NUMBER),
            plain(3, "IFLA_BOND_MIIMON", NUMBER),
            plain(4, "IFLA_BOND_UPDELAY", NUMBER),
            plain(5, "IFLA_BOND_DOWNDELAY", NUMBER),
            plain(6, "IFLA_BOND_USE_CARRIER", NUMBER),
            plain(7, "IFLA_BOND_ARP_INTERVAL", NUMBER),
            nest(8, "IFLA_BOND_ARP_IP_TARGET", () -> LinkKindAttributes.LIST),
            plain(9, "IFLA_BOND_ARP_VALIDATE", NUMBER),
            plain(10, "IFLA_BOND_ARP_ALL_TARGETS", NUMBER),
            plain(11, "IFLA_BOND_PRIMARY", NUMBER),
            plain(12, "IFLA_BOND_PRIMARY_RESELECT", NUMBER),
            plain(13, "IFLA_BOND_FAIL_OVER_MAC", NUMBER),
            plain(14, "IFLA_BOND_XMIT_HASH_POLICY", NUMBER),
            plain(15, "IFLA_BOND_RESEND_IGMP", NUMBER),
            plain(16, "IFLA_BOND_NUM_PEER_NOTIF", NUMBER),
            plain(17, "IFLA_BOND_ALL_SLAVES_ACTIVE", NUMBER),
            plain(18, "IFLA_BOND_MIN_LINKS", NUMBER),
            plain(19, "IFLA_BOND_LP_INTERVAL", NUMBER),
            plain(20, "IFLA_BOND_PACKETS_PER_SLAVE", NUMBER),
            plain(21, "IFLA_BOND_AD_LACP_RATE", NUMBER),
            plain(22, "IFLA_BOND_AD_SELECT", NUMBER),
            nest(23, "IFLA_BOND_AD_INFO", () -> LinkKindAttributes.BOND_AD_INFO),
            plain(24, "IFLA_BOND_AD_ACTOR_SYS_PRIO", NUMBER),
            plain(25, "IFLA_BOND_AD_USER_PORT_KEY", NUMBER),
            plain(26, "IFLA_BOND_AD_ACTOR_SYSTEM", HARDWARE_ADDRESS),
            plain(27, "IFLA_BOND_TLB_DYNAMIC_LB", NUMBER),
            plain(28, "IFLA_BOND_PEER_NOTIF_DELAY", NUMBER),
            plain(29, "IFLA_BOND_AD_LACP_ACTIVE", NUMBER),
            plain(30, "IFLA_BOND_MISSED_MAX", NUMBER),
            nest(31, "IFLA_BOND_NS_IP6_TARGET", () -> LinkKindAttributes.LIST),
            plain(32, "IFLA_BOND_COUPLED_CONTROL", NUMBER),
            plain(33, "IFLA_BOND_BROADCAST_NEIGH", NUMBER),
            plain(34, "IFLA_BOND_LACP_STRICT", NUMBER));

    /// In `IFLA_BOND_AD_INFO`.
    private static final AttributeNames BOND_AD_INFO = AttributeNames.of(
            plain(1, "IFLA_BOND_AD_INFO_AGGREGATOR", NUMBER),
            plain(2, "IFLA_BOND_AD_INFO_NUM_PORTS", NUMBER),
            plain(3, "IFLA_BOND_AD_INFO_ACTOR_KEY", NUMBER),
            plain(4, "IFLA_BOND_AD_INFO_PARTNER_KEY", NUMBER),
            plain(5, "IFLA_BOND_AD_INFO_PARTNER_MAC", HARDWARE_ADDRESS));

    /// Of a link in a bond.
    private static final AttributeNames BOND_MEMBER = AttributeNames.of(
            plain(1, "IFLA_BOND_SLAVE_STATE", NUMBER),
            plain(2, "IFLA_BOND_SLAVE_MII_STATUS", NUMBER),
            plain(3, "IFLA_BOND_SLAVE_LINK_FAILURE_COUNT", NUMBER),
            plain(4, "IFLA_BOND_SLAVE_PERM_HWADDR", HARDWARE_ADDRESS),
            plain(5, "IFLA_BOND_SLAVE_QUEUE_ID", NUMBER),
            plain(6, "IFLA_BOND_SLAVE_AD_AGGREGATOR_ID", NUMBER),
            plain(7, "IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE", NUMBER),
            plain(8, "IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE", NUMBER),
            plain(9, "IFLA_BOND_SLAVE_PRIO", SIGNED),
            plain(10, "IFLA_BOND_SLAVE_ACTOR_PORT_PRIO", NUMBER),
            plain(11, "IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE", NUMBER),
            plain(12, "IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE", NUMBER));

    /// In `IFLA_BOND_ARP_IP_TARGET` and `IFLA_BOND_NS_IP6_TARGET`.
    private static final AttributeNames LIST = AttributeNames.list(IP_ADDRESS);

    private static final Map<String, AttributeNames> DATA = Map.of(
            "ipvlan", IPVLAN,
            "ipvtap", IPVLAN,
            "vlan", VLAN,
            "macvlan", MACVLAN,
            "macvtap", MACVLAN,
            "veth", VETH,
            "tun", TUN,
            "bridge", BRIDGE,
            "bond", BOND,
            "vrf", VRF);
    private static final Map<String, AttributeNames> MEMBER_DATA =
            Map.of("bridge", BRIDGE_PORT, "bond", BOND_MEMBER, "vrf", VRF_MEMBER);

    /// What `IFLA_INFO_DATA` holds.
    static AttributeNames data(String kind) {
        return DATA.getOrDefault(kind, AttributeNames.UNKNOWN);
    }

    /// What `IFLA_INFO_SLAVE_DATA` holds.
    static AttributeNames memberData(String kind) {
        return MEMBER_DATA.getOrDefault(kind, AttributeNames.UNKNOWN);
    }

    private static Attribute nest(int type, String name, Supplier<AttributeNames> content) {
        return Attribute.holding(type, name, AttributeForm.NEST, 0, _ -> content.get());
    }

    private static Attribute linkInside(int type, String name) {
        return Attribute.holding(type, name, AttributeForm.LINK, 0, _ -> LinkAttributes.LINK);
    }
}
