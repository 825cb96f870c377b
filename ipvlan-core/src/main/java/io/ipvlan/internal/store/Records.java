package io.ipvlan.internal.store;

import io.ipvlan.EndpointInfo;
import io.ipvlan.InvalidNetworkException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.Subnet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Networks and endpoints as texts: the properties format of the JDK, which people can read. See [Lines].
public final class Records {
    private Records() {}

    /// A network as remembered.
    ///
    /// @param description what was asked for
    /// @param drawn the prefixes drawn from default pools
    /// @param parent the name of its parent
    public record NetworkRecord(IpvlanNetwork description, List<IpPrefix> drawn, String parent) {}

    /// An endpoint as remembered.
    ///
    /// @param info what it got
    /// @param namespace which namespace it is in
    public record EndpointRecord(EndpointInfo info, NamespaceId namespace) {}

    /// A text that cannot be understood.
    private static UncheckedIOException unreadable(String key, String reason, Exception cause) {
        return new UncheckedIOException(
                "the network store holds an unreadable record '" + key + "': " + reason, new IOException(cause));
    }

    public static String write(NetworkRecord network) {
        IpvlanNetwork description = network.description();
        Lines lines = new Lines();
        lines.put("name", description.name());
        lines.put("mode", description.mode().name());
        lines.put("flag", description.flag().name());
        switch (description.parent()) {
            case Parent.Link(String name) -> lines.put("parent", name);
            case Parent.Dummy() -> lines.put("dummy", network.parent());
        }
        lines.put("internal", Boolean.toString(description.internal()));
        description.mtu().ifPresent(mtu -> lines.put("mtu", Integer.toString(mtu)));
        lines.put(
                "auto",
                description.autoSubnets().stream().map(IpFamily::name).sorted().collect(Collectors.joining(" ")));
        description.labels().forEach((key, value) -> lines.put("label." + key, value));
        for (int i = 0; i < description.subnets().size(); i++) {
            write(lines, "subnet." + i, description.subnets().get(i));
        }
        for (int i = 0; i < network.drawn().size(); i++) {
            lines.put("drawn." + i, network.drawn().get(i).toString());
        }
        return lines.text();
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

    public static NetworkRecord network(String key, String text) {
        try {
            Lines lines = Lines.read(text);
            IpvlanMode mode = IpvlanMode.valueOf(lines.require("mode"));
            IpvlanFlag flag = IpvlanFlag.valueOf(lines.require("flag"));
            Optional<String> dummy = lines.find("dummy");
            Parent parent = dummy.isPresent() ? Parent.dummy() : Parent.link(lines.require("parent"));
            List<Subnet> subnets = new ArrayList<>();
            for (String subnet : lines.list("subnet.")) {
                subnets.add(subnet(lines, "subnet." + subnets.size(), subnet));
            }
            IpvlanNetwork description = new IpvlanNetwork(
                    lines.require("name"),
                    mode,
                    flag,
                    parent,
                    subnets,
                    words(lines.require("auto")).stream().map(IpFamily::valueOf).collect(Collectors.toSet()),
                    Boolean.parseBoolean(lines.require("internal")),
                    lines.find("mtu").stream().mapToInt(Integer::parseInt).findFirst(),
                    lines.under("label."));
            List<IpPrefix> drawn =
                    lines.list("drawn.").stream().map(IpPrefix::parse).toList();
            requireKey(key, description.name());
            return new NetworkRecord(description, drawn, dummy.orElseGet(() -> lines.require("parent")));
        } catch (IllegalArgumentException | InvalidNetworkException e) {
            throw unreadable(key, String.valueOf(e.getMessage()), e);
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
        return lines.find(key).map(Records::words).orElse(List.of());
    }

    public static String write(EndpointRecord endpoint) {
        EndpointInfo info = endpoint.info();
        Lines lines = new Lines();
        lines.put("id", info.id());
        switch (info.netns()) {
            case Netns.OfPid(long pid) -> lines.put("netns.pid", Long.toString(pid));
            case Netns.OfName(String name) -> lines.put("netns.name", name);
            case Netns.OfPath(Path path) -> lines.put("netns.path", path.toString());
        }
        lines.put("netns.device", Long.toString(endpoint.namespace().device()));
        lines.put("netns.inode", Long.toString(endpoint.namespace().inode()));
        lines.put("interface", info.interfaceName());
        lines.put("index", Integer.toString(info.interfaceIndex()));
        for (int i = 0; i < info.addresses().size(); i++) {
            lines.put("address." + i, info.addresses().get(i).toString());
        }
        return lines.text();
    }

    public static EndpointRecord endpoint(String key, String text) {
        try {
            Lines lines = Lines.read(text);
            Netns netns = lines.find("netns.pid")
                    .<Netns>map(pid -> Netns.ofPid(Long.parseLong(pid)))
                    .or(() -> lines.find("netns.name").map(Netns::ofName))
                    .or(() -> lines.find("netns.path").map(path -> Netns.ofPath(Path.of(path))))
                    .orElseThrow(() -> new IllegalArgumentException("it names no network namespace"));
            EndpointInfo info = new EndpointInfo(
                    lines.require("id"),
                    netns,
                    lines.require("interface"),
                    Integer.parseInt(lines.require("index")),
                    lines.list("address.").stream().map(IpCidr::parse).toList());
            requireKey(key.substring(key.indexOf('/') + 1), info.id());
            return new EndpointRecord(
                    info,
                    new NamespaceId(
                            Long.parseLong(lines.require("netns.device")),
                            Long.parseLong(lines.require("netns.inode"))));
        } catch (IllegalArgumentException e) {
            throw unreadable(key, String.valueOf(e.getMessage()), e);
        }
    }

    /// A record copied to another key would come to life twice.
    private static void requireKey(String key, String name) {
        if (!key.equals(name)) {
            throw new IllegalArgumentException("it is the record of '" + name + "'");
        }
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1));
    }
}
