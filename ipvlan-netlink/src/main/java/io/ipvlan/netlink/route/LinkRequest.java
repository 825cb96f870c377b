package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.netns.NetNamespace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request to make, change or delete a link. Immutable; each method that sets something answers with a
/// changed copy, and what is not set is left to the kernel. Needs `CAP_NET_ADMIN` in every namespace it
/// touches. A request to make or delete happens whole or not at all; one to change may be carried out in part
/// when it is refused.
///
/// Source: rtnetlink(7), `linux/if_link.h`.
public final class LinkRequest implements NetlinkRequest {
    /// The longest name of a link in bytes, `IFNAMSIZ - 1` of `linux/if.h`.
    public static final int NAME_LIMIT = 15;

    /// The longest alias in bytes, `IFALIASZ - 1` of `linux/if.h`.
    public static final int ALIAS_LIMIT = 255;

    private static final int OFFSET_INDEX = 4; // in struct ifinfomsg
    private static final int OFFSET_FLAGS = 8;
    private static final int OFFSET_FLAGS_MASK = 12;

    private final int type;
    private final int flags;
    private final String words;
    private final RequestBody body;
    private final @Nullable LinkInfo info;
    private final @Nullable NetNamespace namespace;

    private LinkRequest(
            int type,
            int flags,
            String words,
            RequestBody body,
            @Nullable LinkInfo info,
            @Nullable NetNamespace namespace) {
        this.type = type;
        this.flags = flags;
        this.words = words;
        this.body = body;
        this.info = info;
        this.namespace = namespace;
    }

    private static LinkRequest of(int type, int flags, String words, RequestBody body) {
        return new LinkRequest(type, flags, words, body, null, null);
    }

    private static RequestBody body(int index) {
        return RequestBody.ofSize(Uapi.IFINFOMSG_SIZE).fixed32(OFFSET_INDEX, index);
    }

    /// Makes a link, down unless [#up] is asked for. Refused if the name or the index is taken (`EEXIST`).
    ///
    /// @param name its name, 1 to 15 bytes, without `/`, `:`, `%` and blanks, and not `.` or `..`. The kernel
    ///     would take a `%` for a pattern and choose a name of its own
    /// @param info its kind
    /// @return the request
    /// @throws IllegalArgumentException if the name cannot name a link
    public static LinkRequest create(String name, LinkInfo info) {
        Objects.requireNonNull(info, "info");
        return peer(name).withInfo("create " + info.kind() + " link '" + name + "'", info);
    }

    /// Describes the other end of a veth, for [LinkInfo.Veth#to]: its name, and what is set further, such as
    /// [#in], [#withIndex], [#mtu] and [#address]. Not to be sent by itself. **It cannot be born up**
    /// (`ENOTCONN`): at that moment it has no other end yet.
    ///
    /// @param name its name, as of [#create]
    /// @return the description
    /// @throws IllegalArgumentException if the name cannot name a link
    public static LinkRequest peer(String name) {
        return of(
                Uapi.RTM_NEWLINK,
                Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL,
                "create link '" + name + "'",
                body(0).string(Uapi.IFLA_IFNAME, LinkNames.requireName(name)));
    }

    /// Changes a link that exists: combine with [#up], [#mtu], [#rename], [#in] and others.
    ///
    /// @param index the link
    /// @return the request; refused with `ENODEV` if there is none
    public static LinkRequest change(int index) {
        return of(Uapi.RTM_SETLINK, 0, "change link " + index, body(index));
    }

    /// Deletes a link, and with it its addresses and routes. **Deleting a parent deletes its children in
    /// every namespace**, without a word.
    ///
    /// @param index the link
    /// @return the request; refused with `ENODEV` if there is none
    public static LinkRequest delete(int index) {
        return of(Uapi.RTM_DELLINK, 0, "delete link " + index, body(index));
    }

    /// Deletes all links of a group in one go, which is far quicker than one by one.
    ///
    /// @param group the group, not 0, which all links are in at first (`EPERM`)
    /// @return the request; refused with `ENODEV` if the group is empty, and with `EOPNOTSUPP` if one of its
    ///     links cannot be deleted; nothing is deleted then
    public static LinkRequest deleteGroup(int group) {
        return of(Uapi.RTM_DELLINK, 0, "delete the links of group " + group, body(0).u32(Uapi.IFLA_GROUP, group));
    }

    /// Gives a link further names, by which it is found as by its own. Needs Linux 5.5.
    ///
    /// @param index the link
    /// @param names the names, of 1 to 127 bytes each
    /// @return the request; refused with `EEXIST` at the first that is taken, those before it given
    /// @throws IllegalArgumentException if a name cannot name a link
    public static LinkRequest addAlternativeNames(int index, List<String> names) {
        int flags = Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL | Uapi.NLM_F_APPEND;
        return alternativeNames(Uapi.RTM_NEWLINKPROP, flags, "add alternative names ", " to link ", index, names);
    }

