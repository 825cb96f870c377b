package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.internal.Uapi;
import java.util.List;

/// Writes `IFLA_LINKINFO`.
final class LinkInfoWriter {
    /// The flags a kernel may be asked to change; it refuses a mask with others.
    private static final int VLAN_FLAGS =
            LinkInfo.Vlan.REORDER_HEADER | LinkInfo.Vlan.GVRP | LinkInfo.Vlan.LOOSE_BINDING | LinkInfo.Vlan.MVRP;

    private LinkInfoWriter() {}

    static void write(AttributeWriter body, LinkInfo info) {
        body.nest(Uapi.IFLA_LINKINFO, () -> {
            body.string(Uapi.IFLA_INFO_KIND, info.kind());
            switch (info) {
                case LinkInfo.Dummy() -> {}
                case LinkInfo.Tun _ -> {} // never created here, and has nothing that could be changed
                case LinkInfo.Veth veth when veth.peer().isEmpty() -> {}
                case LinkInfo.Unknown unknown -> body.bytes(Uapi.IFLA_INFO_DATA | Uapi.NLA_F_NESTED, unknown.data());
                default -> body.nest(Uapi.IFLA_INFO_DATA, () -> writeData(body, info));
            }
        });
    }

    private static void writeData(AttributeWriter body, LinkInfo info) {
        switch (info) {
            case LinkInfo.Ipvlan(int mode, int flags) ->
                body.u16(Uapi.IFLA_IPVLAN_MODE, mode).u16(Uapi.IFLA_IPVLAN_FLAGS, flags);
            case LinkInfo.Ipvtap(int mode, int flags) ->
                body.u16(Uapi.IFLA_IPVLAN_MODE, mode).u16(Uapi.IFLA_IPVLAN_FLAGS, flags);
            case LinkInfo.Macvlan(int mode, int flags) ->
                body.u32(Uapi.IFLA_MACVLAN_MODE, mode).u16(Uapi.IFLA_MACVLAN_FLAGS, flags);
            case LinkInfo.Veth veth ->
                body.nest(Uapi.VETH_INFO_PEER, () -> veth.peer().ifPresent(peer -> peer.writeTo(body)));
            case LinkInfo.Vlan vlan -> writeVlan(body, vlan);
            case LinkInfo.Bridge bridge -> writeBridge(body, bridge);
            case LinkInfo.Bond bond -> {
                body.u8(Uapi.IFLA_BOND_MODE, bond.mode());
                if (bond.miimon() != 0) { // some modes refuse to be told the 0 they start with
                    body.u32(Uapi.IFLA_BOND_MIIMON, bond.miimon());
                }
            }
            case LinkInfo.Dummy _, LinkInfo.Tun _, LinkInfo.Unknown _ ->
                throw new AssertionError("written without data: " + info);
        }
    }

    private static void writeVlan(AttributeWriter body, LinkInfo.Vlan vlan) {
        body.u16(Uapi.IFLA_VLAN_ID, vlan.id());
        body.bytes(Uapi.IFLA_VLAN_FLAGS, Wire.numbers(vlan.flags(), VLAN_FLAGS | vlan.flags()));
        writeMap(body, Uapi.IFLA_VLAN_EGRESS_QOS, vlan.egress());
        writeMap(body, Uapi.IFLA_VLAN_INGRESS_QOS, vlan.ingress());
        body.bytes(Uapi.IFLA_VLAN_PROTOCOL, new byte[] {(byte) (vlan.protocol() >> 8), (byte) vlan.protocol()});
    }

    private static void writeMap(AttributeWriter body, int type, List<LinkInfo.Vlan.PriorityMap> map) {
        if (!map.isEmpty()) {
            body.nest(
                    type,
                    () -> map.forEach(
                            line -> body.bytes(Uapi.IFLA_VLAN_QOS_MAPPING, Wire.numbers(line.from(), line.to()))));
        }
    }

    private static void writeBridge(AttributeWriter body, LinkInfo.Bridge bridge) {
        body.u32(Uapi.IFLA_BR_FORWARD_DELAY, bridge.forwardDelay())
                .u32(Uapi.IFLA_BR_HELLO_TIME, bridge.helloTime())
                .u32(Uapi.IFLA_BR_MAX_AGE, bridge.maxAge())
                .u32(Uapi.IFLA_BR_AGEING_TIME, bridge.ageingTime())
                .u32(Uapi.IFLA_BR_STP_STATE, bridge.stpState())
                .u16(Uapi.IFLA_BR_PRIORITY, bridge.priority())
                .u8(Uapi.IFLA_BR_VLAN_FILTERING, bridge.vlanFiltering() ? 1 : 0);
    }
}
