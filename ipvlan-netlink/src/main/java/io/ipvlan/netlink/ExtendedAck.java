package io.ipvlan.netlink;

import java.util.Optional;
import java.util.OptionalInt;

/// What the kernel adds to a refusal when it knows more than a number. Most refusals to create a link carry
/// nothing.
///
/// Source: `enum nlmsgerr_attrs` in `linux/netlink.h`.
///
/// @param message the kernel's own sentence
/// @param offset where in the request the offending attribute begins, in bytes from the message header
/// @param missingType the type of an attribute the kernel misses
public record ExtendedAck(Optional<String> message, OptionalInt offset, OptionalInt missingType) {
    /// Nothing was added.
    public static final ExtendedAck NONE = new ExtendedAck(Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
}
