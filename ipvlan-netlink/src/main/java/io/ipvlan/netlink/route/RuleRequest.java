package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;

/// A request to add or delete a rule. Immutable; each method that sets something answers with a changed copy.
/// Needs `CAP_NET_ADMIN`. When deleting, what is not set is not compared.
///
/// Source: rtnetlink(7), `linux/fib_rules.h`.
public final class RuleRequest implements NetlinkRequest {
    private static final int OFFSET_DESTINATION_LENGTH = 1; // in struct fib_rule_hdr
    private static final int OFFSET_SOURCE_LENGTH = 2;
    private static final int OFFSET_TYPE_OF_SERVICE = 3;
    private static final int OFFSET_TABLE = 4;
    private static final int OFFSET_ACTION = 7;
    private static final int OFFSET_FLAGS = 8;

    private final int type;
    private final String words;
    private final RequestBody body;

    private RuleRequest(int type, String words, RequestBody body) {
        this.type = type;
        this.words = words;
        this.body = body;
    }

    private static RequestBody body(IpFamily family) {
        return RequestBody.ofSize(Uapi.FIB_RULE_HDR_SIZE).fixed8(0, Wire.number(family));
    }

    /// Adds a rule that looks packets up in the main table; in another with [#table]. Unless [#priority] is
    /// set the kernel puts it before all others but the first.
    ///
    /// @param family the family of the packets
    /// @return the request; refused with `EEXIST` if there is the same rule
    public static RuleRequest add(IpFamily family) {
        return new RuleRequest(
                Uapi.RTM_NEWRULE,
                "add a rule of " + family,
                body(family).fixed8(OFFSET_ACTION, RuleAction.TABLE).fixed8(OFFSET_TABLE, RouteTable.MAIN));
    }

    /// Adds a rule as it was read once.
    ///
    /// @param message the rule
    /// @return the request, as of [#add(IpFamily)]
    public static RuleRequest add(RuleMessage message) {
        return add(message.family()).like(message);
    }

    /// Deletes the first rule that matches everything set.
    ///
    /// @param family the family of the packets
    /// @return the request; refused with `ENOENT` if there is none
    public static RuleRequest delete(IpFamily family) {
        return new RuleRequest(Uapi.RTM_DELRULE, "delete a rule of " + family, body(family));
    }

    /// Deletes a rule as it was read.
    ///
    /// @param message the rule
    /// @return the request, as of [#delete(IpFamily)]
    public static RuleRequest delete(RuleMessage message) {
        return delete(message.family()).like(message);
    }

    private RuleRequest like(RuleMessage message) {
        RuleRequest request = priority(message.priority())
                .action(message.action())
                .table(message.table())
                .typeOfService(message.typeOfService());
        request = message.isInverted() ? request.inverted() : request;
        request = message.protocol() == 0 ? request : request.protocol(message.protocol());
        request = message.ofMaster() ? request.ofMaster() : request;
        request = message.source().map(request::from).orElse(request);
        request = message.destination().map(request::to).orElse(request);
        request = message.incoming().map(request::incoming).orElse(request);
        request = message.outgoing().map(request::outgoing).orElse(request);
        request = message.mark().map(request::mark).orElse(request);
        request = message.sourcePorts().map(request::sourcePorts).orElse(request);
        request = message.destinationPorts().map(request::destinationPorts).orElse(request);
        request = message.users().map(request::users).orElse(request);
        request = message.gotoPriority().isPresent()
                ? request.gotoPriority(message.gotoPriority().getAsInt())
                : request;
        request = message.ipProtocol().isPresent()
                ? request.ipProtocol(message.ipProtocol().getAsInt())
                : request;
        request = message.suppressGroup().isPresent()
                ? request.suppressGroup(message.suppressGroup().getAsInt())
                : request;
        return message.suppressPrefixLength().isPresent()
                ? request.suppressPrefixLength(message.suppressPrefixLength().getAsInt())
                : request;
    }

    private RuleRequest with(String addition, RequestBody changed) {
        return new RuleRequest(type, words + addition, changed);
    }

    /// Sets its place in the order.
    ///
    /// @param priority the place, lower first; 32766 and 32767 are the main and the default table's at first
    /// @return the changed request
    public RuleRequest priority(int priority) {
        return with(" of priority " + Integer.toUnsignedString(priority), body.u32(Uapi.FRA_PRIORITY, priority));
    }

    /// Says what it does; [RuleAction#TABLE] unless set. A rule that looks nothing up has no table, unless
    /// one is set.
    ///
    /// @param action one of [RuleAction]
    /// @return the changed request
    public RuleRequest action(int action) {
        RequestBody changed = body.fixed8(OFFSET_ACTION, action);
        boolean usualTable = type == Uapi.RTM_NEWRULE && !body.has(Uapi.FRA_TABLE) && !body.has(Uapi.FRA_L3MDEV);
        // The kernel would keep a table that is never looked up, show it, and tell this rule from one without.
        return with(
                "",
                usualTable ? changed.fixed8(OFFSET_TABLE, action == RuleAction.TABLE ? RouteTable.MAIN : 0) : changed);
    }

