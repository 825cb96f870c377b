package io.ipvlan;

import java.util.Objects;
import java.util.Optional;

/// The link whose frames the children of a network share: a reference, which says nothing about existence.
/// What cannot exist is a violation of the network's description, found when that is built.
///
/// A parent is looked up when the network is made, and from then on known by its index in its namespace. Any
/// number of networks share one while their mode and flag agree. What the library made (a dummy or VLAN link)
/// is removed with the last network that uses it; everything else is used and never changed.
public sealed interface Parent {
    /// A link by its name, or by one of its alternative names. If there is none, and the name is that of
    /// another link, a dot and a number of 1 to 4094, such as `eth0.139`, it stands for [Vlan].
    ///
    /// @param name the name, such as `eth0`
    record Link(String name) implements Parent {
        /// Checks for null only.
        public Link {
            Objects.requireNonNull(name, "name");
        }

        /// The name in quotes.
        @Override
        public String toString() {
            return "'" + name + "'";
        }
    }

    /// A link by its index, which stays the same while the link exists.
    ///
    /// @param index the index, as `ip link` shows it
    record Index(int index) implements Parent {
        @Override
        public String toString() {
            return "the link with index " + index;
        }
    }

    /// A link by its hardware address. Links that take over the address of another, as VLAN links and the
    /// children of other networks do, do not count.
    ///
    /// @param address six pairs of hexadecimal digits with colons, such as `02:00:00:00:00:07`
    record Mac(String address) implements Parent {
        /// Checks for null only.
        public Mac {
            Objects.requireNonNull(address, "address");
        }

        @Override
        public String toString() {
            return "the link with address " + address;
        }
    }

    /// The link of the default route with the lowest metric in the main table; of IPv4 if there is one, else
    /// of IPv6.
    record DefaultRoute() implements Parent {
        @Override
        public String toString() {
            return "the link of the default route";
        }
    }

    /// A VLAN link. One that exists with this number and protocol is used, whatever its name, and stays; if
    /// there is none it is made, up, and goes with the last network that uses it, unless another program has
    /// links on it. To be made it needs a lower link that is up.
    ///
    /// @param lower the link that carries the tagged frames; may be a VLAN link itself
    /// @param id the number of the VLAN, 1 to 4094
    /// @param protocol how frames are tagged
    /// @param name the name of a link to be made; if empty the lower link's name, a dot and the number, or,
    ///     if that is longer than 15 bytes, one that is made up and always the same, with the long one as an
    ///     alternative name
    record Vlan(Parent lower, int id, VlanProtocol protocol, Optional<String> name) implements Parent {
        /// Checks for null only.
        public Vlan {
            Objects.requireNonNull(lower, "lower");
            Objects.requireNonNull(protocol, "protocol");
            Objects.requireNonNull(name, "name");
        }

        /// Names the link if it has to be made.
        ///
        /// @param chosen at most 15 bytes
        /// @return the changed reference
        public Vlan named(String chosen) {
            return new Vlan(lower, id, protocol, Optional.of(chosen));
        }

        /// Tags frames in another way; 802.1Q unless told.
        ///
        /// @param chosen the protocol
        /// @return the changed reference
        public Vlan protocol(VlanProtocol chosen) {
            return new Vlan(lower, id, chosen, name);
        }

        @Override
        public String toString() {
            return (protocol == VlanProtocol.DOT1Q ? "VLAN " : protocol.text() + " VLAN ") + id + " on " + lower;
        }
    }

    /// A dummy link, made with the network and removed with it. Nothing of the network leaves the host.
    record Dummy() implements Parent {
        @Override
        public String toString() {
            return "a dummy link";
        }
    }

    /// A parent in another network namespace than the one the engine works in. What has to be made for the
    /// network, the host's side of its host access included, is made there.
    ///
    /// @param netns the namespace
    /// @param parent the parent in it
    record In(Netns netns, Parent parent) implements Parent {
        /// Checks for null only.
        public In {
            Objects.requireNonNull(netns, "netns");
            Objects.requireNonNull(parent, "parent");
        }

        @Override
        public String toString() {
            return parent + " in '" + netns + "'";
        }
    }

    /// A link by its name or an alternative name.
    ///
    /// @param name the name, such as `eth0`
    /// @return the reference
    static Parent link(String name) {
        return new Link(name);
    }

    /// A link by its index.
    ///
    /// @param index the index, as `ip link` shows it
    /// @return the reference
    static Parent index(int index) {
        return new Index(index);
    }

    /// A link by its hardware address.
    ///
    /// @param address such as `02:00:00:00:00:07`
    /// @return the reference
    static Parent mac(String address) {
        return new Mac(address);
    }

    /// The link of the default route.
    ///
    /// @return the reference
    static Parent defaultRoute() {
        return new DefaultRoute();
    }

    /// A VLAN link on a link of the host, made if it is missing.
    ///
    /// @param lower the name of the link that carries the tagged frames, such as `eth0`
    /// @param id the number of the VLAN, 1 to 4094
    /// @return the reference
    static Vlan vlan(String lower, int id) {
        return vlan(link(lower), id);
    }

    /// A VLAN link, made if it is missing.
    ///
    /// @param lower the link that carries the tagged frames; may be a VLAN link itself
    /// @param id the number of the VLAN, 1 to 4094
    /// @return the reference
    static Vlan vlan(Parent lower, int id) {
        return new Vlan(lower, id, VlanProtocol.DOT1Q, Optional.empty());
    }

    /// A dummy link of the network's own.
    ///
    /// @return the reference
    static Parent dummy() {
        return new Dummy();
    }

    /// The same parent, looked for in another network namespace.
    ///
    /// @param netns the namespace
    /// @return the reference
    default Parent in(Netns netns) {
        return new In(netns, this);
    }
}
