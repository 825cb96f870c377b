package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Uapi;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What kind a link is, with what belongs to the kind. A kind this library does not know is kept as bytes.
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

    /// A VLAN link.
    ///
    /// @param id the VLAN id, 0 to 4094
    record Vlan(int id) implements LinkInfo {
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

    /// Any other kind, its data kept as it is.
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

    /// Writes `IFLA_LINKINFO`.
    ///
    /// @param body where to write
    /// @param info what to write
    static void write(AttributeWriter body, LinkInfo info) {
        body.nest(Uapi.IFLA_LINKINFO, () -> {
            body.string(Uapi.IFLA_INFO_KIND, info.kind());
            switch (info) {
                case Ipvlan(int mode, int flags) ->
                    body.nest(
                            Uapi.IFLA_INFO_DATA,
                            () -> body.u16(Uapi.IFLA_IPVLAN_MODE, mode).u16(Uapi.IFLA_IPVLAN_FLAGS, flags));
                case Vlan(int id) -> body.nest(Uapi.IFLA_INFO_DATA, () -> body.u16(Uapi.IFLA_VLAN_ID, id));
                case Dummy() -> {}
                case Unknown unknown -> body.bytes(Uapi.IFLA_INFO_DATA | Uapi.NLA_F_NESTED, unknown.data);
            }
        });
    }

    /// Reads the attributes inside `IFLA_LINKINFO`.
    ///
    /// @param attributes what the attribute holds
    /// @return the kind; [Unknown] without a name if the kernel sent none
    /// @throws NetlinkException.Malformed if an attribute is cut short
    static LinkInfo read(AttributeReader attributes) throws NetlinkException.Malformed {
        String kind = "";
        byte[] bytes = {};
        AttributeReader data = null;
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.IFLA_INFO_KIND -> kind = attributes.string();
                case Uapi.IFLA_INFO_DATA -> {
                    data = attributes.nested();
                    bytes = attributes.bytes();
                }
                default -> {}
            }
        }
        return switch (kind) {
            case "ipvlan" -> ipvlan(data);
            case "vlan" -> vlan(data);
            case "dummy" -> new Dummy();
            default -> new Unknown(kind, bytes);
        };
    }

    private static LinkInfo ipvlan(@Nullable AttributeReader data) throws NetlinkException.Malformed {
        int mode = Ipvlan.L3; // the kernel's own default
        int flags = Ipvlan.BRIDGE;
        while (data != null && data.next()) {
            switch (data.type()) {
                case Uapi.IFLA_IPVLAN_MODE -> mode = data.u16();
                case Uapi.IFLA_IPVLAN_FLAGS -> flags = data.u16();
                default -> {}
            }
        }
        return new Ipvlan(mode, flags);
    }

    private static LinkInfo vlan(@Nullable AttributeReader data) throws NetlinkException.Malformed {
        int id = 0;
        while (data != null && data.next()) {
            if (data.type() == Uapi.IFLA_VLAN_ID) {
                id = data.u16();
            }
        }
        return new Vlan(id);
    }
}
