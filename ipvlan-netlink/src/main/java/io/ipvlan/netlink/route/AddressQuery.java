package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;

/// A question for addresses, with filters that the kernel applies: for
/// [RouteSocket#addresses(AddressQuery)]. Immutable; each method answers with a changed copy. Needs no
/// privilege.
///
/// Source: `inet_dump_ifaddr` in the kernel's `net/ipv4/devinet.c`, and its IPv6 counterpart.
public final class AddressQuery implements NetlinkRequest {
    private static final AddressQuery ALL =
            new AddressQuery("list the addresses", RequestBody.ofSize(Uapi.IFADDRMSG_SIZE));

    private final String words;
    private final RequestBody body;

    private AddressQuery(String words, RequestBody body) {
        this.words = words;
        this.body = body;
    }

    /// The addresses of all links, both families.
    ///
    /// @return the question
    public static AddressQuery all() {
        return ALL;
    }

    /// Only addresses of one link.
    ///
    /// @param index the link
    /// @return the changed question; refused with `ENODEV` if there is none
    public AddressQuery ofLink(int index) {
        return new AddressQuery(words + " of link " + index, body.fixed32(4, index));
    }

    /// Only addresses of one family.
    ///
    /// @param family the family
    /// @return the changed question
    public AddressQuery ofFamily(IpFamily family) {
        return new AddressQuery(words + " of " + family, body.fixed8(0, Wire.number(family)));
    }

    /// In another namespace than the socket's. Needs Linux 4.20.
    ///
    /// @param namespaceId the id under which the socket's namespace knows it, see [NamespaceIdRequest]
    /// @return the changed question; refused with `EINVAL` if the id is not assigned
    public AddressQuery inNamespace(int namespaceId) {
        return new AddressQuery(words + " in namespace " + namespaceId, body.u32(Uapi.IFA_TARGET_NETNSID, namespaceId));
    }

    @Override
    public int type() {
        return Uapi.RTM_GETADDR;
    }

    @Override
    public void writeTo(AttributeWriter to) {
        body.writeTo(to);
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        return words;
    }
}
