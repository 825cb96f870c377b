package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The description of a subnet: its prefix, and what is to be known before addresses are handed out of it.
///
/// Start with [#of(String)]: such a subnet has no gateway but does not refuse one, hands out all its usable
/// addresses, and reserves none. An immutable value, safe to share between threads; each `with` method
/// returns a changed copy, and of several calls for one property the last one wins.
///
/// @param prefix the addresses of the subnet
/// @param gateway the address of the router, never handed out; empty if none was named, and then
/// `refusesGateway` tells whether one may be chosen
/// @param refusesGateway whether the subnet is to stay without a gateway
/// @param ranges the ranges that addresses are handed out from automatically, in ascending order with gaps
/// between; empty for all usable addresses
/// @param excluded the ranges that addresses are never handed out from, in ascending order with gaps between
/// @param reserved the addresses that are handed out on request only, each with the name of its reservation
///     or an empty one; an immutable map in address order
public record Subnet(
        IpPrefix prefix,
        Optional<IpAddress> gateway,
        boolean refusesGateway,
        List<IpRange> ranges,
        List<IpRange> excluded,
        SortedMap<IpAddress, String> reserved) {
    /// Checks every property against the prefix; [#of(IpPrefix)] and the `with` methods read better.
    ///
    /// @param prefix the addresses of the subnet
    /// @param gateway the address of the router, as in [#withGateway(IpAddress)]
    /// @param refusesGateway whether the subnet is to stay without a gateway, as in [#noGateway()]
    /// @param ranges the ranges for automatic addresses, as in [#withRanges(IpRange...)]; joined and sorted
    /// @param excluded the excluded ranges, as in [#withExcluded(IpRange...)]; joined and sorted
    /// @param reserved the reservations, as in [#withReservation(String, IpAddress)]; copied
    /// @throws IllegalArgumentException if a property is refused as in the method named, or a gateway is both
    /// named and refused
    public Subnet {
        Objects.requireNonNull(prefix, "prefix");
        gateway.ifPresent(address -> checkGateway(prefix, address));
        if (gateway.isPresent() && refusesGateway) {
            throw new IllegalArgumentException("subnet " + prefix + " both has and refuses a gateway: choose one");
        }
        ranges.forEach(addresses -> checkRange(prefix, addresses));
        ranges = IpRange.aggregate(ranges);
        excluded.forEach(addresses -> checkInside(prefix, "excluded range", addresses));
        List<IpRange> never = IpRange.aggregate(excluded);
        excluded = never;
        reserved.forEach((address, name) -> checkReserved(prefix, never, address, name));
        reserved = reserved.isEmpty()
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(reserved));
        checkNames(prefix, reserved);
    }

    /// A subnet of a prefix given as text.
    ///
    /// @param prefix a prefix like `10.1.214.0/24`, host bits zero
    /// @return the subnet with nothing but its prefix
    /// @throws IllegalArgumentException if the text is not a prefix
    public static Subnet of(String prefix) {
        return of(IpPrefix.parse(prefix));
    }

    /// A subnet of a prefix.
    ///
    /// @param prefix any prefix of either family
    /// @return the subnet with nothing but its prefix
    public static Subnet of(IpPrefix prefix) {
        return new Subnet(prefix, Optional.empty(), false, List.of(), List.of(), Collections.emptySortedMap());
    }

    /// A copy with a gateway given as text.
    ///
    /// @param address an address like `10.1.214.1`
    /// @return this subnet with that gateway
    /// @throws IllegalArgumentException if the text is not an address, or the address is refused as in
    /// [#withGateway(IpAddress)]
    public Subnet withGateway(String address) {
        return withGateway(IpAddress.parse(address));
    }

    /// A copy with a gateway: the address is then never handed out, not even on request. Revokes
    /// [#noGateway()].
    ///
    /// @param address an address of the prefix. The first address of an IPv6 prefix is allowed: it is the
    /// routers' own anycast address (RFC 4291, 2.6.1)
    /// @return this subnet with that gateway
    /// @throws IllegalArgumentException if the address lies outside the prefix, or is the network or
    /// broadcast address of an IPv4 prefix shorter than /31
    public Subnet withGateway(IpAddress address) {
        return new Subnet(prefix, Optional.of(address), false, ranges, excluded, reserved);
    }

    /// A copy that refuses a gateway: a network must not choose one for it. Revokes
    /// [#withGateway(IpAddress)].
    ///
    /// @return this subnet without a gateway for good
    public Subnet noGateway() {
        return new Subnet(prefix, Optional.empty(), true, ranges, excluded, reserved);
    }

    /// A copy with a range given as text.
    ///
    /// @param range a prefix like `10.1.214.128/25` or two addresses like `10.1.214.100-10.1.214.199`
    /// @return this subnet with that range
    /// @throws IllegalArgumentException if the text is neither, or the range is refused as in
    /// [#withRange(IpRange)]
    public Subnet withRange(String range) {
        return withRanges(parse(range));
    }

    /// A copy with the range that addresses are handed out from automatically. On request, an address outside
    /// the range is handed out too.
    ///
    /// @param range addresses of the prefix; unusable ones at its ends are skipped
    /// @return this subnet with that range
    /// @throws IllegalArgumentException if the range leaves the prefix or has no usable address
    public Subnet withRange(IpRange range) {
        return withRanges(range);
    }

    /// A copy with exactly these ranges, given as texts.
    ///
    /// @param texts prefixes or pairs of addresses, as in [#withRange(String)]; an empty array revokes all
    /// ranges
    /// @return this subnet with those ranges instead of its own
    /// @throws IllegalArgumentException if a text is neither, or a range is refused as in
    ///     [#withRange(IpRange)]
    public Subnet withRanges(String... texts) {
        return withRanges(Arrays.stream(texts).map(Subnet::parse).toArray(IpRange[]::new));
    }

    /// A copy with exactly these ranges that addresses are handed out from automatically. They may overlap.
    ///
    /// @param all ranges as in [#withRange(IpRange)]; an empty array revokes all ranges
    /// @return this subnet with those ranges instead of its own
    /// @throws IllegalArgumentException if a range leaves the prefix or has no usable address
    public Subnet withRanges(IpRange... all) {
        return new Subnet(prefix, gateway, refusesGateway, List.of(all), excluded, reserved);
    }

    /// A copy with exactly these excluded ranges, given as texts.
    ///
    /// @param texts prefixes or pairs of addresses, as in [#withRange(String)]; an empty array revokes them
    ///     all
    /// @return this subnet with those excluded ranges instead of its own
    /// @throws IllegalArgumentException if a text is neither, or a range is refused as in
    /// [#withExcluded(IpRange...)]
    public Subnet withExcluded(String... texts) {
        return withExcluded(Arrays.stream(texts).map(Subnet::parse).toArray(IpRange[]::new));
    }

    /// A copy with exactly these ranges excluded: their addresses are never handed out, not even on request,
    /// because somebody else does (a DHCP server on the same segment).
    ///
    /// @param all ranges of the prefix; they may overlap; an empty array revokes them all
    /// @return this subnet with those excluded ranges instead of its own
    /// @throws IllegalArgumentException if a range leaves the prefix or has a reserved address
    public Subnet withExcluded(IpRange... all) {
        return new Subnet(prefix, gateway, refusesGateway, ranges, List.of(all), reserved);
    }

    private static IpRange parse(String range) {
        return range.contains("-") ? IpRange.parse(range) : IpRange.of(IpPrefix.parse(range));
    }

    /// A copy with exactly these reservations, given as text.
    ///
    /// @param addresses addresses like `10.1.214.5`; an empty array revokes all reservations
    /// @return this subnet with those reservations instead of its own
    /// @throws IllegalArgumentException if a text is not an address or an address lies outside the prefix
    public Subnet withReserved(String... addresses) {
        return withReserved(Arrays.stream(addresses).map(IpAddress::parse).toArray(IpAddress[]::new));
    }

    /// A copy with exactly these reservations: addresses that are handed out on request only (the auxiliary
    /// addresses of Docker).
    ///
    /// @param addresses addresses of the prefix; an empty array revokes all reservations
    /// @return this subnet with those reservations instead of its own
    /// @throws IllegalArgumentException if an address lies outside the prefix
    public Subnet withReserved(IpAddress... addresses) {
        SortedMap<IpAddress, String> unnamed = new TreeMap<>();
        Arrays.asList(addresses).forEach(address -> unnamed.put(address, ""));
        return new Subnet(prefix, gateway, refusesGateway, ranges, excluded, unnamed);
    }

    /// A copy with one more reservation, which has a name (as an auxiliary address of Docker has).
    ///
    /// @param name what the address is for; without blanks, equals signs and halves of
    /// surrogate pairs, and unlike the other names
    /// @param address an address of the prefix; if it is reserved already, it gets this name
    /// @return this subnet with that reservation too
    /// @throws IllegalArgumentException if the name is refused, or the address lies outside the prefix or is
    /// excluded
    public Subnet withReservation(String name, IpAddress address) {
        SortedMap<IpAddress, String> more = new TreeMap<>(reserved);
        more.put(address, name);
        return new Subnet(prefix, gateway, refusesGateway, ranges, excluded, more);
    }

    /// The family of the addresses.
    ///
    /// @return IPv4 or IPv6
    public IpFamily family() {
        return prefix.family();
    }

    /// The lowest address an endpoint may have.
    ///
    /// @return the first address of an IPv4 /31 or /32 (RFC 3021) or an IPv6 /127 or /128 (RFC 6164); else
    /// the one after the network address or the subnet-router anycast address (RFC 4291, 2.6.1)
    public IpAddress firstUsable() {
        return usable(prefix).first();
    }

    /// The highest address an endpoint may have.
    ///
    /// @return the last address of the prefix, or the one before the broadcast address of an IPv4 prefix
    /// shorter than /31
    public IpAddress lastUsable() {
        return usable(prefix).last();
    }

    /// Whether an endpoint may have an address: whether it lies from [#firstUsable()] to [#lastUsable()].
    /// Gateway, range and reservations do not count.
    ///
    /// @param address any address
    /// @return true if it does
    public boolean isUsable(IpAddress address) {
        return usable(prefix).contains(address);
    }

    /// The addresses to hand out automatically: ranges in ascending order with gaps between.
    List<IpRange> automatic() {
        List<IpRange> never = new ArrayList<>(excluded);
        gateway.ifPresent(address -> never.add(IpRange.of(address, address)));
        reserved.keySet().forEach(address -> never.add(IpRange.of(address, address)));
        List<IpRange> blocked = IpRange.aggregate(never);
        IpRange usable = usable(prefix);
        List<IpRange> chosen = ranges.isEmpty()
                ? List.of(usable)
                : ranges.stream()
                        .flatMap(range -> range.intersection(usable).stream())
                        .toList();
        return Ranges.minus(chosen, blocked);
    }

    private static IpRange usable(IpPrefix prefix) {
        // With one host bit or none there is no address to spare, and both RFCs let every one be used.
        if (prefix.length() >= prefix.family().bits() - 1) {
            return IpRange.of(prefix);
        }
        IpAddress last = prefix.family() == IpFamily.IPV4 ? prefix.last().plus(-1) : prefix.last();
        return IpRange.of(prefix.first().plus(1), last);
    }

    private static void checkGateway(IpPrefix prefix, IpAddress address) {
        checkInside(prefix, "gateway", address);
        if (prefix.family() == IpFamily.IPV4 && !usable(prefix).contains(address)) {
            String role = address.equals(prefix.first()) ? "network" : "broadcast";
            throw refused("gateway " + address + " is the " + role + " address of", prefix);
        }
    }

    private static void checkRange(IpPrefix prefix, IpRange range) {
        if (!prefix.contains(range.first()) || !prefix.contains(range.last())) {
            throw refused("range " + range + " does not lie inside", prefix);
        }
        if (!range.overlaps(usable(prefix))) {
            throw refused("range " + range + " has no usable address of", prefix);
        }
    }

    private static void checkInside(IpPrefix prefix, String role, IpAddress address) {
        if (!prefix.contains(address)) {
            throw refused(role + " " + address + " lies outside", prefix);
        }
    }

    private static void checkInside(IpPrefix prefix, String role, IpRange range) {
        if (!IpRange.of(prefix).contains(range)) {
            throw refused(role + " " + range + " leaves", prefix);
        }
    }

    private static void checkReserved(IpPrefix prefix, List<IpRange> excluded, IpAddress address, String name) {
        checkInside(prefix, "reserved address", address);
        if (excluded.stream().anyMatch(range -> range.contains(address))) {
            throw new IllegalArgumentException(
                    "address " + address + " of subnet " + prefix + " is both reserved and excluded: choose one");
        }
        SnapshotFormat.check(name);
        if (name.chars().anyMatch(c -> c == '=' || Character.isWhitespace(c))) {
            throw new IllegalArgumentException(
                    "reservation '" + name + "' of " + address + ": choose a name without blanks and equals signs");
        }
    }

    private static void checkNames(IpPrefix prefix, SortedMap<IpAddress, String> reserved) {
        Set<String> seen = new HashSet<>();
        reserved.forEach((address, name) -> {
            if (!name.isEmpty() && !seen.add(name)) {
                throw new IllegalArgumentException("subnet " + prefix + " has more than one reservation '" + name
                        + "', the second for " + address + ": name each in its own way");
            }
        });
    }

    private static IllegalArgumentException refused(String what, IpPrefix prefix) {
        IpRange usable = usable(prefix);
        return new IllegalArgumentException(
                what + " subnet " + prefix + ": choose from " + usable.first() + " to " + usable.last());
    }

    /// The prefix and every property that is not the default, for people to read.
    ///
    /// @return a text like `10.1.214.0/24 gateway 10.1.214.1 reserved [10.1.214.5]`
    @Override
    public String toString() {
        return prefix
                + gateway.map(address -> " gateway " + address).orElse(refusesGateway ? " no gateway" : "")
                + ranges.stream().map(range -> " range " + range).collect(Collectors.joining())
                + excluded.stream().map(range -> " without " + range).collect(Collectors.joining())
                + (reserved.isEmpty() ? "" : " reserved " + reservations());
    }

    private List<String> reservations() {
        return reserved.entrySet().stream()
                .map(one -> one.getValue().isEmpty() ? one.getKey().toString() : one.getValue() + "=" + one.getKey())
                .toList();
    }
}
