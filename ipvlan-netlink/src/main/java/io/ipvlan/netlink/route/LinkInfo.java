package io.ipvlan.netlink.route;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What kind a link is, with what belongs to the kind. A kind this library does not know is kept as bytes; a
/// number a newer kernel adds to a known kind is kept as a number.
///
/// Source: `IFLA_LINKINFO` in `linux/if_link.h`.
public sealed interface LinkInfo {
    /// The kernel's name of the kind, such as `ipvlan`.
    ///
    /// @return the name
    String kind();

    /// A child link of an ipvlan parent. **Both numbers belong to the parent**: creating a child with others
    /// changes every child of that parent, in every namespace.
    ///
    /// @param mode one of [#L2], [#L3], [#L3S]; another number is kept as the kernel sent it
    /// @param flags [#BRIDGE], or one of [#PRIVATE] and [#VEPA]
    record Ipvlan(int mode, int flags) implements LinkInfo {
        /// Switched on the parent's segment.
        public static final int L2 = 0;
        /// Routed in the parent's namespace, without neighbours.
        public static final int L3 = 1;
        /// Routed like L3, and through the netfilter hooks of the parent's namespace.
        public static final int L3S = 2;
        /// Children of one parent reach each other.
        public static final int BRIDGE = 0;
        /// Children of one parent do not reach each other.
        public static final int PRIVATE = 1;
        /// Traffic between children leaves through the parent.
        public static final int VEPA = 2;

        /// A child.
        ///
        /// @throws IllegalArgumentException if a number has more than 16 bits
        public Ipvlan {
            Wire.require(mode, 16);
            Wire.require(flags, 16);
        }

        /// A child in a mode, with flag [#BRIDGE].
        ///
        /// @param mode one of [#L2], [#L3], [#L3S]
        /// @return the kind
        public static Ipvlan of(int mode) {
            return new Ipvlan(mode, BRIDGE);
        }

        @Override
        public String kind() {
            return "ipvlan";
        }
    }

    /// An ipvlan child with a character device, `/dev/tap<index>`, for a virtual machine.
    ///
    /// @param mode as of [Ipvlan]
    /// @param flags as of [Ipvlan]
    record Ipvtap(int mode, int flags) implements LinkInfo {
        /// A child.
        ///
        /// @throws IllegalArgumentException if a number has more than 16 bits
        public Ipvtap {
            Wire.require(mode, 16);
            Wire.require(flags, 16);
        }

        @Override
        public String kind() {
            return "ipvtap";
        }
    }

    /// A VLAN link. In a request to change one, the maps add to what is there.
    ///
    /// @param id the VLAN id, 0 to 4094
    /// @param protocol the EtherType of the tag: [#DOT1Q], or [#DOT1AD] for the outer of two
    /// @param flags [#REORDER_HEADER] and others, combined with `|`
    /// @param ingress which packet priority (`to`) a tag's priority (`from`, 0 to 7) means; not listed is 0
    /// @param egress which tag priority (`to`, 0 to 7) a packet priority (`from`) gets; not listed is 0
    record Vlan(int id, int protocol, int flags, List<PriorityMap> ingress, List<PriorityMap> egress)
            implements LinkInfo {
        /// IEEE 802.1Q, the ordinary tag.
        public static final int DOT1Q = 0x8100;
        /// IEEE 802.1ad, the tag of a provider.
        public static final int DOT1AD = 0x88a8;
        /// The tag is taken out of packets received; on unless said otherwise.
        public static final int REORDER_HEADER = 0x1;
        /// Announced by GVRP.
        public static final int GVRP = 0x2;
        /// Does not follow the state of the link below.
        public static final int LOOSE_BINDING = 0x4;
        /// Announced by MVRP.
        public static final int MVRP = 0x8;
        /// Follows the bridge ports that are in the VLAN; for a VLAN link on a bridge.
        public static final int BRIDGE_BINDING = 0x10;

        /// One line of a map of priorities.
        ///
        /// @param from the priority looked up
        /// @param to the priority it becomes
        public record PriorityMap(int from, int to) {}

        /// A VLAN link; the lists are copied.
        ///
        /// @throws IllegalArgumentException if the id or the protocol has more than 16 bits
        public Vlan {
            Wire.require(id, 16);
            Wire.require(protocol, 16);
            ingress = List.copyOf(ingress);
            egress = List.copyOf(egress);
        }

        /// An ordinary VLAN link: 802.1Q, the header reordered, no maps.
        ///
        /// @param id the VLAN id, 0 to 4094
        public Vlan(int id) {
            this(id, DOT1Q, REORDER_HEADER, List.of(), List.of());
        }

        @Override
        public String kind() {
            return "vlan";
        }
    }

    /// A link that leads nowhere.
    record Dummy() implements LinkInfo {
        @Override
        public String kind() {
            return "dummy";
        }
    }

    /// One of two links that are each other's other end. The kernel reports the other as [LinkMessage#link].
    ///
    /// @param peer the other one, to create both; empty as the kernel reports it. When creating, empty lets
    ///     the kernel choose name and namespace (that of the first)
    record Veth(Optional<LinkRequest> peer) implements LinkInfo {
        /// A veth with a description of its other end, which may lie in another namespace.
        ///
        /// @param peer the other end, from [LinkRequest#peer]
        /// @return the kind
        public static Veth to(LinkRequest peer) {
            return new Veth(Optional.of(peer));
        }

