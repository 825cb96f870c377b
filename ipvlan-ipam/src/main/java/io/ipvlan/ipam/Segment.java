package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.Ipv4Address;
import io.ipvlan.ip.Ipv6Address;

/// The addresses of a pool that share their first 64 bits, and so are told apart by one number: all of an
/// IPv4 pool or of an IPv6 pool of a /64 or longer. Not for several threads at once.
final class Segment {
    /// The first 64 bits of an IPv6 address; nothing in IPv4.
    final long high;

    /// What tells it from other segments of its pool.
    final int number;

    final boolean ipv6;
    /// The lowest automatic address, and which of them from there on are not to be handed out now.
    private final long base;
    private final Bits taken;

    private boolean whole = true;

    /// @param number what tells it from others
    /// @param base the lowest address that is handed out without being asked for
    /// @param last the highest one
    Segment(int number, IpAddress base, IpAddress last) {
        this.number = number;
        this.ipv6 = base instanceof Ipv6Address;
        this.high = high(base);
        this.base = low(base);
        this.taken = new Bits(low(last) - this.base);
    }

    private Segment(int number, boolean ipv6, long high) {
        this.number = number;
        this.ipv6 = ipv6;
        this.high = high;
        this.base = 0;
        this.taken = new Bits(0);
        this.whole = false;
    }

    /// The segment of an address, without automatic addresses.
    static Segment withoutAutomatic(int number, IpAddress address) {
        return new Segment(number, address instanceof Ipv6Address, high(address));
    }

    static long high(IpAddress address) {
        return address instanceof Ipv6Address v6 ? v6.high() : 0;
    }

    /// The number of an address in its segment.
    static long low(IpAddress address) {
        return switch (address) {
            case Ipv4Address v4 -> Integer.toUnsignedLong(v4.bits());
            case Ipv6Address v6 -> v6.low();
        };
    }

    IpAddress address(long index) {
        return ipv6 ? new Ipv6Address(high, index) : new Ipv4Address((int) index);
    }

    /// Whether the automatic addresses of this segment are one run.
    boolean isWhole() {
        return whole;
    }

    /// Whether an address lies from the lowest to the highest automatic one.
    boolean spans(long index) {
        return taken.has(index - base);
    }

    boolean isTaken(long index) {
        return taken.isSet(index - base);
    }

    void take(long index) {
        taken.set(index - base);
    }

    void giveBack(long index) {
        taken.clear(index - base);
    }

    /// Takes addresses for good.
    void exclude(long first, long last) {
        whole = false;
        taken.fill(first - base, last - base);
    }

    /// Looks for the lowest address from one on that is not taken.
    ///
    /// @param tally gets it as [Tally#FOUND]
    boolean find(long from, Tally tally) {
        boolean found = taken.findClear(Long.compareUnsigned(from, base) < 0 ? 0 : from - base, tally);
        tally.add(Tally.FOUND, base);
        return found;
    }

    long base() {
        return base;
    }

    Bits copyOfTaken() {
        return taken.copy();
    }
}
