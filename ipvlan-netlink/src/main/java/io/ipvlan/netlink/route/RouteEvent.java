package io.ipvlan.netlink.route;

import java.util.OptionalInt;

/// What a [RouteWatch] tells. To keep a picture of what there is: forget everything at [Listing], put what
/// is [Present], remove what is [Gone], by [RouteObject#identity] and namespace; from [Complete] on, until
/// the next listing, the picture is whole. Between both, and for a moment after, what is told may be older
/// than what was listed already; it is followed by what makes it good. When a [NamespaceIdMessage] is gone,
/// so is everything told with its number.
public sealed interface RouteEvent {
    /// A listing of all that is watched begins; what was told before counts no longer.
    ///
    /// @param afterGap whether events were lost; false for the first listing
    record Listing(boolean afterGap) implements RouteEvent {}

    /// Something is there: listed, new, or changed.
    ///
    /// @param object what
    /// @param namespaceId the number under which the watch's namespace knows the one it is in; empty if
    ///     that is its own
    record Present(RouteObject object, OptionalInt namespaceId) implements RouteEvent {}

    /// Something is there no longer.
    ///
    /// @param object what, as far as the kernel says
    /// @param namespaceId the namespace, as of [Present]
    record Gone(RouteObject object, OptionalInt namespaceId) implements RouteEvent {}

    /// Everything has been listed.
    record Complete() implements RouteEvent {}
}
