package io.ipvlan.internal.kernel;

import io.ipvlan.netlink.netns.NetNamespace;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Looks for a namespace where namespaces are found: among the named ones, and among those of processes. One
/// that is only held open by somebody's descriptor is not found.
final class NamespaceSearch {
    private static final Path NAMED = Path.of("/run/netns");
    private static final Path PROCESSES = Path.of("/proc");

    private NamespaceSearch() {}

    static Optional<NetNamespace> find(NetNamespace.Id id) {
        return search(NAMED, "*", Path.of(""), id).or(() -> search(PROCESSES, "[0-9]*", Path.of("ns", "net"), id));
    }

    private static Optional<NetNamespace> search(Path directory, String pattern, Path file, NetNamespace.Id id) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            for (Path entry : entries) {
                Optional<NetNamespace> found = openIf(entry.resolve(file), id);
                if (found.isPresent()) {
                    return found;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return Optional.empty(); // no such directory, or none that may be read: nothing is found there
        }
        return Optional.empty();
    }

    private static Optional<NetNamespace> openIf(Path file, NetNamespace.Id id) {
        try {
            if (!Files.getAttribute(file, "unix:ino").equals(id.inode())) {
                return Optional.empty();
            }
            NetNamespace opened = NetNamespace.ofPath(file);
            if (opened.id().equals(id)) {
                return Optional.of(opened);
            }
            opened.close();
            return Optional.empty();
        } catch (IOException e) { // gone meanwhile, or somebody else's
            return Optional.empty();
        }
    }
}
