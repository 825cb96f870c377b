package io.ipvlan.ipam;

import io.ipvlan.ip.IpCidr;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// An address handed out to an owner, until it is released. A value: holding one keeps nothing alive, and an
/// equal one made anew releases the address just as well.
///
/// Address, owner and time tell a lease from every other of its pool: no two begin at the same time, so that a
/// lease kept too long cannot release the one that came after it. A lease without an owner has no time of its
/// own, and what was said is not true of it.
///
/// @param address the address with the prefix length of its subnet, ready for an interface
/// @param owner who holds it, in the caller's own words; shown in messages. Empty for nobody
/// @param since when it began: the time of the pool's clock, and of several in one millisecond each a little
/// later
/// @param labels what else the caller wants to know of it; empty unless given
/// @param deadline when it lapses unless it is committed; empty once it is
public record Lease(
        IpCidr address, String owner, Instant since, Map<String, String> labels, Optional<Instant> deadline) {
    /// Copies the labels.
    ///
    /// @param address the address with the prefix length of its subnet
    /// @param owner who holds it
    /// @param since when it began
    /// @param labels what else is known of it
    /// @param deadline when it lapses
    public Lease {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(deadline, "deadline");
        labels = Map.copyOf(labels);
    }

    /// The lease for people to read.
    ///
    /// @return a text like `10.1.214.10/24 held by 'web-1'`
    @Override
    public String toString() {
        return address + (owner.isEmpty() ? " held by nobody" : " held by '" + owner + "'");
    }
}
