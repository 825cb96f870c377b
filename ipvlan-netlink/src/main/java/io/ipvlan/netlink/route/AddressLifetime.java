package io.ipvlan.netlink.route;

/// How long an address, a prefix or the like may be used, in seconds from now.
///
/// Source: `struct ifa_cacheinfo` in `linux/if_addr.h`, RFC 4862 section 5.5.4.
///
/// @param valid after so many seconds the kernel removes the address; [#UNLIMITED] for never
/// @param preferred after so many seconds it is deprecated: kept, and no longer chosen as a source by itself;
///     [#UNLIMITED] for never. Not larger than `valid`
public record AddressLifetime(long valid, long preferred) {
    /// No end: 2³²-1 seconds, as the kernel counts it.
    public static final long UNLIMITED = 0xffff_ffffL;

    /// Valid and preferred without end: what an address has unless said otherwise.
    public static final AddressLifetime FOREVER = new AddressLifetime(UNLIMITED, UNLIMITED);

    /// A lifetime.
    ///
    /// @throws IllegalArgumentException if a number is not from 0 to 2³²-1. The kernel, not this library,
    ///     refuses a preferred lifetime beyond the valid one, and a valid one of 0 (`EINVAL`)
    public AddressLifetime {
        if (valid < 0 || valid > UNLIMITED || preferred < 0 || preferred > UNLIMITED) {
            throw new IllegalArgumentException("a lifetime is 0 to " + UNLIMITED + " seconds, not " + valid
                    + " (valid) and " + preferred + " (preferred)");
        }
    }
}