        @Override
        public String kind() {
            return "veth";
        }
    }

    /// A child link with a hardware address of its own.
    ///
    /// @param mode one of [#PRIVATE], [#VEPA], [#BRIDGE], [#PASSTHRU], [#SOURCE]
    /// @param flags 0 or [#NO_PROMISCUITY]
    record Macvlan(int mode, int flags) implements LinkInfo {
        /// Children do not reach each other.
        public static final int PRIVATE = 1;
        /// Traffic between children leaves through the parent.
        public static final int VEPA = 2;
        /// Children reach each other.
        public static final int BRIDGE = 4;
        /// One child, which takes the parent's place.
        public static final int PASSTHRU = 8;
        /// Only senders that are listed are heard.
        public static final int SOURCE = 16;
        /// In [#PASSTHRU]: the parent does not become promiscuous.
        public static final int NO_PROMISCUITY = 1;

        /// A child.
        ///
        /// @throws IllegalArgumentException if the flags have more than 16 bits
        public Macvlan {
            Wire.require(flags, 16);
        }

        /// A child in a mode, without flags.
        ///
        /// @param mode one of the modes
        /// @return the kind
        public static Macvlan of(int mode) {
            return new Macvlan(mode, 0);
        }

        @Override
        public String kind() {
            return "macvlan";
        }
    }

    /// A bridge; times in hundredths of a second.
    ///
    /// @param forwardDelay how long a port listens, and learns, before it forwards
    /// @param helloTime how often the root bridge says hello
    /// @param maxAge how long a hello is believed
    /// @param ageingTime how long an address is remembered
    /// @param stpState the spanning tree protocol: 0 off, 1 in the kernel, 2 in a program
    /// @param priority the bridge's priority, 0 to 65535, lower is preferred as root
    /// @param vlanFiltering whether ports filter by VLAN id
    record Bridge(
            int forwardDelay,
            int helloTime,
            int maxAge,
            int ageingTime,
            int stpState,
            int priority,
            boolean vlanFiltering)
            implements LinkInfo {
        /// A bridge.
        ///
        /// @throws IllegalArgumentException if the priority is not 0 to 65535
        public Bridge {
            Wire.require(priority, 16);
        }

        /// What a bridge is unless said otherwise: 15 s, 2 s, 20 s, 300 s, no spanning tree, priority 32768,
        /// no filter.
        public static final Bridge DEFAULT = new Bridge(1500, 200, 2000, 30_000, 0, 0x8000, false);

        @Override
        public String kind() {
            return "bridge";
        }
    }

    /// Several links as one.
    ///
    /// @param mode how they share the work: 0 round robin, 1 active and backup, 2 xor, 3 broadcast, 4 IEEE
    ///     802.3ad, 5 and 6 adaptive load balancing
    /// @param miimon every how many milliseconds their carriers are looked at; 0 for never
    /// @param active the index of the one in use, in a mode that has one; not written to the kernel
    record Bond(int mode, int miimon, OptionalInt active) implements LinkInfo {
        /// A bond.
        ///
        /// @throws IllegalArgumentException if the mode has more than 8 bits
        public Bond {
            Wire.require(mode, 8);
        }

        @Override
        public String kind() {
            return "bond";
        }
    }

    /// A link whose packets a program reads and writes through `/dev/net/tun`. **Cannot be created by
    /// netlink**.
    ///
    /// @param type [#TUN] or [#TAP]
    /// @param owner the user that may attach; empty for root only
    /// @param group the group that may attach; empty for none
    /// @param packetInfo whether packets carry a header with their protocol
    /// @param vnetHeader whether packets carry a virtio header
    /// @param persistent whether it stays when the program ends
    /// @param multiQueue whether several queues may be open
    record Tun(
            int type,
            OptionalInt owner,
            OptionalInt group,
            boolean packetInfo,
            boolean vnetHeader,
            boolean persistent,
            boolean multiQueue)
            implements LinkInfo {
        /// Carries IP packets.
        public static final int TUN = 1;
        /// Carries Ethernet frames.
        public static final int TAP = 2;

        @Override
        public String kind() {
            return "tun";
        }
    }

    /// Any other kind, its data kept as it is, and written back so.
    final class Unknown implements LinkInfo {
        private final String kind;
        private final byte[] data;

        /// A kind this library has no record for.
        ///
        /// @param kind the kernel's name of the kind
        /// @param data the bytes of `IFLA_INFO_DATA`, empty for none
        public Unknown(String kind, byte[] data) {
            this.kind = Objects.requireNonNull(kind, "kind");
            this.data = data.clone();
        }

        @Override
        public String kind() {
            return kind;
        }

        /// The bytes of `IFLA_INFO_DATA`.
        ///
        /// @return a copy
        public byte[] data() {
            return data.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Unknown that && kind.equals(that.kind) && Arrays.equals(data, that.data);
        }

        @Override
        public int hashCode() {
            return 31 * kind.hashCode() + Arrays.hashCode(data);
        }

        /// The kind, and how much is not understood.
        @Override
        public String toString() {
            return kind + " (" + data.length + " bytes)";
        }
    }
}
