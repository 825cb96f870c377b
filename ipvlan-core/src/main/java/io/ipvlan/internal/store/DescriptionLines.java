package io.ipvlan.internal.store;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.VlanProtocol;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The description of a network as lines.
final class DescriptionLines {
    private DescriptionLines() {}

    static void write(Lines lines, IpvlanNetwork network) {
        lines.put("name", network.name());
        lines.put("mode", network.mode().name());
        lines.put("flag", network.flag().name());
        write(lines, "parent", network.parent());
        lines.put("internal", Boolean.toString(network.internal()));
        lines.put("host-access", Boolean.toString(network.hostAccess()));
        network.mtu().ifPresent(mtu -> lines.put("mtu", Integer.toString(mtu)));
        lines.put("strategy", network.strategy().name());
        lines.put("cool-down", network.coolDown().toString());
        lines.put(
                "auto",
                network.autoSubnets().stream().map(IpFamily::name).sorted().collect(Collectors.joining(" ")));
        network.labels().forEach((key, value) -> lines.put("label." + key, value));
        for (int i = 0; i < network.subnets().size(); i++) {
            write(lines, "subnet." + i, network.subnets().get(i));
        }
    }

    static IpvlanNetwork read(Lines lines) {
        List<Subnet> subnets = new ArrayList<>();
        for (String subnet : lines.list("subnet.")) {
            subnets.add(subnet(lines, "subnet." + subnets.size(), subnet));
        }
        return new IpvlanNetwork(
                lines.require("name"),
                IpvlanMode.valueOf(lines.require("mode")),
                IpvlanFlag.valueOf(lines.require("flag")),
                parent(lines, "parent"),
                subnets,
                Lines.words(lines.require("auto")).stream()
                        .map(IpFamily::valueOf)
                        .collect(Collectors.toSet()),
                lines.flag("internal"),
                lines.flag("host-access"),
                lines.number("mtu"),
                Strategy.valueOf(lines.require("strategy")),
                lines.duration("cool-down"),
                lines.under("label."));
    }

    private static void write(Lines lines, String key, Parent parent) {
        switch (parent) {
            case Parent.Link(String name) -> lines.put(key + ".link", name);
            case Parent.Index(int index) -> lines.put(key + ".index", Integer.toString(index));
            case Parent.Mac(String address) -> lines.put(key + ".mac", address);
            case Parent.DefaultRoute() -> lines.put(key + ".default-route", "");
            case Parent.Dummy() -> lines.put(key + ".dummy", "");
            case Parent.Vlan vlan -> {
                lines.put(key + ".vlan", Integer.toString(vlan.id()));
                lines.put(key + ".vlan.protocol", vlan.protocol().name());
                vlan.name().ifPresent(name -> lines.put(key + ".vlan.name", name));
                write(lines, key + ".lower", vlan.lower());
            }
            case Parent.In in -> {
                PlaceLines.write(lines, key + ".netns", in.netns());
                write(lines, key, in.parent());
            }
        }
    }

    private static Parent parent(Lines lines, String key) {
        Parent parent = lines.find(key + ".link")
                .map(Parent::link)
                .or(() -> lines.find(key + ".index").map(index -> Parent.index(Integer.parseInt(index))))
                .or(() -> lines.find(key + ".mac").map(Parent::mac))
                .or(() -> lines.find(key + ".default-route").map(_ -> Parent.defaultRoute()))
                .or(() -> lines.find(key + ".dummy").map(_ -> Parent.dummy()))
                .or(() -> lines.find(key + ".vlan").map(id -> vlan(lines, key, Integer.parseInt(id))))
                .orElseThrow(() -> new IllegalArgumentException("it has no '" + key + "'"));
        return PlaceLines.find(lines, key + ".netns").map(parent::in).orElse(parent);
    }

    private static Parent vlan(Lines lines, String key, int id) {
        return new Parent.Vlan(
                parent(lines, key + ".lower"),
                id,
                VlanProtocol.valueOf(lines.require(key + ".vlan.protocol")),
                lines.find(key + ".vlan.name"));
    }

    private static void write(Lines lines, String key, Subnet subnet) {
        lines.put(key, subnet.prefix().toString());
        subnet.gateway().ifPresent(gateway -> lines.put(key + ".gateway", gateway.toString()));
        if (subnet.refusesGateway()) {
            lines.put(key + ".gateway", "none");
        }
        write(lines, key + ".range", subnet.ranges().stream().map(IpRange::toString));
        write(lines, key + ".excluded", subnet.excluded().stream().map(IpRange::toString));
        write(
                lines,
                key + ".reserved",
                subnet.reserved().entrySet().stream()
                        .map(one -> one.getValue().isEmpty()
                                ? one.getKey().toString()
                                : one.getValue() + "=" + one.getKey()));
    }

    private static void write(Lines lines, String key, Stream<String> words) {
        String joined = words.collect(Collectors.joining(" "));
        if (!joined.isEmpty()) {
            lines.put(key, joined);
        }
    }

    private static Subnet subnet(Lines lines, String key, String prefix) {
        Subnet subnet = Subnet.of(prefix)
                .withRanges(found(lines, key + ".range").toArray(String[]::new))
                .withExcluded(found(lines, key + ".excluded").toArray(String[]::new));
        for (String word : found(lines, key + ".reserved")) {
            int equals = word.indexOf('=');
            subnet = subnet.withReservation(
                    word.substring(0, Math.max(equals, 0)), IpAddress.parse(word.substring(equals + 1)));
        }
        Optional<String> gateway = lines.find(key + ".gateway");
        if (gateway.isPresent()) {
            subnet = gateway.get().equals("none") ? subnet.noGateway() : subnet.withGateway(gateway.get());
        }
        return subnet;
    }

    private static List<String> found(Lines lines, String key) {
        return lines.find(key).map(Lines::words).orElse(List.of());
    }
}
