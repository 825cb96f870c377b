package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A link as the kernel reports it. Source: `struct ifinfomsg` and `IFLA_*` in `linux/if_link.h`.
///
/// @param index its number in its namespace
/// @param name its name
/// @param flags the `IFF_*` flags of `linux/if.h`
/// @param mtu the largest packet, in bytes
/// @param link the index of the link it stands on (a child's parent, a VLAN's lower link, the other end of a veth);
///     empty if none. In the namespace given by `linkNamespace`
/// @param linkNamespace the id under which this namespace knows the one that `link` counts in; empty if it is this
///     one
/// @param master the index of the bridge or bond it belongs to; empty if none
/// @param info its kind; empty for hardware and loopback links, which have none
public record LinkMessage(
        int index,
        String name,
        int flags,
        int mtu,
        OptionalInt link,
        OptionalInt linkNamespace,
        OptionalInt master,
        Optional<LinkInfo> info) {

    /// Whether it is administratively up (`IFF_UP`).
    ///
    /// @return true if up
    public boolean isUp() {
        return (flags & Uapi.IFF_UP) != 0;
    }

    /// Whether it is the loopback link (`IFF_LOOPBACK`).
    ///
    /// @return true if it is
    public boolean isLoopback() {
        return (flags & Uapi.IFF_LOOPBACK) != 0;
    }

    static @Nullable LinkMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        if (message.type() != Uapi.RTM_NEWLINK) {
            return null;
        }
        int index = message.fixed32(4);
        int flags = message.fixed32(8);
        AttributeReader attributes = message.attributes(Uapi.IFINFOMSG_SIZE);
        String name = "";
        int mtu = 0;
        OptionalInt link = OptionalInt.empty();
        OptionalInt linkNamespace = OptionalInt.empty();
        OptionalInt master = OptionalInt.empty();
        Optional<LinkInfo> info = Optional.empty();
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.IFLA_IFNAME -> name = attributes.string();
                case Uapi.IFLA_MTU -> mtu = attributes.u32();
                case Uapi.IFLA_LINK -> {
                    int lower = attributes.u32();
                    // Tunnels that stand on nothing report 0.
                    link = lower == 0 ? OptionalInt.empty() : OptionalInt.of(lower);
                }
                case Uapi.IFLA_LINK_NETNSID -> linkNamespace = OptionalInt.of(attributes.u32());
                case Uapi.IFLA_MASTER -> master = OptionalInt.of(attributes.u32());
                case Uapi.IFLA_LINKINFO -> info = Optional.of(LinkInfo.read(attributes.nested()));
                default -> {}
            }
        }
        return new LinkMessage(index, name, flags, mtu, link, linkNamespace, master, info);
    }
}
