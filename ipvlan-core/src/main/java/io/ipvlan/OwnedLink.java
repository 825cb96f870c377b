package io.ipvlan;

import io.ipvlan.ip.IpCidr;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A link that carries the library's mark, as it is found in the kernel, whether an engine remembers it or
/// not. What it says of itself stands in its alias, which `ip link` shows.
///
/// @param netns what its namespace was found by; empty for the one the engine works in
/// @param name its name
/// @param index its index
/// @param kind its kind, such as `ipvlan` or `dummy`
/// @param network the network it was made for; empty if it does not say, as one whose making was cut short
/// @param endpoint the id of the endpoint it was made for; empty for what belongs to the network itself
/// @param mode the mode of its parent, if it is a child link
/// @param flag the flag of its parent, if it is a child link
/// @param addresses its addresses, without link-local ones
public record OwnedLink(
        Optional<Netns> netns,
        String name,
        int index,
        String kind,
        Optional<String> network,
        Optional<String> endpoint,
        Optional<IpvlanMode> mode,
        Optional<IpvlanFlag> flag,
        List<IpCidr> addresses) {
    /// Checks for null and copies the list.
    public OwnedLink {
        Objects.requireNonNull(netns, "netns");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(flag, "flag");
        addresses = List.copyOf(addresses);
    }

    /// Whose it is, what it is called, where it is, and its addresses.
    @Override
    public String toString() {
        return network.map(name -> name + endpoint.map(id -> "/" + id).orElse(""))
                        .orElse("(nobody)") + ": " + kind + " '" + name + "'"
                + netns.map(where -> " in " + where).orElse("") + " " + addresses;
    }

    /// The command that deletes it by hand.
    ///
    /// @return the command line
    public String deletion() {
        return new Step.DeleteLink(name, index, netns).command();
    }
}
