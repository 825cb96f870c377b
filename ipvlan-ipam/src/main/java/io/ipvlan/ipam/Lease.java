package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.Ipv4Address;
import io.ipvlan.ip.Ipv6Address;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An address handed out to an owner, until it is released. A value: holding one keeps no pool alive, and an
/// equal one made anew releases the address just as well.
///
/// Address, owner and time tell a lease from every other of its pool: no two begin at the same time, so that
/// a lease kept too long cannot release the one that came after it. A lease without an owner has no time of
/// its own, and what was said is not true of it.
public final class Lease {
    /// The address as numbers, so that it is read with the rest.
    private final boolean ipv6;

    private final long high;
    private final long low;
    private final short length;
    private final String owner;
    private final long since;
    private final Map<String, String> labels;
    private final Optional<Instant> deadline;

    /// Where the pool that made this has it, so that it need not look: what it tells its own leases by, the
    /// number of the entry, and the hash of the owner. Not part of the value.
    private final @Nullable Object seal;

    private final int entry;
    private final int ownerHash;

    /// A lease that was handed out, made anew of what is known of it.
    ///
    /// @param address the address with the prefix length of its subnet
    /// @param owner who holds it; empty for nobody
    /// @param since when it began
    /// @param labels what else is known of it; copied
    /// @param deadline when it lapses unless it is committed; empty once it is
    /// @throws ArithmeticException if the time lies before the year 1678 or after 2261, where no lease begins
    public Lease(IpCidr address, String owner, Instant since, Map<String, String> labels, Optional<Instant> deadline) {
        this(
                address.address() instanceof Ipv6Address,
                Segment.high(address.address()),
                Segment.low(address.address()),
                address.length(),
                Objects.requireNonNull(owner, "owner"),
                Times.exactNanos(since),
                Map.copyOf(labels),
                Objects.requireNonNull(deadline, "deadline"),
                null,
                Entries.NONE,
                Owner.of(owner).hash());
    }

    /// @param labels immutable
    Lease(
            boolean ipv6,
            long high,
            long low,
            int length,
            String owner,
            long since,
            Map<String, String> labels,
            Optional<Instant> deadline,
            @Nullable Object seal,
            int entry,
            int ownerHash) {
        this.ipv6 = ipv6;
        this.high = high;
        this.low = low;
        this.length = (short) length;
        this.owner = owner;
        this.since = since;
        this.labels = labels;
        this.deadline = deadline;
        this.seal = seal;
        this.entry = entry;
        this.ownerHash = ownerHash;
    }

    /// The address with the prefix length of its subnet, ready for an interface.
    ///
    /// @return both
    public IpCidr address() {
        return IpCidr.of(ip(), length);
    }

    IpAddress ip() {
        return ipv6 ? new Ipv6Address(high, low) : new Ipv4Address((int) low);
    }

    long low() {
        return low;
    }

    int length() {
        return length;
    }

    /// Who holds it, in the caller's own words; shown in messages.
    ///
    /// @return the owner; empty for nobody
    public String owner() {
        return owner;
    }

    /// When it began.
    ///
    /// @return the time of the pool's clock, and of several in one millisecond each a little later
    public Instant since() {
        return Times.instant(since);
    }

    long sinceNanos() {
        return since;
    }

    /// What else the caller wants to know of it.
    ///
    /// @return the labels, immutable; empty unless given
    public Map<String, String> labels() {
        return labels;
    }

    /// When it lapses unless it is committed.
    ///
    /// @return the time; empty once it is committed, or if it need not be
    public Optional<Instant> deadline() {
        return deadline;
    }

    /// The entry of this lease in the pool with this seal, or [Entries#NONE] if it was not made there.
    int entryIn(Object pool) {
        return pool.equals(seal) ? entry : Entries.NONE;
    }

    int ownerHash() {
        return ownerHash;
    }

    /// Whether another lease says the same.
    ///
    /// @param other anything
    /// @return true for a lease with the same address and length, owner, time, labels and deadline
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Lease that
                && ipv6 == that.ipv6
                && high == that.high
                && low == that.low
                && length == that.length
                && owner.equals(that.owner)
                && since == that.since
                && labels.equals(that.labels)
                && deadline.equals(that.deadline);
    }

    /// A hash of what [#equals(Object)] compares.
    ///
    /// @return the hash
    @Override
    public int hashCode() {
        return Objects.hash(high, low, owner, since);
    }

    /// The lease for people to read.
    ///
    /// @return a text like `10.1.214.10/24 held by 'web-1'`
    @Override
    public String toString() {
        return ip() + "/" + length + (owner.isEmpty() ? " held by nobody" : " held by '" + owner + "'");
    }
}
