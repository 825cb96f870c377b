package io.ipvlan.internal.store;

import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipv6Policy;
import io.ipvlan.Route;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// What was asked for an endpoint as lines.
final class SpecLines {
    private SpecLines() {}

    static void write(Lines lines, EndpointSpec spec) {
        PlaceLines.write(lines, "netns", spec.netns());
        spec.id().ifPresent(id -> lines.put("wanted.id", id));
        lines.putAll("wanted.address.", spec.addresses());
        spec.counts().forEach((family, count) -> lines.put("wanted.count." + family.name(), Integer.toString(count)));
        spec.interfaceName().ifPresent(name -> lines.put("wanted.name", name));
        lines.put("default-route", Boolean.toString(spec.defaultRoute()));
        put(lines, "default-route.metric", spec.defaultRouteMetric());
        for (int i = 0; i < spec.routes().size(); i++) {
            write(lines, "route." + i, spec.routes().get(i));
        }
        lines.put("source-rules", Boolean.toString(spec.sourceRules()));
        put(lines, "mtu", spec.mtu());
        spec.sysctls().forEach((key, value) -> lines.put("sysctl." + key, value));
        spec.ipv6().ifPresent(policy -> lines.put("ipv6", policy.name()));
    }

    static EndpointSpec read(Lines lines) {
        List<Route> routes = new ArrayList<>();
        for (String destination : lines.list("route.")) {
            routes.add(route(lines, "route." + routes.size(), destination));
        }
        Map<IpFamily, Integer> counts = lines.under("wanted.count.").entrySet().stream()
                .collect(Collectors.toMap(
                        count -> IpFamily.valueOf(count.getKey()), count -> Integer.parseInt(count.getValue())));
        return new EndpointSpec(
                PlaceLines.netns(lines, "netns"),
                lines.find("wanted.id"),
                lines.list("wanted.address.").stream().map(IpAddress::parse).toList(),
                counts,
                lines.find("wanted.name"),
                lines.flag("default-route"),
                lines.number("default-route.metric"),
                routes,
                lines.flag("source-rules"),
                lines.number("mtu"),
                lines.under("sysctl."),
                lines.find("ipv6").map(Ipv6Policy::valueOf));
    }

    private static void put(Lines lines, String key, OptionalInt number) {
        number.ifPresent(value -> lines.put(key, Integer.toString(value)));
    }

    private static void write(Lines lines, String key, Route route) {
        lines.put(key, route.destination().toString());
        route.gateway().ifPresent(gateway -> lines.put(key + ".gateway", gateway.toString()));
        lines.put(key + ".type", route.type().name());
        put(lines, key + ".metric", route.metric());
        put(lines, key + ".table", route.table());
        route.source().ifPresent(source -> lines.put(key + ".source", source.toString()));
        put(lines, key + ".mtu", route.mtu());
        lines.put(key + ".on-link", Boolean.toString(route.gatewayOnLink()));
    }

    private static Route route(Lines lines, String key, String destination) {
        return new Route(
                IpPrefix.parse(destination),
                lines.find(key + ".gateway").map(IpAddress::parse),
                Optional.empty(),
                Route.Type.valueOf(lines.require(key + ".type")),
                lines.number(key + ".metric"),
                lines.number(key + ".table"),
                lines.find(key + ".source").map(IpAddress::parse),
                lines.number(key + ".mtu"),
                lines.flag(key + ".on-link"));
    }
}
