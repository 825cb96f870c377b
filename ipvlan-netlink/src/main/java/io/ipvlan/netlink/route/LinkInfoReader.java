package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Uapi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads `IFLA_LINKINFO`. What the kernel leaves out has the value that the kernel leaves out.
final class LinkInfoReader {
    private LinkInfoReader() {}

    /// Reads what the attribute holds; a kind without a name if the kernel sent none.
    static LinkInfo read(AttributeReader attributes) throws NetlinkException.Malformed {
        String kind = "";
        AttributeReader data = null;
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.IFLA_INFO_KIND -> kind = attributes.string();
                case Uapi.IFLA_INFO_DATA -> data = attributes.nested();
                default -> {}
            }
        }
        return switch (kind) {
            case "ipvlan" -> ipvlan(data);
            case "ipvtap" -> {
                LinkInfo.Ipvlan same = ipvlan(data);
                yield new LinkInfo.Ipvtap(same.mode(), same.flags());
            }
            case "vlan" -> vlan(data);
            case "dummy" -> new LinkInfo.Dummy();
            case "veth" -> new LinkInfo.Veth(Optional.empty()); // the kernel reports nothing of it
            case "macvlan" -> macvlan(data);
            case "bridge" -> bridge(data);
            case "bond" -> bond(data);
            case "tun" -> tun(data);
            default -> new LinkInfo.Unknown(kind, data == null ? new byte[0] : data.rest());
        };
    }

    private static LinkInfo.Ipvlan ipvlan(@Nullable AttributeReader data) throws NetlinkException.Malformed {
        int mode = LinkInfo.Ipvlan.L3;
        int flags = LinkInfo.Ipvlan.BRIDGE;
        while (data != null && data.next()) {
            switch (data.type()) {
                case Uapi.IFLA_IPVLAN_MODE -> mode = data.u16();
                case Uapi.IFLA_IPVLAN_FLAGS -> flags = data.u16();
                default -> {}
            }
        }
        return new LinkInfo.Ipvlan(mode, flags);
    }

    private static LinkInfo vlan(@Nullable AttributeReader data) throws NetlinkException.Malformed {
        int id = 0;
        int protocol = LinkInfo.Vlan.DOT1Q;
        int flags = 0; // the kernel leaves the attribute out if none is set
        List<LinkInfo.Vlan.PriorityMap> ingress = List.of();
        List<LinkInfo.Vlan.PriorityMap> egress = List.of();
        while (data != null && data.next()) {
            switch (data.type()) {
                case Uapi.IFLA_VLAN_ID -> id = data.u16();
                case Uapi.IFLA_VLAN_PROTOCOL -> {
                    protocol = (data.u8(0) << 8) | data.u8(1); // in network order
                }
                case Uapi.IFLA_VLAN_FLAGS -> flags = data.u32();
                case Uapi.IFLA_VLAN_INGRESS_QOS -> ingress = map(data.nested());
                case Uapi.IFLA_VLAN_EGRESS_QOS -> egress = map(data.nested());
                default -> {}
            }
        }
        return new LinkInfo.Vlan(id, protocol, flags, ingress, egress);
    }

    private static List<LinkInfo.Vlan.PriorityMap> map(AttributeReader lines) throws NetlinkException.Malformed {
        List<LinkInfo.Vlan.PriorityMap> map = new ArrayList<>();
        while (lines.next()) {
            if (lines.type() == Uapi.IFLA_VLAN_QOS_MAPPING) {
                map.add(new LinkInfo.Vlan.PriorityMap(lines.u32(0), lines.u32(4)));
            }
        }
        return map;
    }

    private static LinkInfo macvlan(@Nullable AttributeReader data) throws NetlinkException.Malformed {
        int mode = LinkInfo.Macvlan.VEPA;
        int flags = 0;
        while (data != null && data.next()) {
            switch (data.type()) {
                case Uapi.IFLA_MACVLAN_MODE -> mode = data.u32();
                case Uapi.IFLA_MACVLAN_FLAGS -> flags = data.u16();
                default -> {}
            }
        }
        return new LinkInfo.Macvlan(mode, flags);
    }

    private static LinkInfo bridge(@Nullable AttributeReader data) throws NetlinkException.Malformed {
        int forwardDelay = LinkInfo.Bridge.DEFAULT.forwardDelay();
        int helloTime = LinkInfo.Bridge.DEFAULT.helloTime();
        int maxAge = LinkInfo.Bridge.DEFAULT.maxAge();
        int ageingTime = LinkInfo.Bridge.DEFAULT.ageingTime();
        int stpState = LinkInfo.Bridge.DEFAULT.stpState();
        int priority = LinkInfo.Bridge.DEFAULT.priority();
        boolean vlanFiltering = LinkInfo.Bridge.DEFAULT.vlanFiltering();
        while (data != null && data.next()) {
            switch (data.type()) {
                case Uapi.IFLA_BR_FORWARD_DELAY -> forwardDelay = data.u32();
                case Uapi.IFLA_BR_HELLO_TIME -> helloTime = data.u32();
                case Uapi.IFLA_BR_MAX_AGE -> maxAge = data.u32();
                case Uapi.IFLA_BR_AGEING_TIME -> ageingTime = data.u32();
                case Uapi.IFLA_BR_STP_STATE -> stpState = data.u32();
                case Uapi.IFLA_BR_PRIORITY -> priority = data.u16();
                case Uapi.IFLA_BR_VLAN_FILTERING -> vlanFiltering = data.u8() != 0;
                default -> {}
            }
        }
        return new LinkInfo.Bridge(forwardDelay, helloTime, maxAge, ageingTime, stpState, priority, vlanFiltering);
    }

    private static LinkInfo bond(@Nullable AttributeReader data) throws NetlinkException.Malformed {
        int mode = 0;
        int miimon = 0;
        OptionalInt active = OptionalInt.empty();
        while (data != null && data.next()) {
            switch (data.type()) {
                case Uapi.IFLA_BOND_MODE -> mode = data.u8();
                case Uapi.IFLA_BOND_MIIMON -> miimon = data.u32();
                case Uapi.IFLA_BOND_ACTIVE_SLAVE -> active = OptionalInt.of(data.u32());
                default -> {}
            }
        }
        return new LinkInfo.Bond(mode, miimon, active);
    }

    private static LinkInfo tun(@Nullable AttributeReader data) throws NetlinkException.Malformed {
        int type = 0;
        OptionalInt owner = OptionalInt.empty();
        OptionalInt group = OptionalInt.empty();
        boolean packetInfo = false;
        boolean vnetHeader = false;
        boolean persistent = false;
        boolean multiQueue = false;
        while (data != null && data.next()) {
            switch (data.type()) {
                case Uapi.IFLA_TUN_TYPE -> type = data.u8();
                case Uapi.IFLA_TUN_OWNER -> owner = OptionalInt.of(data.u32());
                case Uapi.IFLA_TUN_GROUP -> group = OptionalInt.of(data.u32());
                case Uapi.IFLA_TUN_PI -> packetInfo = data.u8() != 0;
                case Uapi.IFLA_TUN_VNET_HDR -> vnetHeader = data.u8() != 0;
                case Uapi.IFLA_TUN_PERSIST -> persistent = data.u8() != 0;
                case Uapi.IFLA_TUN_MULTI_QUEUE -> multiQueue = data.u8() != 0;
                default -> {}
            }
        }
        return new LinkInfo.Tun(type, owner, group, packetInfo, vnetHeader, persistent, multiQueue);
    }
}
