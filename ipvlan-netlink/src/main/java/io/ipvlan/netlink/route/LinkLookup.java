package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import org.jspecify.annotations.Nullable;

/// A question for one link, for [RouteSocket#link(LinkLookup)]. Immutable; each method answers with a changed
/// copy. Statistics are left out unless asked for, as they are half of the answer. Needs no privilege.
///
/// Source: `rtnl_getlink` in the kernel's `net/core/rtnetlink.c`.
public final class LinkLookup implements NetlinkRequest {
    private final Object link;
    private final RequestBody body;
    private final boolean counting;

    /// @param link which link, to be named in errors: words, or its index
    private LinkLookup(Object link, RequestBody body, boolean counting) {
        this.link = link;
        this.body = body;
        this.counting = counting;
    }

    /// By its index.
    ///
    /// @param index the index
    /// @return the question
    public static LinkLookup byIndex(int index) {
        return new LinkLookup(index, LinkQuery.body(index), false);
    }

    /// By its name. Since Linux 5.5 an alternative name of at most 15 bytes is found, too.
    ///
    /// @param name the name
    /// @return the question
    public static LinkLookup byName(String name) {
        return new LinkLookup("'" + name + "'", LinkQuery.body(0).string(Uapi.IFLA_IFNAME, name), false);
    }

    /// By any of its names. Needs Linux 5.5.
    ///
    /// @param name its name, or one of its alternative names, of any length
    /// @return the question
    public static LinkLookup byAlternativeName(String name) {
        return new LinkLookup("'" + name + "'", LinkQuery.body(0).string(Uapi.IFLA_ALT_IFNAME, name), false);
    }

    /// With statistics.
    ///
    /// @return the changed question
    public LinkLookup withStatistics() {
        return new LinkLookup(link, body.u32(Uapi.IFLA_EXT_MASK, 0), true);
    }

    /// In another namespace than the socket's. Needs Linux 4.20.
    ///
    /// @param namespaceId the id under which the socket's namespace knows it, see [NamespaceIdRequest]
    /// @return the changed question; refused with `EINVAL` if the id is not assigned
    public LinkLookup inNamespace(int namespaceId) {
        return new LinkLookup(
                link + " in namespace " + namespaceId, body.u32(Uapi.IFLA_TARGET_NETNSID, namespaceId), counting);
    }

    @Nullable
    LinkMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        return message.type() == Uapi.RTM_NEWLINK ? LinkMessage.read(message, counting) : null;
    }

    @Override
    public int type() {
        return Uapi.RTM_GETLINK;
    }

    @Override
    public void writeTo(AttributeWriter to) {
        body.writeTo(to);
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        return "look up link " + link;
    }
}
