package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Uapi;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// One of several next hops of a route, among which the kernel chooses by their weights.
///
/// Source: `struct rtnexthop` in `linux/rtnetlink.h`.
///
/// @param gateway its address, of either family for an IPv4 route; empty if the destination is on-link
/// @param device the index of the link it is reached by; empty to let the kernel find it by the gateway
/// @param weight its share, 1 to 256
/// @param flags `RTNH_F_*`: 1 dead, 4 on-link, 8 offloaded, 16 the link has no carrier; only on-link is the
///     caller's to set
public record NextHop(Optional<IpAddress> gateway, OptionalInt device, int weight, int flags) {
    /// The most that a weight can be.
    public static final int WEIGHT_LIMIT = 256;

    /// A next hop.
    ///
    /// @throws IllegalArgumentException if the weight is not 1 to 256
    public NextHop {
        if (weight < 1 || weight > WEIGHT_LIMIT) {
            throw new IllegalArgumentException("a next hop weighs 1 to " + WEIGHT_LIMIT + ", not " + weight);
        }
    }

    /// Without the flags that are not the caller's.
    NextHop withoutState() {
        return new NextHop(gateway, device, weight, flags & Uapi.RTNH_F_ONLINK);
    }

    /// A next hop by its address, with weight 1.
    ///
    /// @param gateway the address, which must be on-link
    /// @return the next hop
    public static NextHop via(IpAddress gateway) {
        return new NextHop(Optional.of(gateway), OptionalInt.empty(), 1, 0);
    }

    /// A next hop by its address and link, with weight 1.
    ///
    /// @param gateway the address
    /// @param device the link
    /// @return the next hop
    public static NextHop via(IpAddress gateway, int device) {
        return new NextHop(Optional.of(gateway), OptionalInt.of(device), 1, 0);
    }

    /// A link the destination is on, with weight 1.
    ///
    /// @param device the link
    /// @return the next hop
    public static NextHop by(int device) {
        return new NextHop(Optional.empty(), OptionalInt.of(device), 1, 0);
    }

    /// With another weight.
    ///
    /// @param newWeight its share, 1 to 256
    /// @return the changed copy
    /// @throws IllegalArgumentException if the weight is not 1 to 256
    public NextHop withWeight(int newWeight) {
        return new NextHop(gateway, device, newWeight, flags);
    }

    /// With a gateway that counts as on-link, whatever the addresses of the link say.
    ///
    /// @return the changed copy
    public NextHop onLink() {
        return new NextHop(gateway, device, weight, flags | Uapi.RTNH_F_ONLINK);
    }

    /// What `RTA_MULTIPATH` of a route of a family holds: structs, each followed by attributes of its own.
    static RequestBody toBody(List<NextHop> hops, IpFamily family) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        hops.forEach(hop -> bytes.writeBytes(hop.toBytes(family)));
        return RequestBody.of(bytes.toByteArray());
    }

    private byte[] toBytes(IpFamily family) {
        RequestBody body = RequestBody.ofSize(Uapi.RTNEXTHOP_SIZE)
                .fixed8(2, flags & Uapi.RTNH_F_ONLINK)
                .fixed8(3, weight - 1)
                .fixed32(4, device.orElse(0));
        if (gateway.isPresent()) {
            IpAddress address = gateway.get();
            body = address.family() == family
                    ? body.bytes(Uapi.RTA_GATEWAY, address.toBytes())
                    : body.bytes(Uapi.RTA_VIA, Wire.via(address));
        }
        byte[] bytes = body.toBytes();
        Wire.put16(bytes, 0, bytes.length);
        return bytes;
    }

    /// Reads what `RTA_MULTIPATH` holds.
    static List<NextHop> readAll(AttributeReader hops) throws NetlinkException.Malformed {
        List<NextHop> list = new ArrayList<>();
        int at = 0;
        while (at < hops.length()) {
            int length = hops.u16(at);
            if (length < Uapi.RTNEXTHOP_SIZE || length > hops.length() - at) {
                throw new NetlinkException.Malformed(
                        "a next hop claims " + length + " bytes where " + (hops.length() - at) + " are left");
            }
            int device = hops.u32(at + 4);
            list.add(new NextHop(
                    Optional.ofNullable(gateway(hops.nested(at + Uapi.RTNEXTHOP_SIZE, at + length))),
                    device == 0 ? OptionalInt.empty() : OptionalInt.of(device),
                    hops.u8(at + 3) + 1,
                    hops.u8(at + 2)));
            at += (length + 3) & ~3;
        }
        return list;
    }

    private static @Nullable IpAddress gateway(AttributeReader attributes) throws NetlinkException.Malformed {
        IpAddress gateway = null;
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.RTA_GATEWAY -> gateway = Wire.address(attributes);
                case Uapi.RTA_VIA -> gateway = Wire.via(attributes);
                default -> {}
            }
        }
        return gateway;
    }
}
