package io.ipvlan.netlink.route;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A number by which a namespace knows another. Source: `NETNSA_*` in `linux/net_namespace.h`.
///
/// @param id the number
public record NamespaceIdMessage(int id) implements RouteObject {
    @Override
    public Object identity() {
        return List.of("namespace", id);
    }

    /// Reads a message that is about a number, whether it says that there is one or that there is one no
    /// longer; null if it holds none.
    static @Nullable NamespaceIdMessage read(NetlinkMessage message) throws NetlinkException.Malformed {
        Integer id = NamespaceIdRequest.read(message);
        return id == null ? null : new NamespaceIdMessage(id);
    }
}
