package io.ipvlan;

/// What an endpoint's link does with IPv6. It is set by sysctls of that link alone; those of the namespace
/// stay as they are.
///
/// Source: `Documentation/networking/ip-sysctl.rst` of the kernel: `disable_ipv6`, `accept_ra`.
public enum Ipv6Policy {
    /// IPv6 is off on the link (`disable_ipv6`): it has not even a link-local address. The default in a
    /// network without IPv6.
    OFF,
    /// The link has the addresses and routes the library gives it, and its link-local address; what routers
    /// of the segment advertise is not accepted (`accept_ra` 0). The default in a network with IPv6.
    STATIC,
    /// Besides what the library gives, the link takes addresses and routes from the routers of the segment
    /// (`accept_ra` 2: also in a namespace that forwards). In mode L2 only: in the routed modes the kernel drops
    /// what routers send. The addresses are not known to the library.
    ROUTER
}
