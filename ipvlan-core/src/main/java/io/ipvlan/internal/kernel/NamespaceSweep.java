package io.ipvlan.internal.kernel;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for many namespaces: goes through all places where namespaces are found when the first is looked
/// for, and once more when the first is not found, since a process that began meanwhile may not have been
/// seen; and keeps in mind where each was. Holds none of them open. For one thread.
final class NamespaceSweep implements NamespaceSearch.Visitor {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceSweep.class);

    private static final int PASSES = 2;

    private final Consumer<NamespaceSearch.Visitor> search;
    private final Map<Object, Path> files = new HashMap<>();
    private @Nullable IOException refused;
    private int passes;

    NamespaceSweep() {
        this(NamespaceSearch::search);
    }

    /// @param search goes through all places
    NamespaceSweep(Consumer<NamespaceSearch.Visitor> search) {
        this.search = search;
    }

    @Override
    public boolean show(Path file, Object inode) {
        files.putIfAbsent(inode, file);
        return true;
    }

    @Override
    public void refused(IOException reason) {
        refused = reason;
    }

    /// As [NamespaceSearch#find], but what was in none of these places either time is not found.
    Optional<NetNamespace> find(NetNamespace.Id id) throws IOException {
        Optional<NetNamespace> found = passes == 0 ? Optional.empty() : look(id);
        while (found.isEmpty() && passes < PASSES) {
            search.accept(this);
            passes++;
            found = look(id);
        }
        if (found.isEmpty() && refused != null) {
            throw refused;
        }
        return found;
    }

    private Optional<NetNamespace> look(NetNamespace.Id id) throws IOException {
        Path file = files.get(id.inode());
        if (file == null) {
            return Optional.empty();
        }
        Optional<NetNamespace> opened = open(file, id);
        // Whoever was seen with it may have left it since, and others have it still.
        return opened.isPresent() ? opened : NamespaceSearch.find(id);
    }

    private static Optional<NetNamespace> open(Path file, NetNamespace.Id id) {
        try {
            return NamespaceSearch.open(file, id);
        } catch (NetlinkException.Refused e) {
            LOG.debug("'{}' leads to no namespace any more: {}", file, e.getMessage());
            return Optional.empty();
        }
    }
}