    /// Chooses the table; [RouteTable#MAIN] unless set, for rules that look one up.
    ///
    /// @param table one of [RouteTable], or any other number from 1 on
    /// @return the changed request
    public RuleRequest table(int table) {
        boolean fits = table > 0 && table <= 255; // the header has eight bits for it
        return with(
                " for table " + Integer.toUnsignedString(table),
                body.fixed8(OFFSET_TABLE, fits ? table : 0).u32(Uapi.FRA_TABLE, table));
    }

    /// Makes it for the packets it does not match.
    ///
    /// @return the changed request
    public RuleRequest inverted() {
        return with(", inverted", body.bits32(OFFSET_FLAGS, Uapi.FIB_RULE_INVERT, Uapi.FIB_RULE_INVERT));
    }

    /// Limits it to packets from some addresses.
    ///
    /// @param sources the addresses
    /// @return the changed request
    public RuleRequest from(IpPrefix sources) {
        return with(
                " from " + sources,
                body.fixed8(OFFSET_SOURCE_LENGTH, sources.length())
                        .bytes(Uapi.FRA_SRC, sources.address().toBytes()));
    }

    /// Limits it to packets to some addresses.
    ///
    /// @param destinations the addresses
    /// @return the changed request
    public RuleRequest to(IpPrefix destinations) {
        return with(
                " to " + destinations,
                body.fixed8(OFFSET_DESTINATION_LENGTH, destinations.length())
                        .bytes(Uapi.FRA_DST, destinations.address().toBytes()));
    }

    /// Limits it to packets that come from a link.
    ///
    /// @param link its name, which need not exist; `lo` for packets of this host
    /// @return the changed request
    public RuleRequest incoming(String link) {
        return with(" from link '" + link + "'", body.string(Uapi.FRA_IIFNAME, link));
    }

    /// Limits it to packets of senders that are bound to a link.
    ///
    /// @param link its name, which need not exist
    /// @return the changed request
    public RuleRequest outgoing(String link) {
        return with(" by link '" + link + "'", body.string(Uapi.FRA_OIFNAME, link));
    }

    /// Limits it to packets with a mark.
    ///
    /// @param mark the mark
    /// @return the changed request
    public RuleRequest mark(RuleMessage.Mark mark) {
        return with("", body.u32(Uapi.FRA_FWMARK, mark.value()).u32(Uapi.FRA_FWMASK, mark.mask()));
    }

    /// Names the rule to go on with, for [RuleAction#GOTO].
    ///
    /// @param priority the priority of that rule, larger than this one's
    /// @return the changed request
    public RuleRequest gotoPriority(int priority) {
        return with("", body.u32(Uapi.FRA_GOTO, priority));
    }

    /// Marks who made it; nobody unless set.
    ///
    /// @param protocol one of [RouteProtocol], or any other from 0 to 255
    /// @return the changed request
    public RuleRequest protocol(int protocol) {
        return with("", body.u8(Uapi.FRA_PROTOCOL, protocol));
    }

    /// Limits it to packets of a type of service.
    ///
    /// @param typeOfService the type
    /// @return the changed request
    public RuleRequest typeOfService(int typeOfService) {
        return with("", body.fixed8(OFFSET_TYPE_OF_SERVICE, typeOfService));
    }

    /// Limits it to packets of a protocol.
    ///
    /// @param ipProtocol the protocol, such as 6 for TCP
    /// @return the changed request
    public RuleRequest ipProtocol(int ipProtocol) {
        return with("", body.u8(Uapi.FRA_IP_PROTO, ipProtocol));
    }

    /// Limits it to packets from some ports.
    ///
    /// @param ports the ports
    /// @return the changed request
    public RuleRequest sourcePorts(RuleMessage.Range ports) {
        return with("", body.bytes(Uapi.FRA_SPORT_RANGE, Wire.shorts(ports.first(), ports.last())));
    }

    /// Limits it to packets to some ports.
    ///
    /// @param ports the ports
    /// @return the changed request
    public RuleRequest destinationPorts(RuleMessage.Range ports) {
        return with("", body.bytes(Uapi.FRA_DPORT_RANGE, Wire.shorts(ports.first(), ports.last())));
    }

    /// Limits it to packets of some users' processes.
    ///
    /// @param users the users' numbers
    /// @return the changed request
    public RuleRequest users(RuleMessage.Range users) {
        return with("", body.bytes(Uapi.FRA_UID_RANGE, Wire.numbers(users.first(), users.last())));
    }

    /// Passes over routes found whose prefix is not longer: 0 passes over default routes.
    ///
    /// @param length the length
    /// @return the changed request
    public RuleRequest suppressPrefixLength(int length) {
        return with("", body.u32(Uapi.FRA_SUPPRESS_PREFIXLEN, length));
    }

    /// Passes over routes found that leave by a link of a group.
    ///
    /// @param group the group
    /// @return the changed request
    public RuleRequest suppressGroup(int group) {
        return with("", body.u32(Uapi.FRA_SUPPRESS_IFGROUP, group));
    }

    /// Looks in the table of the VRF the packets belong to.
    ///
    /// @return the changed request
    public RuleRequest ofMaster() {
        return with("", body.fixed8(OFFSET_TABLE, 0).u8(Uapi.FRA_L3MDEV, 1));
    }

    @Override
    public int type() {
        return type;
    }

    @Override
    public int flags() {
        return type == Uapi.RTM_NEWRULE ? Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL : 0;
    }

    @Override
    public void writeTo(AttributeWriter writer) {
        body.writeTo(writer);
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        return words;
    }
}
