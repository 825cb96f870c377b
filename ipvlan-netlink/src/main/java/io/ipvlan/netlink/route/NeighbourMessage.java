package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A neighbour as the kernel reports it: which hardware address an address on a link has; or, as a proxy
/// entry, that this host answers for an address. Source: `struct ndmsg` and `NDA_*` in `linux/neighbour.h`.
///
/// @param index the link; 0 for a proxy entry of all links
/// @param address the neighbour's address
/// @param hardwareAddress its hardware address; empty while it is not known, and for a proxy entry
/// @param state how well it is known, bits of [NeighbourState]
/// @param flags bits of [NeighbourFlag]
/// @param extendedFlags further flags, `NTF_EXT_*`: 1 the kernel keeps it confirmed; 0 before Linux 5.16
/// @param type of its address as routes see it, one of [RouteType]
/// @param protocol who made it, one of [RouteProtocol] or another
/// @param probes how often it has been asked without an answer
/// @param master the index of the bridge or bond the link belongs to; empty if none
public record NeighbourMessage(
        int index,
        IpAddress address,
        Optional<HardwareAddress> hardwareAddress,
        int state,
        int flags,
        int extendedFlags,
        int type,
        int protocol,
        int probes,
        OptionalInt master)
        implements RouteObject {

    /// Whether it is a proxy entry: this host answers for the address (`NTF_PROXY`).
    ///
    /// @return true if it is
    public boolean isProxy() {
        return (flags & NeighbourFlag.PROXY) != 0;
    }

    @Override
    public Object identity() {
        return List.of("neighbour", index, address, isProxy());
    }

    static @Nullable NeighbourMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        return message.type() == Uapi.RTM_NEWNEIGH ? read(message) : null;
    }

    /// Reads a message that is about a neighbour, whether it says that there is one or that there is one no
    /// longer; null if it is of another family, such as an entry of a bridge.
    static @Nullable NeighbourMessage read(NetlinkMessage message) throws NetlinkException.Malformed {
        if (!Wire.isIp(message.fixed8(0))) {
            return null;
        }
        int index = message.fixed32(4);
        int state = message.fixed16(8);
        int flags = message.fixed8(10);
        int type = message.fixed8(11);
        IpAddress address = null;
        Optional<HardwareAddress> hardwareAddress = Optional.empty();
        int extendedFlags = 0;
        int protocol = 0;
        int probes = 0;
        OptionalInt master = OptionalInt.empty();
        AttributeReader attributes = message.attributes(Uapi.NDMSG_SIZE);
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.NDA_DST -> address = Wire.address(attributes);
                case Uapi.NDA_LLADDR -> hardwareAddress = Optional.of(Wire.hardwareAddress(attributes));
                case Uapi.NDA_FLAGS_EXT -> extendedFlags = attributes.u32();
                case Uapi.NDA_PROTOCOL -> protocol = attributes.u8();
                case Uapi.NDA_PROBES -> probes = attributes.u32();
                case Uapi.NDA_MASTER -> master = OptionalInt.of(attributes.u32());
                default -> {}
            }
        }
        if (address == null) {
            throw new NetlinkException.Malformed("a neighbour message of link " + index + " holds no address");
        }
        return new NeighbourMessage(
                index, address, hardwareAddress, state, flags, extendedFlags, type, protocol, probes, master);
    }
}
