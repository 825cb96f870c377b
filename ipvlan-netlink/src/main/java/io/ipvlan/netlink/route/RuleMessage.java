package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A rule, as the kernel reports it: which packets are looked up in which table. Rules are asked in the
/// order of their priorities. Source: `struct fib_rule_hdr` and `FRA_*` in `linux/fib_rules.h`.
///
/// @param family the family of the packets
/// @param priority its place in the order, lower first; every family begins with a rule of priority 0 for
///     the local table
/// @param action what it does, one of [RuleAction]
/// @param table the table it looks in, one of [RouteTable] or another; 0 for other actions
/// @param flags 2 inverted; 1, 4, 8 and 16 are reports of the kernel: permanent, the rule to go to is
///     missing, the link the packets come from or leave by is missing
/// @param source the packets' sources; empty for all
/// @param destination the packets' destinations; empty for all
/// @param incoming the name of the link they come from (`lo`: this host); empty for any
/// @param outgoing the name of the link their sender is bound to; empty for any
/// @param mark the packets' marks; empty for any
/// @param gotoPriority of the rule to go on with, for [RuleAction#GOTO]
/// @param protocol who made it, one of [RouteProtocol] or another
/// @param typeOfService the packets' type of service; 0 for any
/// @param ipProtocol the packets' protocol, such as 6 for TCP; empty for any
/// @param sourcePorts the packets' source ports; empty for any
/// @param destinationPorts the packets' destination ports; empty for any
/// @param users the users whose packets; empty for all
/// @param suppressPrefixLength routes found are passed over if their prefix is not longer; empty for none
/// @param suppressGroup routes found are passed over if they leave by a link of this group; empty for none
/// @param ofMaster whether the table is that of the VRF the packets belong to, in place of `table`
public record RuleMessage(
        IpFamily family,
        int priority,
        int action,
        int table,
        int flags,
        Optional<IpPrefix> source,
        Optional<IpPrefix> destination,
        Optional<String> incoming,
        Optional<String> outgoing,
        Optional<Mark> mark,
        OptionalInt gotoPriority,
        int protocol,
        int typeOfService,
        OptionalInt ipProtocol,
        Optional<Range> sourcePorts,
        Optional<Range> destinationPorts,
        Optional<Range> users,
        OptionalInt suppressPrefixLength,
        OptionalInt suppressGroup,
        boolean ofMaster)
        implements RouteObject {

    /// Packets whose mark, as far as the mask goes, has a value.
    ///
    /// @param value the value
    /// @param mask the bits compared; -1 for all
    public record Mark(int value, int mask) {}

    /// Numbers from one to another, both included; users of 2³¹ and more are negative.
    ///
    /// @param first the first
    /// @param last the last
    public record Range(int first, int last) {}

    /// Whether it is for the packets it does not match (`FIB_RULE_INVERT`).
    ///
    /// @return true if it is
    public boolean isInverted() {
        return (flags & Uapi.FIB_RULE_INVERT) != 0;
    }

    /// The rule without what changes by itself: whether the links it names are there.
    @Override
    public Object identity() {
        return new RuleMessage(
                family,
                priority,
                action,
                table,
                flags & Uapi.FIB_RULE_INVERT,
                source,
                destination,
                incoming,
                outgoing,
                mark,
                gotoPriority,
                protocol,
                typeOfService,
                ipProtocol,
                sourcePorts,
                destinationPorts,
                users,
                suppressPrefixLength,
                suppressGroup,
                ofMaster);
    }

    static @Nullable RuleMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        return message.type() == Uapi.RTM_NEWRULE ? read(message) : null;
    }

    /// Reads a message that is about a rule, whether it says that there is one or that there is one no
    /// longer; null if it is of another family.
    static @Nullable RuleMessage read(NetlinkMessage message) throws NetlinkException.Malformed {
        if (!Wire.isIp(message.fixed8(0))) {
            return null;
        }
        int destinationLength = message.fixed8(1);
        int sourceLength = message.fixed8(2);
        int typeOfService = message.fixed8(3);
        int table = message.fixed8(4);
        int action = message.fixed8(7);
        int flags = message.fixed32(8);
        IpAddress destination = null;
        IpAddress source = null;
        Optional<String> incoming = Optional.empty();
        Optional<String> outgoing = Optional.empty();
        int priority = 0;
        int markValue = 0;
        int markMask = 0;
        OptionalInt gotoPriority = OptionalInt.empty();
        int protocol = 0;
        OptionalInt ipProtocol = OptionalInt.empty();
        Optional<Range> sourcePorts = Optional.empty();
        Optional<Range> destinationPorts = Optional.empty();
        Optional<Range> users = Optional.empty();
        OptionalInt suppressPrefixLength = OptionalInt.empty();
        OptionalInt suppressGroup = OptionalInt.empty();
        boolean ofMaster = false;
        AttributeReader attributes = message.attributes(Uapi.FIB_RULE_HDR_SIZE);
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.FRA_DST -> destination = Wire.address(attributes);
                case Uapi.FRA_SRC -> source = Wire.address(attributes);
                case Uapi.FRA_IIFNAME -> incoming = Optional.of(attributes.string());
                case Uapi.FRA_OIFNAME -> outgoing = Optional.of(attributes.string());
                case Uapi.FRA_PRIORITY -> priority = attributes.u32();
                case Uapi.FRA_TABLE -> table = attributes.u32();
                case Uapi.FRA_FWMARK -> markValue = attributes.u32();
                case Uapi.FRA_FWMASK -> markMask = attributes.u32();
                case Uapi.FRA_GOTO -> gotoPriority = OptionalInt.of(attributes.u32());
                case Uapi.FRA_PROTOCOL -> protocol = attributes.u8();
                case Uapi.FRA_IP_PROTO -> ipProtocol = OptionalInt.of(attributes.u8());
                case Uapi.FRA_SPORT_RANGE -> sourcePorts = Optional.of(ports(attributes));
                case Uapi.FRA_DPORT_RANGE -> destinationPorts = Optional.of(ports(attributes));
                case Uapi.FRA_UID_RANGE -> users = Optional.of(new Range(attributes.u32(0), attributes.u32(4)));
                case Uapi.FRA_SUPPRESS_PREFIXLEN -> suppressPrefixLength = unlessAllOnes(attributes.u32());
                case Uapi.FRA_SUPPRESS_IFGROUP -> suppressGroup = unlessAllOnes(attributes.u32());
                case Uapi.FRA_L3MDEV -> ofMaster = attributes.u8() != 0;
                default -> {}
            }
        }
        return new RuleMessage(
                Wire.family(message.fixed8(0)),
                priority,
                action,
                table,
                flags,
                source == null ? Optional.empty() : Optional.of(Wire.prefix(source, sourceLength)),
                destination == null ? Optional.empty() : Optional.of(Wire.prefix(destination, destinationLength)),
                incoming,
                outgoing,
                markValue == 0 && markMask == 0 ? Optional.empty() : Optional.of(new Mark(markValue, markMask)),
                gotoPriority,
                protocol,
                typeOfService,
                ipProtocol,
                sourcePorts,
                destinationPorts,
                users,
                suppressPrefixLength,
                suppressGroup,
                ofMaster);
    }

    private static Range ports(AttributeReader range) throws NetlinkException.Malformed {
        return new Range(range.u16(0), range.u16(2));
    }

    private static OptionalInt unlessAllOnes(int value) {
        return value == -1 ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
