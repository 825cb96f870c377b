package io.ipvlan.netlink.route;

import io.ipvlan.netlink.internal.Uapi;
import java.util.List;
import java.util.Set;

/// What a watch can be about, and the multicast groups in which the kernel speaks of it.
enum RouteTopic {
    LINKS,
    ADDRESSES,
    ROUTES,
    RULES,
    NEIGHBOURS,
    NAMESPACES;

    /// Those of which the kernel lists what is in other namespaces.
    static final Set<RouteTopic> EVERYWHERE = Set.of(LINKS, ADDRESSES);

    List<Integer> groups() {
        return switch (this) {
            case LINKS -> List.of(Uapi.RTNLGRP_LINK);
            case ADDRESSES -> List.of(Uapi.RTNLGRP_IPV4_IFADDR, Uapi.RTNLGRP_IPV6_IFADDR);
            // The further ones are of what takes routes along without a word: see RouteLedger.
            case ROUTES ->
                List.of(
                        Uapi.RTNLGRP_IPV4_ROUTE,
                        Uapi.RTNLGRP_IPV6_ROUTE,
                        Uapi.RTNLGRP_LINK,
                        Uapi.RTNLGRP_IPV4_IFADDR,
                        Uapi.RTNLGRP_IPV6_IFADDR,
                        Uapi.RTNLGRP_NEXTHOP);
            case RULES -> List.of(Uapi.RTNLGRP_IPV4_RULE, Uapi.RTNLGRP_IPV6_RULE);
            case NEIGHBOURS -> List.of(Uapi.RTNLGRP_NEIGH);
            case NAMESPACES -> List.of(Uapi.RTNLGRP_NSID);
        };
    }

    static RouteTopic of(RouteObject object) {
        return switch (object) {
            case LinkMessage _ -> LINKS;
            case AddressMessage _ -> ADDRESSES;
            case RouteMessage _ -> ROUTES;
            case RuleMessage _ -> RULES;
            case NeighbourMessage _ -> NEIGHBOURS;
            case NamespaceIdMessage _ -> NAMESPACES;
        };
    }
}
