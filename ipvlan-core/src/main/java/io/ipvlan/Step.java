package io.ipvlan;

import io.ipvlan.internal.plan.Marks;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import java.util.Optional;
import java.util.OptionalInt;

/// One change in the kernel. Steps are read, not executed, by users: see [Plan].
///
/// Each says in which namespace it happens: none for the one the engine works in. Links are known by their
/// index, which the library chooses for those it makes; names are for people.
public sealed interface Step {
    /// The namespace it happens in.
    ///
    /// @return the namespace; empty for the engine's own
    Optional<Netns> netns();

    /// The iproute2 command this step equals (for sysctls the `sysctl` command). The library executes no
    /// command; this is for people.
    ///
    /// @return the command line
    String command();

    private static String where(Optional<Netns> netns) {
        return netns.map(place -> " in " + place).orElse("");
    }

    /// Makes a link.
    sealed interface Create extends Step {
        /// The link's name.
        ///
        /// @return the name
        String name();

        /// The link's index.
        ///
        /// @return the index
        int index();

        /// How to take it back.
        ///
        /// @return the step that deletes the link
        default DeleteLink reverse() {
            return new DeleteLink(name(), index(), netns());
        }
    }

    /// Makes a dummy link, up.
    ///
    /// @param name its name
    /// @param index its index
    /// @param netns the namespace
    record CreateDummy(String name, int index, Optional<Netns> netns) implements Create {
        @Override
        public String command() {
            return Commands.ip(netns) + " link add " + Commands.quote(name) + " index " + index + " group "
                    + Marks.GROUP + " up type dummy";
        }

        @Override
        public String toString() {
            return "create dummy link " + name + where(netns) + ", up";
        }
    }

    /// Makes a VLAN link, up.
    ///
    /// @param name its name
    /// @param index its index
    /// @param lower the name of the link that carries its frames
    /// @param lowerIndex that link's index
    /// @param id the number of the VLAN
    /// @param protocol how frames are tagged
    /// @param netns the namespace
    record CreateVlan(
            String name, int index, String lower, int lowerIndex, int id, VlanProtocol protocol, Optional<Netns> netns)
            implements Create {
        @Override
        public String command() {
            return Commands.ip(netns) + " link add link " + Commands.quote(lower) + " name " + Commands.quote(name)
                    + " index " + index + " group " + Marks.GROUP + " up type vlan protocol " + protocol.text() + " id "
                    + id;
        }

        @Override
        public String toString() {
            return "create VLAN link " + name + " on " + lower + where(netns) + ", "
                    + (protocol == VlanProtocol.DOT1Q ? "" : protocol.text() + " ") + "id " + id + ", up";
        }
    }

    /// Gives a link another name by which it is found.
    ///
    /// @param link the link's name
    /// @param index its index
    /// @param alternative the further name
    /// @param netns the namespace
    record AddAlternativeName(String link, int index, String alternative, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return Commands.ip(netns) + " link property add dev " + Commands.quote(link) + " altname "
                    + Commands.quote(alternative);
        }

