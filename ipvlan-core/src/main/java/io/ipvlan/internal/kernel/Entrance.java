package io.ipvlan.internal.kernel;

import io.ipvlan.Netns;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.netns.SocketOpening;
import io.ipvlan.netlink.route.RouteSocket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A way into a namespace.
interface Entrance {
    /// The socket inside, once it is open.
    ///
    /// @throws io.ipvlan.PermissionException if this process may not enter
    Inside inside();

    void close();

    /// A socket that is open.
    ///
    /// @param id which namespace it is in, as only a socket inside tells
    record Inside(RouteSocket socket, NamespaceId id) implements Entrance {
        /// @param handle the namespace
        /// @param socket closed if this fails
        static Inside of(NetNamespace handle, RouteSocket socket) throws NetlinkException {
            boolean whole = false;
            try {
                Inside inside = new Inside(socket, NetlinkNamespace.id(handle, socket));
                whole = true;
                return inside;
            } finally {
                if (!whole) {
                    socket.close();
                }
            }
        }

        @Override
        public Inside inside() {
            return this;
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /// One that is opened while its operation prepares what it will do there. For one thread until it is
    /// open.
    final class Opening implements Entrance {
        private final Netns netns;
        private final NetNamespace handle;
        private final Duration timeout;
        private final SocketOpening opening;
        private @Nullable Inside inside;

        /// @param handle the namespace, which stays the caller's
        Opening(Netns netns, NetNamespace handle, Duration timeout) {
            this.netns = netns;
            this.handle = handle;
            this.timeout = timeout;
            this.opening = handle.beginSocket(NetlinkSocket.ROUTE);
        }

        @Override
        public Inside inside() {
            if (inside == null) {
                inside = enter();
            }
            return inside;
        }

        private Inside enter() {
            try {
                return Inside.of(handle, RouteSocket.over(opening.take()).within(timeout));
            } catch (NetlinkException.Refused e) {
                throw KernelErrors.opening(netns, NetlinkKernel.error(e), e);
            } catch (NetlinkException e) {
                throw NetlinkNamespace.failedToLook("'" + netns + "'", e);
            }
        }

        @Override
        public void close() {
            if (inside == null) {
                opening.close();
            } else {
                inside.close();
            }
        }
    }
}
