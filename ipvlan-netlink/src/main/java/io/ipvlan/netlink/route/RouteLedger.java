package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/// The routes of a namespace as a watch has told them, kept because the kernel does not tell all: when a
/// link goes down, or an address or a next-hop object goes, it removes IPv4 routes without a word; a route
/// that takes another's place, and hops that join or leave a route, are told in ways that leave open what
/// was there before. In all these cases the ledger is in doubt, and has to be compared with a fresh
/// listing.
final class RouteLedger {
    private final Consumer<RouteEvent> teller;
    private final Map<Place, Map<Object, RouteMessage>> known = new HashMap<>();
    private final Set<Integer> upLinks = new HashSet<>();
    private final EnumSet<IpFamily> doubtful = EnumSet.noneOf(IpFamily.class);

    /// Where routes compete: within one, what is added may replace.
    private record Place(IpPrefix destination, Optional<IpPrefix> source, int table, int typeOfService, int metric) {
        static Place of(RouteMessage route) {
            return new Place(
                    route.destination(), route.sourcePrefix(), route.table(), route.typeOfService(), route.metric());
        }
    }

    RouteLedger(Consumer<RouteEvent> teller) {
        this.teller = teller;
    }

    /// The families to be listed anew.
    Set<IpFamily> doubtful() {
        return doubtful;
    }

    void doubtEverything() {
        doubtful.addAll(EnumSet.allOf(IpFamily.class));
    }

    /// Forgets everything, and is in doubt about it.
    ///
    /// @param links those there are
    void begin(List<LinkMessage> links) {
        known.clear();
        upLinks.clear();
        links.stream().filter(LinkMessage::isUp).map(LinkMessage::index).forEach(upLinks::add);
        doubtEverything();
    }

    void link(LinkMessage link, boolean present) {
        if (present && link.isUp()) {
            upLinks.add(link.index());
        } else if (upLinks.remove(link.index())) {
            doubtEverything(); // of IPv6 too: net.ipv6.route.skip_notify_on_dev_down
        }
    }

    void address(AddressMessage address, boolean present) {
        if (!present) {
            doubtful.add(address.address().family());
        }
    }

    /// Takes in what the kernel says of a route.
    ///
    /// @param message the message the route was read from
    void route(NetlinkMessage message, RouteMessage route) {
        if (message.type() == Uapi.RTM_NEWROUTE) {
            present(route, (message.flags() & Uapi.NLM_F_REPLACE) != 0);
        } else {
            gone(route);
        }
    }

    private void present(RouteMessage route, boolean replaces) {
        Map<Object, RouteMessage> others = known.computeIfAbsent(Place.of(route), place -> new LinkedHashMap<>());
        if (others.isEmpty() || others.containsKey(route.identity())) {
            put(others, route);
        } else if (replaces && others.size() == 1) {
            remove(others, others.keySet().iterator().next());
            put(others, route);
        } else {
            doubtful.add(route.destination().family());
        }
    }

    private void gone(RouteMessage route) {
        Map<Object, RouteMessage> others = known.getOrDefault(Place.of(route), Map.of());
        if (others.containsKey(route.identity())) {
            remove(others, route.identity());
        } else if (!others.isEmpty()) {
            doubtful.add(route.destination().family());
        }
    }

    private void put(Map<Object, RouteMessage> others, RouteMessage route) {
        others.put(route.identity(), route);
        teller.accept(new RouteEvent.Present(route, OptionalInt.empty()));
    }

    private void remove(Map<Object, RouteMessage> others, Object identity) {
        RouteMessage gone = others.remove(identity);
        if (gone != null) {
            teller.accept(new RouteEvent.Gone(gone, OptionalInt.empty()));
        }
    }

    /// Takes in a listing of all routes of a family, tells what differs, and is in doubt about them no
    /// longer.
    void settle(IpFamily family, List<RouteMessage> listed) {
        Map<Place, Map<Object, RouteMessage>> now = new HashMap<>();
        listed.forEach(route -> now.computeIfAbsent(Place.of(route), place -> new LinkedHashMap<>())
                .put(route.identity(), route));
        for (Map.Entry<Place, Map<Object, RouteMessage>> entry : known.entrySet()) {
            if (entry.getKey().destination().family() == family) {
                Set<Object> stay = now.getOrDefault(entry.getKey(), Map.of()).keySet();
                for (Object identity : new ArrayList<>(entry.getValue().keySet())) {
                    if (!stay.contains(identity)) {
                        remove(entry.getValue(), identity);
                    }
                }
            }
        }
        known.values().removeIf(Map::isEmpty);
        now.forEach((place, routes) -> {
            Map<Object, RouteMessage> before = known.computeIfAbsent(place, key -> new LinkedHashMap<>());
            routes.forEach((identity, route) -> {
                if (!before.containsKey(identity)) {
                    put(before, route);
                }
            });
        });
        doubtful.remove(family);
    }
}
