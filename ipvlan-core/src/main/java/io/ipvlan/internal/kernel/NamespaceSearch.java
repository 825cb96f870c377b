package io.ipvlan.internal.kernel;

import io.ipvlan.IpvlanException;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.PermissionException;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.RouteSocket;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for namespaces where namespaces are found: among the named ones, and among those of processes. One
/// that is only held open by somebody's descriptor is not found.
final class NamespaceSearch {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceSearch.class);

    private static final Path NAMED = Path.of("/run/netns");
    private static final Path PROCESSES = Path.of("/proc");

    private NamespaceSearch() {}

    /// Looks twice before it is taken for gone: a process that began while all were gone through may not have
    /// been among them.
    ///
    /// @return empty if it is gone, or only held open by somebody's descriptor
    /// @throws AccessDeniedException if it was not found, and not every process could be looked at
    /// @throws IOException if it was not found, and something else kept this from looking everywhere
    static Optional<NetNamespace> find(NetNamespace.Id id) throws IOException {
        Finder finder = new Finder(id);
        if (search(finder)) {
            search(finder);
        }
        if (finder.found.isEmpty() && finder.refused != null) {
            throw finder.refused;
        }
        return finder.found;
    }

    /// Looks into a namespace.
    @FunctionalInterface
    interface Look {
        /// Looks.
        ///
        /// @param file what it was found by
        /// @param namespace it, open during the call
        /// @param socket one inside, open during the call
        void into(Path file, NetNamespace namespace, RouteSocket socket) throws NetlinkException;
    }

    /// Looks into every namespace once.
    ///
    /// What this process may not look into is left out.
    ///
    /// @param known one that need not be looked into
    /// @throws IOException if something else kept this from looking everywhere; after all the others
    static void lookIntoOthers(NetNamespace known, Look look) throws IOException {
        Caller caller = new Caller(known, look);
        search(caller);
        if (caller.failure != null) {
            throw caller.failure;
        }
    }

    interface Visitor {
        /// Shown a file and its inode, says whether to go on.
        boolean show(Path file, Object inode);

        /// Told of one that may not or could not be looked at, or of a directory of them.
        void refused(IOException reason);
    }

    /// Shows every file that may lead to a namespace, until the visitor has seen enough.
    ///
    /// @return whether it has not
    static boolean search(Visitor visitor) {
        return search(NAMED, "*", Path.of(""), visitor) && search(PROCESSES, "[0-9]*", Path.of("ns", "net"), visitor);
    }

    /// Shows such a file of each entry of a directory whose name is like the pattern.
    ///
    /// @return whether to go on
    static boolean search(Path directory, String pattern, Path file, Visitor visitor) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            for (Path entry : entries) {
                if (!show(entry, file, visitor)) {
                    return false;
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return true;
        } catch (IOException e) {
            visitor.refused(e);
        } catch (DirectoryIteratorException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                visitor.refused(
                        new IOException("the listing of %s broke off: %s".formatted(directory, e.getMessage()), e));
            }
        }
        return true;
    }

    private static boolean show(Path entry, Path file, Visitor visitor) {
        Path found = entry.resolve(file);
        Object inode;
        try {
            inode = Files.getAttribute(found, "unix:ino");
        } catch (NoSuchFileException e) {
            // Gone meanwhile, or the first thread of a process has ended, and others have not.
            return search(entry.resolve("task"), "[0-9]*", file, visitor);
        } catch (IOException e) {
            if (!leadsNowhere(entry, found)) {
                visitor.refused(e);
            }
            return true;
        }
        return visitor.show(found, inode);
    }

    /// What a process that ends at this moment answers is not always that it is not there. And a name may be
    /// a link to itself, or to what is no namespace.
    private static boolean leadsNowhere(Path entry, Path file) {
        if (Files.notExists(entry, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (NetNamespace _ = NetNamespace.ofPath(file)) {
            return false;
        } catch (NetlinkException.Refused e) {
            return refusal(file, e).isEmpty();
        }
    }

    /// Why a file was not opened, unless it is because it leads nowhere.
    static Optional<IOException> refusal(Path file, NetlinkException.Refused e) {
        IpvlanException words = KernelErrors.opening(Netns.ofPath(file), NetlinkKernel.error(e), e);
        return switch (words) {
            case NotFoundException _ -> Optional.empty();
            case PermissionException _ -> Optional.of(new AccessDeniedException(file.toString(), null, e.getMessage()));
            default -> Optional.of(new IOException(words.getMessage(), e));
        };
    }

    /// Opens a file, if it leads to that namespace.
    static Optional<NetNamespace> open(Path file, NetNamespace.Id wanted) throws NetlinkException.Refused {
        NetNamespace opened = NetNamespace.ofPath(file);
        if (opened.id().equals(wanted)) {
            return Optional.of(opened);
        }
        opened.close();
        return Optional.empty();
    }

    /// Looks into each once.
    private static final class Caller implements Visitor {
        private final NetNamespace known;
        private final Look look;
        private final Set<Object> seen = new HashSet<>();
        private @Nullable IOException failure;

        Caller(NetNamespace known, Look look) {
            this.known = known;
            this.look = look;
        }

        @Override
        public boolean show(Path file, Object inode) {
            if (seen.add(inode)) {
                try (NetNamespace opened = NetNamespace.ofPath(file)) {
                    if (!opened.isSameAs(known)) {
                        lookInto(file, opened);
                    }
                } catch (NetlinkException.Refused e) {
                    seen.remove(inode);
                    refusal(file, e).ifPresent(this::refused);
                }
            }
            return true;
        }

        private void lookInto(Path file, NetNamespace opened) {
            try (RouteSocket socket = RouteSocket.open(opened)) {
                look.into(file, opened, socket);
            } catch (NetlinkException.Refused e) {
                refusal(file, e).ifPresent(this::refused);
            } catch (NetlinkException e) {
                refused(new IOException(e.getMessage(), e));
            }
        }

        @Override
        public void refused(IOException reason) {
            if (reason instanceof AccessDeniedException) {
                LOG.debug("not looked into: {}", reason.getMessage());
            } else {
                failure = reason;
            }
        }
    }

    /// Opens the one that is looked for.
    private static final class Finder implements Visitor {
        private final NetNamespace.Id wanted;
        private Optional<NetNamespace> found = Optional.empty();
        private @Nullable IOException refused;

        Finder(NetNamespace.Id wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean show(Path file, Object inode) {
            if (!inode.equals(wanted.inode())) {
                return true;
            }
            try {
                found = open(file, wanted);
            } catch (NetlinkException.Refused e) {
                refusal(file, e).ifPresent(this::refused);
            }
            return found.isEmpty();
        }

        @Override
        public void refused(IOException reason) {
            refused = reason;
        }
    }
}