    /// Takes further names of a link away.
    ///
    /// @param index the link
    /// @param names the names
    /// @return the request; refused with `ENOENT` at the first it does not have
    /// @throws IllegalArgumentException if a name cannot name a link
    public static LinkRequest deleteAlternativeNames(int index, List<String> names) {
        // No flags: in a deletion the bit of NLM_F_EXCL asks for all at once, which properties refuse.
        return alternativeNames(Uapi.RTM_DELLINKPROP, 0, "delete alternative names ", " from link ", index, names);
    }

    private static LinkRequest alternativeNames(
            int type, int flags, String verb, String preposition, int index, List<String> names) {
        List<String> copy = names.stream().map(LinkNames::requireAlternative).toList();
        RequestBody list = RequestBody.nest();
        for (String name : copy) {
            list = list.add(Uapi.IFLA_ALT_IFNAME, name);
        }
        return of(type, flags, verb + copy + preposition + index, body(index).nest(Uapi.IFLA_PROP_LIST, list));
    }

    private LinkRequest with(RequestBody changed) {
        return new LinkRequest(type, flags, words, changed, info, namespace);
    }

    private LinkRequest withInfo(String newWords, LinkInfo newInfo) {
        return new LinkRequest(type, flags, newWords, body, newInfo, namespace);
    }

    /// Says which link the new one stands on: a child's parent, a VLAN's lower link.
    ///
    /// @param index the link, counted in the namespace of the socket that sends
    /// @return the changed request
    public LinkRequest linkedTo(int index) {
        return with(body.without(Uapi.IFLA_LINK_NETNSID).u32(Uapi.IFLA_LINK, index));
    }

    /// Says which link of another namespace the new one stands on.
    ///
    /// @param index the link, counted in that namespace
    /// @param namespaceId the id under which the namespace of the socket that sends knows that one, see
    ///     [NamespaceIdRequest]
    /// @return the changed request; refused with `EINVAL` if the id is not assigned
    public LinkRequest linkedTo(int index, int namespaceId) {
        return with(body.u32(Uapi.IFLA_LINK, index).u32(Uapi.IFLA_LINK_NETNSID, namespaceId));
    }

    /// Makes the link in another namespace than the socket's, at once and under its final name; or moves one
    /// that exists there, which takes its addresses away, puts it down and can take 20 ms.
    ///
    /// @param namespace where; must be open when the request is sent
    /// @return the changed request
    public LinkRequest in(NetNamespace namespace) {
        Objects.requireNonNull(namespace, "namespace");
        return new LinkRequest(type, flags, words, body.without(Uapi.IFLA_NET_NS_PID), info, namespace);
    }

    /// Makes or moves the link as [#in], into the namespace of a process. A handle is safer: a process id may
    /// be another process's by the time the request is sent.
    ///
    /// @param pid the process, as counted in the caller's process namespace
    /// @return the changed request; refused with `ESRCH` if there is no such process
    public LinkRequest inNamespaceOf(int pid) {
        RequestBody changed = body.u32(Uapi.IFLA_NET_NS_PID, pid);
        return new LinkRequest(type, flags, words, changed, info, null);
    }

    /// Chooses the new link's index, so that it is known without asking. Give one when making a link in
    /// another namespace: before Linux 6.15 the name would otherwise be looked up in the socket's.
    ///
    /// @param index a free number, positive; the kernel's own begin at 1
    /// @return the changed request
    public LinkRequest withIndex(int index) {
        return with(body.fixed32(OFFSET_INDEX, index));
    }

    /// Brings the link up, in the same step.
    ///
    /// @return the changed request
    public LinkRequest up() {
        return linkFlags(Uapi.IFF_UP, Uapi.IFF_UP);
    }

    /// Puts the link down; its IPv6 addresses and its routes are lost.
    ///
    /// @return the changed request
    public LinkRequest down() {
        return linkFlags(0, Uapi.IFF_UP);
    }

    /// Sets or clears flags of the link.
    ///
    /// @param values the flags, `IFF_*` of `linux/if.h`
    /// @param mask which of them are meant; the others stay as they are
    /// @return the changed request
    public LinkRequest linkFlags(int values, int mask) {
        return with(body.bits32(OFFSET_FLAGS, mask, values).bits32(OFFSET_FLAGS_MASK, mask, mask));
    }

    /// Gives a link that exists another name; [#create] has its name already.
    ///
    /// @param name the new name, as of [#create]
    /// @return the changed request; refused with `EEXIST` if the name is taken, and before Linux 6.0 with
    ///     `EBUSY` if the link is up
    /// @throws IllegalArgumentException if the name cannot name a link
    public LinkRequest rename(String name) {
        return with(body.string(Uapi.IFLA_IFNAME, LinkNames.requireName(name)));
    }

