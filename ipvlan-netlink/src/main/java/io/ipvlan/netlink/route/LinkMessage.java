package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A link as the kernel reports it. Source: `struct ifinfomsg` and `IFLA_*` in `linux/if_link.h`.
///
/// @param index its number in its namespace
/// @param name its name
/// @param hardwareType what it is to ARP, `ARPHRD_*` of `linux/if_arp.h`: 1 Ethernet, 772 loopback, 65534
///     none
/// @param flags the `IFF_*` flags of `linux/if.h`
/// @param mtu the largest packet, in bytes
/// @param minMtu the smallest number the MTU may be set to; 0 if the kernel does not say
/// @param maxMtu the largest number the MTU may be set to; 0 for no bound, or if the kernel does not say
/// @param link the index of the link it stands on (a child's parent, a VLAN's lower link, the other end of
///     a veth); empty if none. In the namespace given by `linkNamespace`
/// @param linkNamespace the id under which this namespace knows the one that `link` counts in; empty if it
///     is this one
/// @param master the index of the bridge or bond it belongs to; empty if none
/// @param group the number it is grouped under, 0 unless set
/// @param queueLength how many packets wait for sending at most (`txqlen`)
/// @param operationalState whether it works, one of [OperationalState]
/// @param carrier whether it is plugged in, so to speak; false also while it is down
/// @param address its own hardware address, [HardwareAddress#NONE] if it needs none
/// @param alias free text, at most 255 bytes; empty if none was set
/// @param alternativeNames other names it is found by, in the order they were given
/// @param addressGeneration how it gets its IPv6 link-local address, one of [AddressGeneration]; empty
///     without IPv6
/// @param info its kind; empty for hardware and loopback links, which have none
/// @param statistics what it has counted; empty unless asked for
public record LinkMessage(
        int index,
        String name,
        int hardwareType,
        int flags,
        int mtu,
        int minMtu,
        int maxMtu,
        OptionalInt link,
        OptionalInt linkNamespace,
        OptionalInt master,
        int group,
        int queueLength,
        int operationalState,
        boolean carrier,
        HardwareAddress address,
        Optional<String> alias,
        List<String> alternativeNames,
        OptionalInt addressGeneration,
        Optional<LinkInfo> info,
        Optional<LinkStatistics> statistics)
        implements RouteObject {

    /// A link; the list is copied.
    public LinkMessage {
        alternativeNames = List.copyOf(alternativeNames);
    }

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

    @Override
    public Object identity() {
        return List.of("link", index);
    }

    static @Nullable LinkMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        return message.type() == Uapi.RTM_NEWLINK ? read(message, true) : null;
    }

    /// Reads a message that is about a link, whether it says that there is one or that there is one no
    /// longer; null if it is only about one side of it, as a bridge or a wireless driver tells.
    ///
    /// @param counting whether its statistics are of interest
    static @Nullable LinkMessage read(NetlinkMessage message, boolean counting) throws NetlinkException.Malformed {
        if (message.fixed8(0) != Uapi.AF_UNSPEC) {
            return null;
        }
        int hardwareType = message.fixed16(2);
        int index = message.fixed32(4);
        int flags = message.fixed32(8);
        AttributeReader attributes = message.attributes(Uapi.IFINFOMSG_SIZE);
        String name = "";
        int mtu = 0;
        int minMtu = 0;
        int maxMtu = 0;
        OptionalInt link = OptionalInt.empty();
        OptionalInt linkNamespace = OptionalInt.empty();
        OptionalInt master = OptionalInt.empty();
        int group = 0;
        int queueLength = 0;
        int operationalState = OperationalState.UNKNOWN;
        boolean carrier = false;
        HardwareAddress address = HardwareAddress.NONE;
        Optional<String> alias = Optional.empty();
        List<String> alternativeNames = List.of();
        OptionalInt addressGeneration = OptionalInt.empty();
        Optional<LinkInfo> info = Optional.empty();
        Optional<LinkStatistics> statistics = Optional.empty();
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.IFLA_IFNAME -> name = attributes.string();
                case Uapi.IFLA_MTU -> mtu = attributes.u32();
                case Uapi.IFLA_MIN_MTU -> minMtu = attributes.u32();
                case Uapi.IFLA_MAX_MTU -> maxMtu = attributes.u32();
                case Uapi.IFLA_LINK -> {
                    int lower = attributes.u32();
                    // Tunnels that stand on nothing report 0.
                    link = lower == 0 ? OptionalInt.empty() : OptionalInt.of(lower);
                }
                case Uapi.IFLA_LINK_NETNSID -> linkNamespace = OptionalInt.of(attributes.u32());
                case Uapi.IFLA_MASTER -> {
                    int upper = attributes.u32();
                    master = upper == 0 ? OptionalInt.empty() : OptionalInt.of(upper);
                }
                case Uapi.IFLA_GROUP -> group = attributes.u32();
                case Uapi.IFLA_TXQLEN -> queueLength = attributes.u32();
                case Uapi.IFLA_OPERSTATE -> operationalState = attributes.u8();
                case Uapi.IFLA_CARRIER -> carrier = attributes.u8() != 0;
                case Uapi.IFLA_ADDRESS -> address = Wire.hardwareAddress(attributes);
                case Uapi.IFLA_IFALIAS -> alias = Optional.of(attributes.string());
                case Uapi.IFLA_PROP_LIST -> alternativeNames = names(attributes.nested());
                case Uapi.IFLA_AF_SPEC -> addressGeneration = addressGeneration(attributes.nested());
                case Uapi.IFLA_LINKINFO -> info = Optional.of(LinkInfoReader.read(attributes.nested()));
                case Uapi.IFLA_STATS64 -> {
                    if (counting) {
                        statistics = Optional.of(LinkStatistics.read(attributes));
                    }
                }
                case Uapi.IFLA_WIRELESS -> {
                    return null;
                }
                default -> {}
            }
        }
        return new LinkMessage(
                index,
                name,
                hardwareType,
                flags,
                mtu,
                minMtu,
                maxMtu,
                link,
                linkNamespace,
                master,
                group,
                queueLength,
                operationalState,
                carrier,
                address,
                alias,
                alternativeNames,
                addressGeneration,
                info,
                statistics);
    }

    private static List<String> names(AttributeReader properties) throws NetlinkException.Malformed {
        List<String> names = new ArrayList<>();
        while (properties.next()) {
            if (properties.type() == Uapi.IFLA_ALT_IFNAME) {
                names.add(properties.string());
            }
        }
        return names;
    }

    private static OptionalInt addressGeneration(AttributeReader families) throws NetlinkException.Malformed {
        OptionalInt found = OptionalInt.empty();
        while (families.next()) {
            if (families.type() == Uapi.AF_INET6) {
                AttributeReader ipv6 = families.nested();
                while (ipv6.next()) {
                    if (ipv6.type() == Uapi.IFLA_INET6_ADDR_GEN_MODE) {
                        found = OptionalInt.of(ipv6.u8());
                    }
                }
            }
        }
        return found;
    }
}
