package io.ipvlan.ipam;

import io.ipvlan.ip.IpCidr;
import java.util.Objects;

/// An address handed out to an owner, until it is released. A value: holding one keeps nothing alive, and an
/// equal one made anew releases the address just as well.
///
/// @param address the address with the prefix length of its subnet, ready for an interface
/// @param owner who holds it, in the caller's own words; shown in messages
public record Lease(IpCidr address, String owner) {
    /// Checks that the owner is named.
    ///
    /// @param address the address with the prefix length of its subnet
    /// @param owner who holds it
    /// @throws IllegalArgumentException if the owner is blank
    public Lease {
        Objects.requireNonNull(address, "address");
        if (owner.isBlank()) {
            throw new IllegalArgumentException("lease of " + address.address() + " has a blank owner: name its holder");
        }
    }

    /// The lease for people to read.
    ///
    /// @return a text like `10.1.214.10/24 held by 'web-1'`
    @Override
    public String toString() {
        return address + " held by '" + owner + "'";
    }
}
