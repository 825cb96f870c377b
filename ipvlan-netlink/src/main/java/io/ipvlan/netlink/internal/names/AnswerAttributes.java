package io.ipvlan.netlink.internal.names;

import static io.ipvlan.netlink.internal.names.Attribute.plain;
import static io.ipvlan.netlink.internal.names.Attribute.symbols;
import static io.ipvlan.netlink.internal.names.AttributeForm.BYTES;
import static io.ipvlan.netlink.internal.names.AttributeForm.NUMBER;
import static io.ipvlan.netlink.internal.names.AttributeForm.SIGNED;
import static io.ipvlan.netlink.internal.names.AttributeForm.TEXT;

import java.util.function.Supplier;

/// The attributes of an extended acknowledgement. Source: `linux/netlink.h`.
final class AnswerAttributes {
    private AnswerAttributes() {}

    /// Behind the result and the echo of the request.
    static final AttributeNames ERROR = AttributeNames.of(
            plain(1, "NLMSGERR_ATTR_MSG", TEXT),
            plain(2, "NLMSGERR_ATTR_OFFS", NUMBER),
            plain(3, "NLMSGERR_ATTR_COOKIE", BYTES),
            nest(4, "NLMSGERR_ATTR_POLICY", () -> AnswerAttributes.POLICY),
            plain(5, "NLMSGERR_ATTR_MISS_TYPE", NUMBER),
            plain(6, "NLMSGERR_ATTR_MISS_NEST", NUMBER));

    /// In `NLMSGERR_ATTR_POLICY`.
    private static final AttributeNames POLICY = AttributeNames.of(
            symbols(1, "NL_POLICY_TYPE_ATTR_TYPE", Flags.POLICY_TYPES),
            plain(2, "NL_POLICY_TYPE_ATTR_MIN_VALUE_S", SIGNED),
            plain(3, "NL_POLICY_TYPE_ATTR_MAX_VALUE_S", SIGNED),
            plain(4, "NL_POLICY_TYPE_ATTR_MIN_VALUE_U", NUMBER),
            plain(5, "NL_POLICY_TYPE_ATTR_MAX_VALUE_U", NUMBER),
            plain(6, "NL_POLICY_TYPE_ATTR_MIN_LENGTH", NUMBER),
            plain(7, "NL_POLICY_TYPE_ATTR_MAX_LENGTH", NUMBER),
            plain(8, "NL_POLICY_TYPE_ATTR_POLICY_IDX", NUMBER),
            plain(9, "NL_POLICY_TYPE_ATTR_POLICY_MAXTYPE", NUMBER),
            plain(10, "NL_POLICY_TYPE_ATTR_BITFIELD32_MASK", NUMBER),
            plain(11, "NL_POLICY_TYPE_ATTR_PAD", BYTES),
            plain(12, "NL_POLICY_TYPE_ATTR_MASK", NUMBER));

    private static Attribute nest(int type, String name, Supplier<AttributeNames> content) {
        return Attribute.holding(type, name, AttributeForm.NEST, 0, _ -> content.get());
    }
}
