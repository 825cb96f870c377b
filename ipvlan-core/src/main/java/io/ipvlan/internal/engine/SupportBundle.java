package io.ipvlan.internal.engine;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.ObservedNetwork;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.KernelProbe;
import io.ipvlan.internal.preflight.HostFiles;
import io.ipvlan.internal.preflight.Preflight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Writes down what there is to know about an engine's networks and the machine they are on, as one text.
/// Labels are left out but for their keys: they are the user's.
final class SupportBundle {
    private static final String HIDDEN = "(not shown)";

    /// Settings of the kernel that decide whether packets get anywhere.
    private static final List<String> SYSCTLS = List.of(
            "net.ipv4.ip_forward",
            "net.ipv4.conf.all.rp_filter",
            "net.ipv4.neigh.default.gc_thresh3",
            "net.ipv6.conf.all.disable_ipv6",
            "net.ipv6.conf.default.disable_ipv6",
            "net.ipv6.conf.all.forwarding",
            "net.ipv6.neigh.default.gc_thresh3");

    private final StringBuilder text = new StringBuilder();

    private SupportBundle() {}

    /// Writes a new file.
    ///
    /// @throws UncheckedIOException if there is one already, or it cannot be written
    static void write(Path file, List<ActiveNetwork> networks) {
        SupportBundle bundle = new SupportBundle();
        bundle.host();
        networks.forEach(bundle::network);
        bundle.section("recent exchanges", () -> KernelProbe.recentExchanges().stream());
        ByteBuffer bytes = ByteBuffer.wrap(bundle.text.toString().getBytes(StandardCharsets.UTF_8));
        try (ByteChannel channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the support bundle could not be written to " + file, e);
        }
    }

    /// A part of the text. What cannot be found out must not keep the rest.
    private void section(String title, Supplier<Stream<String>> lines) {
        text.append("== ").append(title).append('\n');
        try {
            List<String> found = lines.get().toList();
            (found.isEmpty() ? List.of("(none)") : found).forEach(this::line);
        } catch (RuntimeException e) {
            line("(could not be found out: " + e.getMessage() + ")");
        }
        text.append('\n');
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void host() {
        section("ipvlan", () -> Stream.of("version " + version(), "written at " + Instant.now(), "Java " + java()));
        section(
                "preflight",
                () -> Preflight.ofThisMachine(Optional.empty()).stream().map(Object::toString));
        HostFiles files = HostFiles.ofThisMachine();
        section(
                "kernel",
                () -> Stream.concat(
                        Stream.of("ostype", "osrelease", "version").map(name -> setting(files, "kernel." + name)),
                        SYSCTLS.stream().map(key -> setting(files, key))));
    }

    private static String java() {
        return Runtime.version() + " on " + System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    private static String setting(HostFiles files, String key) {
        return key + " = " + files.text("/proc/sys/" + key.replace('.', '/')).orElse("(not there)");
    }

    /// As Maven wrote it down when the library was built.
    private static String version() {
        try (InputStream in = SupportBundle.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        }
    }

    private void network(ActiveNetwork network) {
        String title = "network '" + network.name() + "': ";
        section(
                title + "description",
                () -> Stream.of(withoutLabels(network.description()).toString()));
        section(title + "parent", () -> Stream.of(parent(network)));
        section(title + "what was done", () -> plan((Network) network));
        section(title + "what differs", () -> network.verify().stream().map(Object::toString));
        section(title + "what the kernel holds", () -> observed(network.observe()));
        section(
                title + "addresses",
                () -> network.usage().entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue()));
    }

    private static IpvlanNetwork withoutLabels(IpvlanNetwork network) {
        Map<String, String> keys = new TreeMap<>(network.labels());
        keys.replaceAll((_, _) -> HIDDEN);
        IpvlanNetwork.Builder copy = network.toBuilder();
        keys.forEach(copy::label);
        return copy.build();
    }

    private static String parent(ActiveNetwork network) {
        var info = network.inspect();
        return "'" + info.parent() + "', index " + info.parentIndex() + (info.parentOwned() ? ", made by us" : "");
    }

    private static Stream<String> plan(Network network) {
        Stream<Step> host = network.hostAccess().stream().flatMap(access -> access.steps().stream());
        Stream<Step> endpoints = network.attached().stream().flatMap(endpoint -> endpoint.steps().stream());
        return Stream.concat(host, endpoints).map(Step::command);
    }

    private static Stream<String> observed(ObservedNetwork network) {
        return Stream.concat(
                Stream.of(
                        "parent: " + network.parent().map(Object::toString).orElse("gone"),
                        "host access: "
                                + network.hostAccess().map(Object::toString).orElse("none")),
                network.endpoints().entrySet().stream()
                        .map(entry -> "endpoint '" + entry.getKey() + "': " + entry.getValue()));
    }
}