    /// Sets the largest packet; unless set, a child takes its parent's.
    ///
    /// @param bytes 68 to 65535
    /// @return the changed request
    public LinkRequest mtu(int bytes) {
        return with(body.u32(Uapi.IFLA_MTU, bytes));
    }

    /// Sets the hardware address. An ipvlan child ignores one when it is made, and refuses one later
    /// (`EOPNOTSUPP`): it has its parent's.
    ///
    /// @param address the address, of the length the link's kind has
    /// @return the changed request
    public LinkRequest address(HardwareAddress address) {
        return with(body.bytes(Uapi.IFLA_ADDRESS, address.toBytes()));
    }

    /// Puts the link into a bridge or a bond, or takes it out.
    ///
    /// @param index the bridge or bond; 0 for none
    /// @return the changed request
    public LinkRequest master(int index) {
        return with(body.u32(Uapi.IFLA_MASTER, index));
    }

    /// Sets the alias, free text. **Ignored when a link is made**: change it afterwards.
    ///
    /// @param text at most 255 bytes in UTF-8; empty takes the alias away
    /// @return the changed request
    /// @throws IllegalArgumentException if it is longer
    public LinkRequest alias(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > ALIAS_LIMIT) {
            throw new IllegalArgumentException(
                    "an alias has at most " + ALIAS_LIMIT + " bytes, not " + bytes.length + ": '" + text + "'");
        }
        return with(body.bytes(Uapi.IFLA_IFALIAS, bytes)); // with a closing zero it could not be taken away again
    }

    /// Puts the link into a group, by which it can be deleted together with others: [#deleteGroup].
    ///
    /// @param group the group; 0 is where all links are at first
    /// @return the changed request
    public LinkRequest group(int group) {
        return with(body.u32(Uapi.IFLA_GROUP, group));
    }

    /// Sets how many packets wait for sending at most.
    ///
    /// @param packets the number
    /// @return the changed request
    public LinkRequest queueLength(int packets) {
        return with(body.u32(Uapi.IFLA_TXQLEN, packets));
    }

    /// Sets the operational state, for links whose state a program decides: only between up and dormant.
    ///
    /// @param state [OperationalState#UP] or [OperationalState#DORMANT]; others are ignored
    /// @return the changed request
    public LinkRequest operationalState(int state) {
        return with(body.u8(Uapi.IFLA_OPERSTATE, state));
    }

    /// Plugs a link in or out, as far as its kind can: a dummy can.
    ///
    /// @param carrier whether it has a carrier
    /// @return the changed request; refused with `EOPNOTSUPP` where the kind cannot
    public LinkRequest carrier(boolean carrier) {
        return with(body.u8(Uapi.IFLA_CARRIER, carrier ? 1 : 0));
    }

    /// Says how the link gets its IPv6 link-local address. Refused when a link is made (`EAFNOSUPPORT`):
    /// change it afterwards, and in a request before the one that brings it up.
    ///
    /// @param mode one of [AddressGeneration]
    /// @return the changed request
    public LinkRequest addressGeneration(int mode) {
        RequestBody ipv6 = RequestBody.nest().u8(Uapi.IFLA_INET6_ADDR_GEN_MODE, mode);
        return with(body.nest(Uapi.IFLA_AF_SPEC, RequestBody.nest().nest(Uapi.AF_INET6, ipv6)));
    }

    /// Changes what belongs to the kind of a link that exists, such as the flags of a VLAN. **For ipvlan it
    /// changes every child of the parent.**
    ///
    /// @param info the kind, which cannot change (`EOPNOTSUPP`), with what belongs to it
    /// @return the changed request
    public LinkRequest info(LinkInfo info) {
        Objects.requireNonNull(info, "info");
        // RTM_SETLINK answers that all is well, and does not look at it.
        int newType = type == Uapi.RTM_SETLINK ? Uapi.RTM_NEWLINK : type;
        return new LinkRequest(newType, flags, words, body, info, namespace);
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
    public void hold() {
        LinkRequest other = otherEnd();
        if (namespace != null) {
            namespace.hold();
        }
        boolean whole = false;
        try {
            if (other != null) {
                other.hold();
            }
            whole = true;
        } finally {
            if (!whole && namespace != null) {
                namespace.release();
            }
        }
    }

    @Override
    public void release() {
        LinkRequest other = otherEnd();
        if (other != null) {
            other.release();
        }
        if (namespace != null) {
            namespace.release();
        }
    }

    private @Nullable LinkRequest otherEnd() {
        return info instanceof LinkInfo.Veth veth ? veth.peer().orElse(null) : null;
    }

    @Override
    public void writeTo(AttributeWriter to) {
        body.writeTo(to);
        if (namespace != null) { // only now: the number of a handle that was closed may be another file's
            to.u32(Uapi.IFLA_NET_NS_FD, namespace.descriptor());
        }
        if (info != null) {
            LinkInfoWriter.write(to, info);
        }
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        return namespace == null ? words : words + " in " + namespace;
    }
}
