package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request to give another namespace a number, by which the socket's namespace then knows it: the one
/// that [LinkMessage#linkNamespace] reports and [LinkRequest#linkedTo(int, int)] takes. Needs
/// `CAP_NET_ADMIN`. A number once given stays until one of both namespaces is gone; the kernel gives
/// numbers by itself when a link leads elsewhere.
///
/// Source: `linux/net_namespace.h`, `rtnl_net_newid` in the kernel's `net/core/net_namespace.c`.
public final class NamespaceIdRequest implements NetlinkRequest {
    private static final int RTGENMSG_ALIGNED = 4;
    private static final int ANY = -1;

    private final int type;
    private final String words;
    private final RequestBody body;
    private final @Nullable NetNamespace namespace;

    private NamespaceIdRequest(int type, String words, RequestBody body, @Nullable NetNamespace namespace) {
        this.type = type;
        this.words = words;
        this.body = body;
        this.namespace = namespace;
    }

    /// Gives a namespace a number.
    ///
    /// @param namespace the other namespace; must be open when the request is sent
    /// @param id the number, 0 or more
    /// @return the request; refused with `EEXIST` if the namespace has a number already, or the number is
    ///     another's
    public static NamespaceIdRequest assign(NetNamespace namespace, int id) {
        return of(
                Uapi.RTM_NEWNSID,
                "know " + namespace + " as " + id,
                namespace,
                RequestBody.ofSize(RTGENMSG_ALIGNED).u32(Uapi.NETNSA_NSID, id));
    }

    /// Gives a namespace a number of the kernel's choice; ask for it with
    /// [RouteSocket#namespaceId(NetNamespace)].
    ///
    /// @param namespace the other namespace; must be open when the request is sent
    /// @return the request; refused with `EEXIST` if the namespace has a number already
    public static NamespaceIdRequest assign(NetNamespace namespace) {
        return of(
                Uapi.RTM_NEWNSID,
                "know " + namespace + " by a number",
                namespace,
                RequestBody.ofSize(RTGENMSG_ALIGNED).u32(Uapi.NETNSA_NSID, ANY));
    }

    private static NamespaceIdRequest of(int type, String words, NetNamespace namespace, RequestBody body) {
        Objects.requireNonNull(namespace, "namespace");
        return new NamespaceIdRequest(type, words, body, namespace);
    }

    static NamespaceIdRequest lookUp(NetNamespace namespace) {
        return of(
                Uapi.RTM_GETNSID,
                "look up the number of " + namespace,
                namespace,
                RequestBody.ofSize(RTGENMSG_ALIGNED));
    }

    static NamespaceIdRequest lookUpProcess(int pid) {
        return new NamespaceIdRequest(
                Uapi.RTM_GETNSID,
                "look up the number of the network namespace of process " + pid,
                RequestBody.ofSize(RTGENMSG_ALIGNED).u32(Uapi.NETNSA_PID, pid),
                null);
    }

    static NamespaceIdRequest list() {
        return new NamespaceIdRequest(
                Uapi.RTM_GETNSID, "list the numbers of namespaces", RequestBody.ofSize(RTGENMSG_ALIGNED), null);
    }

    /// The number in an answer; null if there is none.
    static @Nullable Integer decode(NetlinkMessage message) throws NetlinkException.Malformed {
        return message.type() == Uapi.RTM_NEWNSID ? read(message) : null;
    }

    static @Nullable Integer read(NetlinkMessage message) throws NetlinkException.Malformed {
        Integer found = null;
        AttributeReader attributes = message.attributes(RTGENMSG_ALIGNED);
        while (attributes.next()) {
            if (attributes.type() == Uapi.NETNSA_NSID) {
                int id = attributes.u32();
                found = id == ANY ? null : Integer.valueOf(id);
            }
        }
        return found;
    }

    @Override
    public int type() {
        return type;
    }

    @Override
    public void hold() {
        if (namespace != null) {
            namespace.hold();
        }
    }

    @Override
    public void release() {
        if (namespace != null) {
            namespace.release();
        }
    }

    @Override
    public void writeTo(AttributeWriter to) {
        body.writeTo(to);
        if (namespace != null) { // only now: the number of a handle that was closed may be another file's
            to.u32(Uapi.NETNSA_FD, namespace.descriptor());
        }
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        return words;
    }
}
