package io.ipvlan.internal.store;

import io.ipvlan.EndpointInfo;
import io.ipvlan.EndpointSpec;
import io.ipvlan.InvalidNetworkException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Networks and endpoints as texts: the properties format of the JDK, which people can read. See [Lines].
public final class Records {
    private Records() {}

    /// How far a thing has come. It is written before the kernel is changed and after: so whoever opens the
    /// store after a crash knows what to look for.
    public enum Stage {
        /// Being made: something of it may be there.
        ARRIVING,
        /// There.
        PRESENT,
        /// Being removed: something of it may be there.
        LEAVING,
        /// Gone, and its addresses are kept in mind.
        LEFT
    }

    /// A network as remembered.
    ///
    /// @param description what was asked for
    /// @param stage how far it has come
    /// @param ephemeral whether it goes with its handle
    /// @param drawn the prefixes drawn from default pools
    /// @param parent its parent
    /// @param hostAccess its child link in the parent's namespace
    /// @param making the links that are being made or removed for it, the lowest first
    public record NetworkRecord(
            IpvlanNetwork description,
            Stage stage,
            boolean ephemeral,
            List<IpPrefix> drawn,
            ParentLink parent,
            Optional<HostRecord> hostAccess,
            List<MadeLink> making) {
        public NetworkRecord {
            drawn = List.copyOf(drawn);
            making = List.copyOf(making);
        }
    }

    /// A link that is being made or removed.
    ///
    /// @param name its name
    /// @param index its index
    public record MadeLink(String name, int index) {
        /// The links that steps make.
        public static List<MadeLink> of(List<Step> steps) {
            return steps.stream()
                    .filter(Step.Create.class::isInstance)
                    .map(Step.Create.class::cast)
                    .map(create -> new MadeLink(create.name(), create.index()))
                    .toList();
        }
    }

    /// Host access as remembered.
    ///
    /// @param index the index of the child link
    /// @param addresses its addresses
    /// @param parents the parent's own addresses when it was made
    public record HostRecord(int index, List<IpAddress> addresses, List<IpCidr> parents) {}

    /// An endpoint as remembered.
    ///
    /// @param id its name
    /// @param stage how far it has come
    /// @param since when it was attached; of one that has left, when it left
    /// @param spec what was asked for
    /// @param interfaceName what its link is called
    /// @param index its link's index
    /// @param addresses its addresses
    /// @param namespace which namespace it is in
    public record EndpointRecord(
            String id,
            Stage stage,
            Instant since,
            EndpointSpec spec,
            String interfaceName,
            int index,
            List<IpCidr> addresses,
            NamespaceId namespace) {
        public EndpointInfo info() {
            return new EndpointInfo(id, spec.netns(), interfaceName, index, addresses);
        }

        public EndpointRecord at(Stage next, Instant now) {
            return new EndpointRecord(id, next, now, spec, interfaceName, index, addresses, namespace);
        }
    }

    public static String write(NetworkRecord network) {
        Lines lines = new Lines();
        DescriptionLines.write(lines, network.description());
        lines.put("stage", network.stage().name());
        lines.put("ephemeral", Boolean.toString(network.ephemeral()));
        PlaceLines.write(lines, "link", network.parent());
        lines.putAll("drawn.", network.drawn());
        network.hostAccess().ifPresent(host -> {
            lines.put("host.index", Integer.toString(host.index()));
            lines.putAll("host.address.", host.addresses());
            lines.putAll("host.parent.", host.parents());
        });
        lines.putAll("making.", network.making().stream().map(MadeLink::name).toList());
        lines.putAll(
                "making.index.", network.making().stream().map(MadeLink::index).toList());
        return lines.text();
    }

    public static NetworkRecord network(String key, String text) {
        try {
            Lines lines = Lines.read(text);
            IpvlanNetwork description = DescriptionLines.read(lines);
            requireKey(key, description.name());
            return new NetworkRecord(
                    description,
                    Stage.valueOf(lines.require("stage")),
                    lines.flag("ephemeral"),
                    lines.list("drawn.").stream().map(IpPrefix::parse).toList(),
                    PlaceLines.link(lines, "link"),
                    lines.find("host.index")
                            .map(index -> new HostRecord(
                                    Integer.parseInt(index),
                                    lines.list("host.address.").stream()
                                            .map(IpAddress::parse)
                                            .toList(),
                                    lines.list("host.parent.").stream()
                                            .map(IpCidr::parse)
                                            .toList())),
                    making(lines));
        } catch (IllegalArgumentException | InvalidNetworkException e) {
            throw unreadable(key, String.valueOf(e.getMessage()), e);
        }
    }

    private static List<MadeLink> making(Lines lines) {
        List<MadeLink> made = new ArrayList<>();
        for (String name : lines.list("making.")) {
            made.add(new MadeLink(name, Integer.parseInt(lines.require("making.index." + made.size()))));
        }
        return made;
    }

    public static String write(EndpointRecord endpoint) {
        Lines lines = new Lines();
        lines.put("id", endpoint.id());
        lines.put("stage", endpoint.stage().name());
        // As an instant writes itself, but for seconds that are 0, without the formatter, which takes its time.
        lines.put("since", endpoint.since().atOffset(ZoneOffset.UTC).toString());
        SpecLines.write(lines, endpoint.spec());
        PlaceLines.write(lines, "netns", endpoint.namespace());
        lines.put("link.name", endpoint.interfaceName());
        lines.put("link.index", Integer.toString(endpoint.index()));
        lines.putAll("address.", endpoint.addresses());
        return lines.text();
    }

    /// The text of the same endpoint at another stage, which differs in one line. No value has an end of a
    /// line in it.
    public static String at(Stage stage, String endpoint) {
        int from = endpoint.lastIndexOf("\nstage=") + "\nstage=".length();
        return endpoint.substring(0, from) + stage.name() + endpoint.substring(endpoint.indexOf('\n', from));
    }

    public static EndpointRecord endpoint(String key, String text) {
        try {
            Lines lines = Lines.read(text);
            String id = lines.require("id");
            requireKey(key.substring(key.indexOf('/') + 1), id);
            return new EndpointRecord(
                    id,
                    Stage.valueOf(lines.require("stage")),
                    lines.instant("since"),
                    SpecLines.read(lines),
                    lines.require("link.name"),
                    Integer.parseInt(lines.require("link.index")),
                    lines.list("address.").stream().map(IpCidr::parse).toList(),
                    PlaceLines.namespace(lines, "netns"));
        } catch (IllegalArgumentException e) {
            throw unreadable(key, String.valueOf(e.getMessage()), e);
        }
    }

    /// What is remembered of the machine: which run of it this is.
    public static String writeBoot(String id) {
        Lines lines = new Lines();
        lines.put("boot", id);
        return lines.text();
    }

    public static String boot(String text) {
        try {
            return Lines.read(text).require("boot");
        } catch (IllegalArgumentException e) {
            throw unreadable("of the machine", String.valueOf(e.getMessage()), e);
        }
    }

    /// A text that cannot be understood.
    public static UncheckedIOException unreadable(String key, String reason, Exception cause) {
        return new UncheckedIOException(
                "the network store holds an unreadable record '" + key + "': " + reason, new IOException(cause));
    }

    /// A record copied to another key would come to life twice.
    private static void requireKey(String key, String name) {
        if (!key.equals(name)) {
            throw new IllegalArgumentException("it is the record of '" + name + "'");
        }
    }
}
