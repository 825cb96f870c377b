package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import java.util.Objects;

/// A request to give an address to a link or to take it away. Needs `CAP_NET_ADMIN`.
///
/// Bring the link up before it gets an IPv6 address: the other way round the kernel has been seen to take up to a
/// second
/// until the address works. Source: rtnetlink(7), `linux/if_addr.h`.
public final class AddressRequest implements NetlinkRequest {
    private final int type;
    private final int requestFlags;
    private final int index;
    private final IpCidr address;

    private AddressRequest(int type, int requestFlags, int index, IpCidr address) {
        this.type = type;
        this.requestFlags = requestFlags;
        this.index = index;
        this.address = Objects.requireNonNull(address, "address");
    }

    /// Adds an address. IPv6 addresses are added without duplicate address detection (`IFA_F_NODAD`), so that they
    /// work at once. The kernel adds the on-link route of the prefix by itself while the link is up.
    ///
    /// @param index the link
    /// @param address the address with the length of its on-link prefix. **The kernel accepts IPv4 addresses that
    ///     make no sense** (0.0.0.0, multicast, a network's own): check before
    /// @return the request; refused with `EEXIST` if the link has the address, with `EADDRINUSE` if a sibling child
    ///     has
    public static AddressRequest add(int index, IpCidr address) {
        return new AddressRequest(Uapi.RTM_NEWADDR, Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL, index, address);
    }

    /// Takes an address away.
    ///
    /// @param index the link
    /// @param address the address with its prefix length
    /// @return the request; refused with `EADDRNOTAVAIL` if the link has no such address
    public static AddressRequest delete(int index, IpCidr address) {
        return new AddressRequest(Uapi.RTM_DELADDR, 0, index, address);
    }

    @Override
    public int type() {
        return type;
    }

    @Override
    public int flags() {
        return requestFlags;
    }

    @Override
    public void writeTo(AttributeWriter body) {
        boolean ipv4 = address.family() == IpFamily.IPV4;
        body.fixed8(Wire.number(address.family()))
                .fixed8(address.length())
                .fixed8(ipv4 ? 0 : Uapi.IFA_F_NODAD)
                .fixed8(0)
                .fixed32(index);
        byte[] bytes = address.address().toBytes();
        body.bytes(Uapi.IFA_LOCAL, bytes).bytes(Uapi.IFA_ADDRESS, bytes);
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        return type == Uapi.RTM_NEWADDR
                ? "add address " + address + " to link " + index
                : "delete address " + address + " from link " + index;
    }
}
