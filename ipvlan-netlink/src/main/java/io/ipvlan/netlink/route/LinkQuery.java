package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import org.jspecify.annotations.Nullable;

/// A question for links: for all of them, with filters, or for one. Immutable; each method answers with a
/// changed copy. Statistics are left out unless asked for, as they are half of the answer. Needs no
/// privilege.
///
/// Source: `rtnl_getlink` and `rtnl_dump_ifinfo` in the kernel's `net/core/rtnetlink.c`.
public final class LinkQuery implements NetlinkRequest {
    private static final int OFFSET_INDEX = 4; // in struct ifinfomsg
    private static final LinkQuery ALL = new LinkQuery("list the links", body(0), null, 0, false);

    private final String words;
    private final RequestBody body;
    private final @Nullable String kind;
    private final int master;
    private final boolean counting;

    private LinkQuery(String words, RequestBody body, @Nullable String kind, int master, boolean counting) {
        this.words = words;
        this.body = body;
        this.kind = kind;
        this.master = master;
        this.counting = counting;
    }

    private static RequestBody body(int index) {
        return RequestBody.ofSize(Uapi.IFINFOMSG_SIZE)
                .fixed32(OFFSET_INDEX, index)
                .u32(Uapi.IFLA_EXT_MASK, Uapi.RTEXT_FILTER_SKIP_STATS);
    }

    /// All links of the namespace, for [RouteSocket#links(LinkQuery)].
    ///
    /// @return the question
    public static LinkQuery all() {
        return ALL;
    }

    /// One link, for [RouteSocket#link(LinkQuery)].
    ///
    /// @param index its index
    /// @return the question
    public static LinkQuery byIndex(int index) {
        return new LinkQuery("look up link " + index, body(index), null, 0, false);
    }

    /// One link, for [RouteSocket#link(LinkQuery)]. Since Linux 5.5 an alternative name of at most 15 bytes
    /// is found, too.
    ///
    /// @param name its name
    /// @return the question
    public static LinkQuery byName(String name) {
        return new LinkQuery("look up link '" + name + "'", body(0).string(Uapi.IFLA_IFNAME, name), null, 0, false);
    }

    /// One link, for [RouteSocket#link(LinkQuery)]. Needs Linux 5.5.
    ///
    /// @param name its name, or one of its alternative names, of any length
    /// @return the question
    public static LinkQuery byAlternativeName(String name) {
        return new LinkQuery("look up link '" + name + "'", body(0).string(Uapi.IFLA_ALT_IFNAME, name), null, 0, false);
    }

    /// Only links of a kind. For all links, not for one.
    ///
    /// @param kind the kernel's name of the kind, such as `ipvlan`
    /// @return the changed question
    public LinkQuery ofKind(String kind) {
        return new LinkQuery(
                words + " of kind '" + kind + "'",
                body.nest(Uapi.IFLA_LINKINFO, RequestBody.nest().string(Uapi.IFLA_INFO_KIND, kind)),
                kind,
                master,
                counting);
    }

    /// Only links that belong to a bridge or a bond. For all links, not for one.
    ///
    /// @param index the bridge or bond
    /// @return the changed question
    public LinkQuery ofMaster(int index) {
        return new LinkQuery(words + " of master " + index, body.u32(Uapi.IFLA_MASTER, index), kind, index, counting);
    }

    /// With statistics.
    ///
    /// @return the changed question
    public LinkQuery withStatistics() {
        return new LinkQuery(words, body.u32(Uapi.IFLA_EXT_MASK, 0), kind, master, true);
    }

    /// In another namespace than the socket's. Needs Linux 4.20.
    ///
    /// @param namespaceId the id under which the socket's namespace knows it, see [NamespaceIdRequest]
    /// @return the changed question; refused with `EINVAL` if the id is not assigned
    public LinkQuery inNamespace(int namespaceId) {
        return new LinkQuery(
                words + " in namespace " + namespaceId,
                body.u32(Uapi.IFLA_TARGET_NETNSID, namespaceId),
                kind,
                master,
                counting);
    }

    /// Reads an answer; null if it is none to this question. A kernel filters by itself, but not by a kind
    /// whose module is not loaded: then it answers with everything. And it leaves out only some of the
    /// statistics.
    @Nullable
    LinkMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        LinkMessage link = message.type() == Uapi.RTM_NEWLINK ? LinkMessage.read(message, counting) : null;
        return link != null && admits(link) ? link : null;
    }

    private boolean admits(LinkMessage link) {
        return (kind == null || kind.equals(link.info().map(LinkInfo::kind).orElse(null)))
                && (master == 0 || link.master().orElse(0) == master);
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
        return words;
    }
}
