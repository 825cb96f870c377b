package io.ipvlan.netlink;

import java.util.Optional;

/// What became of one request of a batch.
///
/// @param request the request
/// @param refusal the kernel's refusal; empty if the request was carried out
public record Outcome(NetlinkRequest request, Optional<NetlinkException.Refused> refusal) {}
