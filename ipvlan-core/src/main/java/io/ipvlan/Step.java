package io.ipvlan;

import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import java.util.Optional;
import java.util.OptionalInt;

/// One change in the kernel. Steps are read, not executed, by users: see [Plan].
public sealed interface Step {
    /// The iproute2 command this step equals. The library executes no command; this is for people.
    ///
    /// @return the command line
    String command();

    /// Makes a dummy link in the host's namespace, up.
    ///
    /// @param name its name
    record CreateDummy(String name) implements Step {
        @Override
        public String command() {
            return "ip link add " + Commands.quote(name) + " up type dummy";
        }

        @Override
        public String toString() {
            return "create dummy link " + name + ", up";
        }
    }

    /// Makes a child link inside a namespace, under its final name, up.
    ///
    /// @param name its name
    /// @param index its index in its namespace, chosen by the library
    /// @param parent the parent's name in the host's namespace
    /// @param parentIndex the parent's index there
    /// @param netns the namespace it is made in
    /// @param mode the parent's mode
    /// @param flag the parent's flag
    /// @param mtu the largest packet in bytes; empty for the parent's
    record CreateIpvlan(
            String name,
            int index,
            String parent,
            int parentIndex,
            Netns netns,
            IpvlanMode mode,
            IpvlanFlag flag,
            OptionalInt mtu)
            implements Step {
        @Override
        public String command() {
            return "ip link add link " + Commands.quote(parent) + " name " + Commands.quote(name) + " index " + index
                    + (mtu.isPresent() ? " mtu " + mtu.getAsInt() : "") + " netns " + Commands.netnsArgument(netns)
                    + " up type ipvlan mode " + mode.text() + " " + flag.text();
        }

        @Override
        public String toString() {
            return "create child link " + name + " on " + parent + " in " + netns + ", " + mode.text() + " "
                    + flag.text() + ", up";
        }
    }

    /// Gives an address to a link.
    ///
    /// @param address the address
    /// @param link the link's name
    /// @param netns the namespace it is in
    record AddAddress(IpCidr address, String link, Netns netns) implements Step {
        @Override
        public String command() {
            return Commands.in(netns) + " address add " + address + " dev " + Commands.quote(link)
                    + (address.family() == IpFamily.IPV6 ? " nodad" : "");
        }

        @Override
        public String toString() {
            return "add address " + address + " to " + link + " in " + netns;
        }
    }

    /// Adds a route.
    ///
    /// @param route the route
    /// @param netns the namespace it is added in
    record AddRoute(Route route, Netns netns) implements Step {
        @Override
        public String command() {
            return Commands.in(netns)
                    + (route.destination().family() == IpFamily.IPV6 ? " -6" : "")
                    + " route add " + route.command();
        }

        @Override
        public String toString() {
            return "add route " + route + " in " + netns;
        }
    }

    /// Deletes a link, and with it its addresses and routes.
    ///
    /// @param name the link's name
    /// @param index its index
    /// @param netns the namespace it is in; empty for the host's
    record DeleteLink(String name, int index, Optional<Netns> netns) implements Step {
        @Override
        public String command() {
            return netns.map(Commands::in).orElse("ip") + " link delete " + Commands.quote(name);
        }

        @Override
        public String toString() {
            return "delete link " + name + netns.map(where -> " in " + where).orElse("");
        }
    }
}
