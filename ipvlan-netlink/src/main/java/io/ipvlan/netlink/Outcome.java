package io.ipvlan.netlink;

import java.util.Optional;

/// What became of one request of a batch.
///
/// @param request the request
/// @param failure empty if the request was carried out. A [NetlinkException.Refused] if not. Anything else if
///     that is unknown, because the kernel's answer is missing or makes no sense; or if the request was not
///     sent, because the socket was closed or busy all the time, as the message then says
public record Outcome(NetlinkRequest request, Optional<NetlinkException> failure) {
    static Outcome done(NetlinkRequest request) {
        return new Outcome(request, Optional.empty());
    }

    static Outcome failed(NetlinkRequest request, NetlinkException failure) {
        return new Outcome(request, Optional.of(failure));
    }

    /// Whether the request was carried out.
    ///
    /// @return true if it was; false if not, or if that is unknown
    public boolean isDone() {
        return failure.isEmpty();
    }

    /// The kernel's refusal.
    ///
    /// @return the refusal; empty if there is no failure, or one of another kind
    public Optional<NetlinkException.Refused> refusal() {
        return failure.filter(NetlinkException.Refused.class::isInstance).map(NetlinkException.Refused.class::cast);
    }
}
