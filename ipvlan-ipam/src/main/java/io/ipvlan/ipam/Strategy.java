package io.ipvlan.ipam;

/// Which of the free addresses of a pool is handed out to somebody who asks for none in particular.
///
/// Whatever the strategy: an address is not handed out to others during the pool's cool-down after its release,
/// only automatic addresses are handed out, and finding one costs the same however many are held.
public enum Strategy {
    /// The lowest free address. A released one is thus handed out again soon. Leaves the high addresses alone,
    /// and its choice is the same on every run.
    LOWEST,
    /// The lowest free address above the one handed out last, and after the highest the lowest again; so a
    /// released address rests until all others have had their turn. A requested address does not count as
    /// handed out last. The place is part of a [PoolState].
    NEXT,
    /// Any free address, so that it cannot be guessed, and pools that do not know of each other seldom choose
    /// the same. While fewer than about three quarters are held nearly all free ones are equally likely; beyond
    /// that those behind a run of held ones are likelier. With random addresses the source given to the pool
    /// decides how hard they are to guess.
    RANDOM,
    /// The address that the same owner held last, if it is free, be it still cooling down; else as [#NEXT], so
    /// that the addresses of former owners are used last. The pool remembers 65,536 former holdings and forgets
    /// the oldest; they are part of a [PoolState].
    STICKY
}
