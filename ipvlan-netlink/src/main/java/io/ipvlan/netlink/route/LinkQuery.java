package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import org.jspecify.annotations.Nullable;

/// A question for links, for [RouteSocket#links(LinkQuery)]: all of them, or some. Immutable; each method
/// answers with a changed copy. Statistics are left out unless asked for, as they are half of the answer.
/// Needs no privilege. For one link see [LinkLookup].
///
/// Source: `rtnl_dump_ifinfo` in the kernel's `net/core/rtnetlink.c`.
public final class LinkQuery implements NetlinkRequest {
    private static final int OFFSET_INDEX = 4; // in struct ifinfomsg
    private static final RequestBody WITHOUT_STATISTICS =
            RequestBody.ofSize(Uapi.IFINFOMSG_SIZE).u32(Uapi.IFLA_EXT_MASK, Uapi.RTEXT_FILTER_SKIP_STATS);
    private static final LinkQuery ALL = new LinkQuery("list the links", WITHOUT_STATISTICS, null, 0, false);

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

    /// What a question for a link says, or, without an index, one for all.
    static RequestBody body(int index) {
        return WITHOUT_STATISTICS.fixed32(OFFSET_INDEX, index);
    }

    /// All links of the namespace.
    ///
    /// @return the question
    public static LinkQuery all() {
        return ALL;
    }

    /// Only links of a kind.
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

    /// Only links that belong to a bridge or a bond.
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
