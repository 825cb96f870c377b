package io.ipvlan.internal.store;

import io.ipvlan.Netns;
import io.ipvlan.internal.kernel.NamespaceId;
import java.nio.file.Path;
import java.util.Optional;

/// Namespaces and links as lines.
final class PlaceLines {
    private PlaceLines() {}

    static void write(Lines lines, String key, Netns netns) {
        switch (netns) {
            case Netns.OfPid(long pid) -> lines.put(key + ".pid", Long.toString(pid));
            case Netns.OfName(String name) -> lines.put(key + ".name", name);
            case Netns.OfPath(Path path) -> lines.put(key + ".path", path.toString());
            case Netns.OfDescriptor(int descriptor) -> lines.put(key + ".descriptor", Integer.toString(descriptor));
        }
    }

    static Optional<Netns> find(Lines lines, String key) {
        return lines.find(key + ".pid")
                .<Netns>map(pid -> Netns.ofPid(Long.parseLong(pid)))
                .or(() -> lines.find(key + ".name").map(Netns::ofName))
                .or(() -> lines.find(key + ".path").map(path -> Netns.ofPath(Path.of(path))))
                .or(() -> lines.find(key + ".descriptor")
                        .map(descriptor -> Netns.ofDescriptor(Integer.parseInt(descriptor))));
    }

    static Netns netns(Lines lines, String key) {
        return find(lines, key).orElseThrow(() -> new IllegalArgumentException("it names no network namespace"));
    }

    static void write(Lines lines, String key, NamespaceId id) {
        lines.put(key + ".device", Long.toString(id.device()));
        lines.put(key + ".inode", Long.toString(id.inode()));
        if (id.cookie() != 0) {
            lines.put(key + ".cookie", Long.toString(id.cookie()));
        }
    }

    static NamespaceId namespace(Lines lines, String key) {
        return new NamespaceId(
                Long.parseLong(lines.require(key + ".device")),
                Long.parseLong(lines.require(key + ".inode")),
                lines.find(key + ".cookie").map(Long::parseLong).orElse(0L));
    }

    static void write(Lines lines, String key, ParentLink link) {
        lines.put(key + ".name", link.name());
        lines.put(key + ".index", Integer.toString(link.index()));
        lines.put(key + ".owned", Boolean.toString(link.owned()));
        link.netns().ifPresent(netns -> write(lines, key + ".netns", netns));
        write(lines, key + ".netns", link.namespace());
    }

    static ParentLink link(Lines lines, String key) {
        return new ParentLink(
                find(lines, key + ".netns"),
                namespace(lines, key + ".netns"),
                lines.require(key + ".name"),
                Integer.parseInt(lines.require(key + ".index")),
                lines.flag(key + ".owned"));
    }
}