        @Override
        public String toString() {
            return "add alternative name " + alternative + " to " + link + where(netns);
        }
    }

    /// Writes on a link whose it is: the network, a slash and the endpoint, by which it is known again when
    /// nothing else is left.
    ///
    /// @param link the link's name
    /// @param index its index
    /// @param alias the text, at most 255 bytes
    /// @param netns the namespace
    record SetAlias(String link, int index, String alias, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return Commands.ip(netns) + " link set dev " + Commands.quote(link) + " alias " + Commands.quote(alias);
        }

        @Override
        public String toString() {
            return "set alias of " + link + where(netns) + " to " + alias;
        }
    }

    /// Brings a link up.
    ///
    /// @param link its name
    /// @param index its index
    /// @param netns the namespace
    record SetUp(String link, int index, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return Commands.ip(netns) + " link set " + Commands.quote(link) + " up";
        }

        @Override
        public String toString() {
            return "bring link " + link + where(netns) + " up";
        }
    }

    /// Sets the largest packet of a link.
    ///
    /// @param link its name
    /// @param index its index
    /// @param mtu the number of bytes
    /// @param netns the namespace
    record SetMtu(String link, int index, int mtu, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return Commands.ip(netns) + " link set " + Commands.quote(link) + " mtu " + mtu;
        }

        @Override
        public String toString() {
            return "set mtu of " + link + where(netns) + " to " + mtu;
        }
    }

    /// Sets mode and flag of a child link's parent, and so of all child links on it.
    ///
    /// @param link the child link's name
    /// @param index its index
    /// @param mode the mode
    /// @param flag the flag
    /// @param netns the namespace
    record SetPort(String link, int index, IpvlanMode mode, IpvlanFlag flag, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return Commands.ip(netns) + " link set " + Commands.quote(link) + " type ipvlan mode " + mode.text() + " "
                    + flag.text();
        }

        @Override
        public String toString() {
            return "set mode and flag of " + link + where(netns) + " to " + mode.text() + " " + flag.text();
        }
    }

    /// Makes a child link inside a namespace, under its final name, down: nothing is sent from it before its
    /// settings are right.
    ///
    /// @param name its name
    /// @param index its index in its namespace
    /// @param parent the parent's name
    /// @param parentIndex the parent's index
    /// @param parentNetns the namespace the parent is in
    /// @param netns the namespace it is made in
    /// @param mode the parent's mode
    /// @param flag the parent's flag
    /// @param mtu the largest packet in bytes; empty for the parent's
    record CreateIpvlan(
            String name,
            int index,
            String parent,
            int parentIndex,
            Optional<Netns> parentNetns,
            Optional<Netns> netns,
            IpvlanMode mode,
            IpvlanFlag flag,
            OptionalInt mtu)
            implements Create {
        @Override
        public String command() {
            String target = netns.filter(_ -> !netns.equals(parentNetns))
                    .map(place -> " netns " + Commands.netnsArgument(place))
                    .orElse("");
            return Commands.ip(parentNetns) + " link add link " + Commands.quote(parent) + " name "
                    + Commands.quote(name) + " index " + index + " group " + Marks.GROUP
                    + (mtu.isPresent() ? " mtu " + mtu.getAsInt() : "") + target + " type ipvlan mode " + mode.text()
                    + " "
                    + flag.text();
        }

        @Override
        public String toString() {
            return "create child link " + name + " on " + parent
                    + where(parentNetns.filter(_ -> !netns.equals(parentNetns)))
                    + where(netns) + ", " + mode.text() + " " + flag.text()
                    + (mtu.isPresent() ? ", mtu " + mtu.getAsInt() : "");
        }
    }

    /// Sets a sysctl of a link.
    ///
    /// @param key the key with the link's name in it; a dot in that name is written as a slash
    /// @param value the value
    /// @param netns the namespace
    record SetSysctl(String key, String value, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return Commands.in(netns) + "sysctl -w " + Commands.quote(key + "=" + value);
        }

        @Override
        public String toString() {
            return "set " + key + " to " + value + where(netns);
        }
    }

    /// Gives an address to a link. The library marks the address as its own; the command does not, because
    /// iproute2 can say so only since version 6.3.
    ///
    /// @param address the address
    /// @param link the link's name
    /// @param index the link's index
    /// @param netns the namespace
    record AddAddress(IpCidr address, String link, int index, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return Commands.ip(netns) + " address add " + address + " dev " + Commands.quote(link)
                    + (address.family() == IpFamily.IPV6 ? " nodad" : "");
        }

        @Override
        public String toString() {
            return "add address " + address + " to " + link + where(netns);
        }
    }

    /// Adds a route.
    ///
    /// @param route the route
    /// @param index the index of its device; 0 if it has none
    /// @param netns the namespace
    record AddRoute(Route route, int index, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return Commands.ip(netns) + (route.family() == IpFamily.IPV6 ? " -6" : "") + " route add " + route.command()
                    + " proto " + Marks.PROTOCOL;
        }

        @Override
        public String toString() {
            return "add route " + route + where(netns);
        }
    }

    /// Adds a rule: packets from a prefix are routed by a table of their own.
    ///
    /// @param from the source addresses
    /// @param table the table
    /// @param netns the namespace
    record AddRule(IpPrefix from, int table, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return rule(this.netns, from, "add", table);
        }

        @Override
        public String toString() {
            return "add rule from " + from + " lookup " + table + where(netns);
        }
    }

    /// Deletes a route.
    ///
    /// @param route the route
    /// @param index the index of its device; 0 if it has none
    /// @param netns the namespace
    record DeleteRoute(Route route, int index, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return Commands.ip(netns) + (route.family() == IpFamily.IPV6 ? " -6" : "") + " route delete "
                    + route.command() + " proto " + Marks.PROTOCOL;
        }

        @Override
        public String toString() {
            return "delete route " + route + where(netns);
        }
    }

    /// Deletes a rule.
    ///
    /// @param from the source addresses
    /// @param table the table
    /// @param netns the namespace
    record DeleteRule(IpPrefix from, int table, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return rule(this.netns, from, "delete", table);
        }

        @Override
        public String toString() {
            return "delete rule from " + from + " lookup " + table + where(netns);
        }
    }

    private static String rule(Optional<Netns> netns, IpPrefix from, String verb, int table) {
        return Commands.ip(netns) + (from.family() == IpFamily.IPV6 ? " -6" : "") + " rule " + verb + " from " + from
                + " lookup " + table + " proto " + Marks.PROTOCOL;
    }

    /// Deletes a link, and with it its addresses and routes.
    ///
    /// @param name the link's name
    /// @param index its index
    /// @param netns the namespace
    record DeleteLink(String name, int index, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return Commands.ip(netns) + " link delete " + Commands.quote(name);
        }

        @Override
        public String toString() {
            return "delete link " + name + where(netns);
        }
    }
}
