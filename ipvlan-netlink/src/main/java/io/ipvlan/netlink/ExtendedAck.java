package io.ipvlan.netlink;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;

/// What the kernel adds to a refusal when it knows more than a number. Most refusals to create a link carry
/// nothing.
///
/// Attributes are given by their names in the C headers, behind the names of those that hold them:
/// `IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_IPVLAN_MODE`. One that this library has no name for is a number, as
/// `99` or `IFLA_LINKINFO.99`.
///
/// Source: `enum nlmsgerr_attrs` in `linux/netlink.h`.
///
/// @param message the kernel's own sentence
/// @param offset where in the request the offending attribute begins, in bytes from the message header
/// @param missingType the type of an attribute the kernel misses
/// @param attribute the offending attribute, with the path to it; empty if the kernel gave no offset, or
///     none at which an attribute of the request begins
/// @param missing the attribute the kernel misses, with the path to it
/// @param allowed what the offending attribute may be, in words, such as `a u16 from 0 to 65535`
public record ExtendedAck(
        Optional<String> message,
        OptionalInt offset,
        OptionalInt missingType,
        Optional<String> attribute,
        Optional<String> missing,
        Optional<String> allowed) {
    /// Nothing was added.
    public static final ExtendedAck NONE = new ExtendedAck(
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /// All that is worth reading, to be set behind the error's number.
    String words() {
        StringJoiner words = new StringJoiner(", ", ": ", "");
        words.setEmptyValue("");
        message.ifPresent(words::add);
        attribute.ifPresent(path -> words.add("attribute " + path));
        allowed.ifPresent(value -> words.add("allowed is " + value));
        missing.ifPresent(
                path -> words.add("misses " + (Character.isDigit(path.charAt(0)) ? "attribute " : "") + path));
        return words.toString();
    }
}
