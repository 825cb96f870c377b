package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.netns.NetNamespace;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request to make, change or delete a link. Immutable; each `with`-like method answers with a changed copy.
/// Needs `CAP_NET_ADMIN` in every namespace it touches. A single request happens whole or not at all.
///
/// Source: rtnetlink(7), `linux/if_link.h`.
public final class LinkRequest implements NetlinkRequest {
    /// The longest name of a link in bytes, `IFNAMSIZ - 1` of `linux/if.h`.
    public static final int NAME_LIMIT = 15;

    private final int type;
    private final int flags;
    private final int index;
    private final int linkFlags;
    private final @Nullable String name;
    private final @Nullable LinkInfo info;
    private final int link;
    private final int mtu;
    private final @Nullable NetNamespace namespace;

    private LinkRequest(
            int type,
            int flags,
            int index,
            int linkFlags,
            @Nullable String name,
            @Nullable LinkInfo info,
            int link,
            int mtu,
            @Nullable NetNamespace namespace) {
        this.type = type;
        this.flags = flags;
        this.index = index;
        this.linkFlags = linkFlags;
        this.name = name;
        this.info = info;
        this.link = link;
        this.mtu = mtu;
        this.namespace = namespace;
    }

    /// Makes a link, down unless [#up] is asked for. Refused if the name or the index is taken (`EEXIST`).
    ///
    /// @param name its name, 1 to 15 bytes, without `/`, `:`, `%` and blanks, and not `.` or `..`. The kernel would
    ///     take a `%` for a pattern and choose a name of its own
    /// @param info its kind
    /// @return the request
    /// @throws IllegalArgumentException if the name cannot name a link
    public static LinkRequest create(String name, LinkInfo info) {
        return new LinkRequest(
                Uapi.RTM_NEWLINK,
                Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL,
                0,
                0,
                requireName(name),
                Objects.requireNonNull(info, "info"),
                0,
                0,
                null);
    }

    /// Changes a link that exists: combine with [#up] or [#mtu].
    ///
    /// @param index the link
    /// @return the request
    public static LinkRequest change(int index) {
        return new LinkRequest(Uapi.RTM_SETLINK, 0, index, 0, null, null, 0, 0, null);
    }

    /// Deletes a link, and with it its addresses and routes. **Deleting a parent deletes its children in every
    /// namespace**, without a word.
    ///
    /// @param index the link
    /// @return the request; refused with `ENODEV` if there is none
    public static LinkRequest delete(int index) {
        return new LinkRequest(Uapi.RTM_DELLINK, 0, index, 0, null, null, 0, 0, null);
    }

    /// Says which link the new one stands on: a child's parent, a VLAN's lower link.
    ///
    /// @param index the link, counted in the namespace of the socket that sends
    /// @return the changed request
    public LinkRequest linkedTo(int index) {
        return new LinkRequest(type, flags, this.index, linkFlags, name, info, index, mtu, namespace);
    }

    /// Makes the link in another namespace than the socket's, at once and under its final name.
    ///
    /// @param namespace where; must be open when the request is sent
    /// @return the changed request
    public LinkRequest in(NetNamespace namespace) {
        return new LinkRequest(
                type, flags, index, linkFlags, name, info, link, mtu, Objects.requireNonNull(namespace, "namespace"));
    }

    /// Chooses the new link's index, so that it is known without asking. Give one when making a link in another
    /// namespace: before Linux 6.15 the name would otherwise be looked up in the socket's.
    ///
    /// @param index a free number, positive; the kernel's own begin at 1
    /// @return the changed request
    public LinkRequest withIndex(int index) {
        return new LinkRequest(type, flags, index, linkFlags, name, info, link, mtu, namespace);
    }

    /// Brings the link up, in the same step.
    ///
    /// @return the changed request
    public LinkRequest up() {
        return new LinkRequest(type, flags, index, linkFlags | Uapi.IFF_UP, name, info, link, mtu, namespace);
    }

    /// Sets the largest packet; unless set, a child takes its parent's.
    ///
    /// @param bytes 68 to 65535
    /// @return the changed request
    public LinkRequest mtu(int bytes) {
        return new LinkRequest(type, flags, index, linkFlags, name, info, link, bytes, namespace);
    }

    @Override
    public int type() {
        return type;
    }

    @Override
    public int flags() {
        return flags;
    }

    @Override
    public void writeTo(AttributeWriter body) {
        body.fixed32(0)
                .fixed32(index)
                .fixed32(linkFlags)
                .fixed32(linkFlags); // struct ifinfomsg; flags, then their mask
        if (name != null) {
            body.string(Uapi.IFLA_IFNAME, name);
        }
        if (mtu != 0) {
            body.u32(Uapi.IFLA_MTU, mtu);
        }
        if (link != 0) {
            body.u32(Uapi.IFLA_LINK, link);
        }
        if (namespace != null) {
            body.u32(Uapi.IFLA_NET_NS_FD, namespace.descriptor());
        }
        if (info != null) {
            LinkInfo.write(body, info);
        }
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        String where = namespace == null ? "" : " in " + namespace;
        if (info != null) {
            return "create " + info.kind() + " link '" + name + "'" + where;
        }
        return (type == Uapi.RTM_DELLINK ? "delete" : "change") + " link " + index + where;
    }

    private static String requireName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        boolean allowed = bytes.length > 0 && bytes.length <= NAME_LIMIT && !name.equals(".") && !name.equals("..");
        for (byte b : bytes) {
            int c = Byte.toUnsignedInt(b); // 0xa0 is a blank to the kernel, also inside a character of UTF-8
            allowed &= c > ' ' && c != '/' && c != ':' && c != '%' && c != 0x7f && c != 0xa0;
        }
        if (!allowed) {
            throw new IllegalArgumentException("'" + name + "' cannot name a link: a name has 1 to " + NAME_LIMIT
                    + " bytes, no blank, '/', ':' or '%', and is not '.' or '..'");
        }
        return name;
    }
}
