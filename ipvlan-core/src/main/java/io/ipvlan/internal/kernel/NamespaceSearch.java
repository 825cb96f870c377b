package io.ipvlan.internal.kernel;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/// Looks for namespaces where namespaces are found: among the named ones, and among those of processes. One
/// that is only held open by somebody's descriptor is not found.
final class NamespaceSearch {
    private static final Path NAMED = Path.of("/run/netns");
    private static final Path PROCESSES = Path.of("/proc");

    private NamespaceSearch() {}

    static Optional<NetNamespace> find(NetNamespace.Id id) {
        Finder finder = new Finder(id);
        search(finder);
        return finder.found();
    }

    /// Shows every namespace once, open during the call.
    ///
    /// @param visitor gets what it was found by, and the namespace
    static void visitAll(BiConsumer<String, NetNamespace> visitor) {
        Set<Object> seen = new HashSet<>();
        search((file, inode) -> {
            if (seen.add(inode)) {
                try (NetNamespace opened = NetNamespace.ofPath(file)) {
                    visitor.accept("'" + file + "'", opened);
                } catch (NetlinkException.Refused e) {
                    seen.remove(inode); // gone meanwhile, or no namespace, or somebody else's
                }
            }
            return true;
        });
    }

    /// @param visitor gets files and their inodes, and says whether to go on
    private static void search(BiPredicate<Path, Object> visitor) {
        if (search(NAMED, "*", Path.of(""), visitor)) {
            search(PROCESSES, "[0-9]*", Path.of("ns", "net"), visitor);
        }
    }

    private static boolean search(Path directory, String pattern, Path file, BiPredicate<Path, Object> visitor) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            for (Path entry : entries) {
                if (!show(entry.resolve(file), visitor)) {
                    return false;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return true; // no such directory, or none that may be read: nothing is found there
        }
        return true;
    }

    private static boolean show(Path file, BiPredicate<Path, Object> visitor) {
        Object inode;
        try {
            inode = Files.getAttribute(file, "unix:ino");
        } catch (IOException e) {
            return true; // gone meanwhile, or somebody else's
        }
        return visitor.test(file, inode);
    }

    /// Opens the one that is looked for.
    private static final class Finder implements BiPredicate<Path, Object> {
        private final NetNamespace.Id wanted;
        private Optional<NetNamespace> found = Optional.empty();

        Finder(NetNamespace.Id wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean test(Path file, Object inode) {
            if (!inode.equals(wanted.inode())) {
                return true;
            }
            try {
                NetNamespace opened = NetNamespace.ofPath(file);
                if (opened.id().equals(wanted)) {
                    found = Optional.of(opened);
                    return false;
                }
                opened.close();
            } catch (NetlinkException.Refused e) {
                return true; // gone meanwhile, or somebody else's
            }
            return true;
        }

        Optional<NetNamespace> found() {
            return found;
        }
    }
}
