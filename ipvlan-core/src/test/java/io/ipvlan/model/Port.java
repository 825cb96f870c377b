package io.ipvlan.model;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.ip.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A parent with its children: mode and flag belong to all of them. Source:
/// `drivers/net/ipvlan/ipvlan_core.c`, whose functions are named where their rule is.
final class Port {
    private final IpvlanMode mode;
    private final IpvlanFlag flag;
    private final Node host;
    private final Device parent;
    private final boolean reflected;
    private final List<Child> children = new ArrayList<>();

    private Port(IpvlanMode mode, IpvlanFlag flag, Node host, Device parent, boolean reflected) {
        this.mode = mode;
        this.flag = flag;
        this.host = host;
        this.parent = parent;
        this.reflected = reflected;
    }

    static Port onDummy(IpvlanMode mode, IpvlanFlag flag, Node host) {
        return new Port(mode, flag, host, Device.dummy(), false);
    }

    static Port onWire(IpvlanMode mode, IpvlanFlag flag, Node host, Wire.End parent) {
        Port port = new Port(mode, flag, host, parent, parent.reflects());
        parent.carries(port);
        return port;
    }

    boolean serves(IpvlanMode otherMode, IpvlanFlag otherFlag) {
        return mode == otherMode && flag == otherFlag;
    }

    Device child(Node node) {
        Child child = new Child(node);
        children.add(child);
        return child;
    }

    /// The node of the child that has an address: addresses are unique among the children of a parent
    /// (`ipvlan_addr_lookup`).
    Optional<Node> holder(IpAddress address) {
        return children.stream()
                .filter(child -> child.node.holds(address, child))
                .map(child -> child.node)
                .findFirst();
    }

    /// Whether somebody on the segment gets an answer for an address of a child. Routed children are NOARP.
    boolean answersFor(IpAddress address) {
        return !mode.isRouted() && holder(address).isPresent();
    }

    /// A child link.
    private final class Child implements Device {
        private final Node node;

        Child(Node node) {
            this.node = node;
        }

        @Override
        public Optional<Node> send(Packet packet, IpAddress nextHop) {
            return mode.isRouted() ? routed(packet) : switched(packet, nextHop);
        }

        /// `ipvlan_xmit_mode_l3`: the next hop says nothing. What a sibling has goes to it, or with flag
        /// private nowhere; all else, and with flag VEPA that too, to the host's stack.
        private Optional<Node> routed(Packet packet) {
            Optional<Node> sibling = flag == IpvlanFlag.VEPA ? Optional.empty() : holder(packet.to());
            if (sibling.isPresent()) {
                return flag == IpvlanFlag.PRIVATE ? Optional.empty() : sibling;
            }
            return host.sendForChild(packet, parent);
        }

        /// `ipvlan_xmit_mode_l2`: a sibling has the same hardware address as everybody here, so what is for
        /// it is recognised by the destination; the host's stack gets the rest of what is for that hardware
        /// address. With flag private a sibling's answer to the question for it is dropped, so it is never
        /// sent anything. With flag VEPA both leave, and come back only if they are reflected.
        private Optional<Node> switched(Packet packet, IpAddress nextHop) {
            if (holder(nextHop).isEmpty()) {
                return parent.send(packet, nextHop);
            }
            boolean arrives = switch (flag) {
                case BRIDGE -> true;
                case PRIVATE -> false;
                case VEPA -> reflected;
            };
            return arrives ? holder(packet.to()).or(() -> Optional.of(host)) : Optional.empty();
        }
    }
}
