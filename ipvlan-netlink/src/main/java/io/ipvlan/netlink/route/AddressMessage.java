package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import org.jspecify.annotations.Nullable;

/// An address of a link as the kernel reports it. Source: `struct ifaddrmsg` and `IFA_*` in `linux/if_addr.h`.
///
/// @param index the link that carries it
/// @param address the address, and the length of the prefix that is on-link with it
/// @param flags the `IFA_F_*` flags
/// @param scope how far it is valid: 0 everywhere, 253 on the link, 254 in this host
public record AddressMessage(int index, IpCidr address, int flags, int scope) {

    /// Whether duplicate address detection is still running (`IFA_F_TENTATIVE`): the address cannot be used yet.
    ///
    /// @return true if tentative
    public boolean isTentative() {
        return (flags & Uapi.IFA_F_TENTATIVE) != 0;
    }

    static @Nullable AddressMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        if (message.type() != Uapi.RTM_NEWADDR || !Wire.isIp(message.fixed8(0))) {
            return null;
        }
        int length = message.fixed8(1);
        int flags = message.fixed8(2);
        int scope = message.fixed8(3);
        int index = message.fixed32(4);
        IpAddress address = null;
        IpAddress local = null;
        AttributeReader attributes = message.attributes(Uapi.IFADDRMSG_SIZE);
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.IFA_ADDRESS -> address = Wire.address(attributes);
                case Uapi.IFA_LOCAL -> local = Wire.address(attributes);
                case Uapi.IFA_FLAGS -> flags = attributes.u32();
                default -> {}
            }
        }
        // On a point-to-point link IFA_ADDRESS is the peer's and IFA_LOCAL one's own; IPv6 otherwise has only the
        // first.
        IpAddress own = local != null ? local : address;
        if (own == null) {
            throw new NetlinkException.Malformed("an address message of link " + index + " holds no address");
        }
        return new AddressMessage(index, Wire.cidr(own, length), flags, scope);
    }
}
