package io.ipvlan.bench.peer;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.ArrayList;
import java.util.List;

/// Namespaces to attach to, open until closed.
final class NamespaceList implements AutoCloseable {
    private final List<NetNamespace> namespaces = new ArrayList<>();

    /// Opens the namespaces of the prepared pool.
    static NamespaceList ofPool(int count) throws NetlinkException {
        NamespaceList opened = new NamespaceList();
        for (int i = 0; i < count; i++) {
            opened.add(Endpoints.namespace(i));
        }
        return opened;
    }

    /// Makes namespaces.
    static NamespaceList fresh(int count) throws NetlinkException {
        NamespaceList made = new NamespaceList();
        for (int i = 0; i < count; i++) {
            made.add(NetNamespace.create());
        }
        return made;
    }

    void add(NetNamespace namespace) {
        namespaces.add(namespace);
    }

    NetNamespace get(int number) {
        return namespaces.get(number);
    }

    List<NetNamespace> all() {
        return List.copyOf(namespaces);
    }

    @Override
    public void close() {
        namespaces.forEach(NetNamespace::close);
    }
}
