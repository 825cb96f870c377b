package io.ipvlan.model;

import io.ipvlan.ip.IpAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A segment with one link at each end. A switch in it may send frames back to where they came from.
final class Wire {
    private final boolean reflects;
    private final End near;
    private final End far;

    Wire(Node near, Node far, boolean reflects) {
        this.reflects = reflects;
        this.near = new End(near);
        this.far = new End(far);
    }

    End near() {
        return near;
    }

    End far() {
        return far;
    }

    /// The link at one end.
    final class End implements Device {
        private final Node node;
        private @Nullable Port port;

        private End(Node node) {
            this.node = node;
        }

        /// Makes this link a parent.
        void carries(Port children) {
            port = children;
        }

        boolean reflects() {
            return reflects;
        }

        /// What this link sends, its own children never see, and what they send, its node does not: a frame
        /// goes to the other end only. So a parent and its children do not reach each other (measured).
        @Override
        public Optional<Node> send(Packet packet, IpAddress nextHop) {
            End other = this == near ? far : near;
            return other.answersFor(nextHop) ? Optional.of(other.receiver(packet)) : Optional.empty();
        }

        private boolean answersFor(IpAddress address) {
            return node.answersFor(address, this) || (port != null && port.answersFor(address));
        }

        /// A frame that comes in is a child's if the child has the destination, whatever the mode, the flag,
        /// and the address that was asked for (`ipvlan_handle_mode_l3`, called from L2 too; `ipvlan_l3_rcv`).
        private Node receiver(Packet packet) {
            return Optional.ofNullable(port)
                    .flatMap(children -> children.holder(packet.to()))
                    .orElse(node);
        }
    }
}
