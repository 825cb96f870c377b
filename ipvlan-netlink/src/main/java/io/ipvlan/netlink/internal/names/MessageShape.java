package io.ipvlan.netlink.internal.names;

import io.ipvlan.netlink.internal.Uapi;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A type of message: its name and what it is made of.
///
/// @param type its number
/// @param name its name in the C headers; the number where it has none
/// @param flags the names of its flags
/// @param fixed what stands before its attributes, null if that is not known: then they are not either
/// @param attributes its attributes
public record MessageShape(
        int type, String name, Symbols flags, @Nullable FixedPart fixed, AttributeNames attributes) {
    /// The first type of rtnetlink, `RTM_BASE`: from here on types come in fours, to make, delete, get and
    /// set.
    private static final int FIRST_ROUTE_TYPE = 16;

    private static final Map<Integer, MessageShape> KNOWN = known();

    /// The shape of a type; one named by its number if the type is not known.
    ///
    /// @param protocol the netlink protocol; the types below 16 are the same in all
    public static MessageShape of(int protocol, int type) {
        boolean isKnown = protocol == Uapi.NETLINK_ROUTE || type < FIRST_ROUTE_TYPE;
        MessageShape known = isKnown ? KNOWN.get(type) : null;
        return known == null
                ? new MessageShape(type, Integer.toString(type), Flags.MESSAGE, null, AttributeNames.UNKNOWN)
                : known;
    }

    public static Collection<MessageShape> all() {
        return KNOWN.values();
    }

    /// What is behind the echo of the request in `NLMSG_ERROR`, and behind the result in `NLMSG_DONE`.
    public static AttributeNames ofAnswers() {
        return AnswerAttributes.ERROR;
    }

    private static MessageShape shape(int type, String name, @Nullable FixedPart fixed, AttributeNames attributes) {
        return new MessageShape(type, name, flags(type), fixed, attributes);
    }

    private static MessageShape bare(int type, String name) {
        return shape(type, name, null, AttributeNames.UNKNOWN);
    }

    private static Symbols flags(int type) {
        if (type < FIRST_ROUTE_TYPE) {
            return Flags.ANSWER;
        }
        return switch (type & 3) {
            case 1 -> Flags.DELETE;
            case 2 -> Flags.GET;
            default -> Flags.NEW;
        };
    }

    private static Map<Integer, MessageShape> known() {
        List<MessageShape> all = new ArrayList<>();
        all.add(bare(1, "NLMSG_NOOP"));
        all.add(bare(Uapi.NLMSG_ERROR, "NLMSG_ERROR"));
        all.add(bare(Uapi.NLMSG_DONE, "NLMSG_DONE"));
        all.add(bare(4, "NLMSG_OVERRUN"));
        addGroup(all, Uapi.RTM_NEWLINK, "LINK", FixedPart.LINK, LinkAttributes.LINK);
        all.add(shape(Uapi.RTM_SETLINK, "RTM_SETLINK", FixedPart.LINK, LinkAttributes.LINK));
        addGroup(all, Uapi.RTM_NEWADDR, "ADDR", FixedPart.ADDRESS, RouteAttributes.ADDRESS);
        addGroup(all, Uapi.RTM_NEWROUTE, "ROUTE", FixedPart.ROUTE, RouteAttributes.ROUTE);
        addGroup(all, Uapi.RTM_NEWNEIGH, "NEIGH", FixedPart.NEIGHBOUR, RouteAttributes.NEIGHBOUR);
        addGroup(all, Uapi.RTM_NEWRULE, "RULE", FixedPart.RULE, RouteAttributes.RULE);
        addGroup(all, Uapi.RTM_NEWNSID, "NSID", FixedPart.FAMILY, RouteAttributes.NAMESPACE);
        addGroup(all, Uapi.RTM_NEWLINKPROP, "LINKPROP", FixedPart.LINK, LinkAttributes.LINK);
        addGroup(all, 36, "QDISC");
        addGroup(all, 40, "TCLASS");
        addGroup(all, 44, "TFILTER");
        addGroup(all, 48, "ACTION");
        all.add(bare(52, "RTM_NEWPREFIX"));
        all.add(bare(58, "RTM_GETMULTICAST"));
        all.add(bare(62, "RTM_GETANYCAST"));
        all.add(bare(64, "RTM_NEWNEIGHTBL"));
        all.add(bare(66, "RTM_GETNEIGHTBL"));
        all.add(bare(67, "RTM_SETNEIGHTBL"));
        all.add(bare(68, "RTM_NEWNDUSEROPT"));
        addGroup(all, 72, "ADDRLABEL");
        addGroup(all, 80, "NETCONF");
        addGroup(all, 84, "MDB");
        all.add(bare(92, "RTM_NEWSTATS"));
        all.add(bare(94, "RTM_GETSTATS"));
        addGroup(all, 100, "CHAIN");
        addGroup(all, 104, "NEXTHOP");
        addGroup(all, 112, "VLAN");
        addGroup(all, 116, "NEXTHOPBUCKET");
        addGroup(all, 120, "TUNNEL");
        Map<Integer, MessageShape> known = new LinkedHashMap<>();
        all.forEach(shape -> known.put(shape.type, shape));
        return known;
    }

    private static void addGroup(List<MessageShape> all, int first, String object) {
        all.add(bare(first, "RTM_NEW" + object));
        all.add(bare(first + 1, "RTM_DEL" + object));
        all.add(bare(first + 2, "RTM_GET" + object));
    }

    private static void addGroup(
            List<MessageShape> all, int first, String object, FixedPart fixed, AttributeNames attributes) {
        all.add(shape(first, "RTM_NEW" + object, fixed, attributes));
        all.add(shape(first + 1, "RTM_DEL" + object, fixed, attributes));
        all.add(shape(first + 2, "RTM_GET" + object, fixed, attributes));
    }
}
