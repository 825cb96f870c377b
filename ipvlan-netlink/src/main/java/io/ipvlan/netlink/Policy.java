package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.ipvlan.netlink.internal.Uapi;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the kernel allows an attribute to be, in words. Source: `enum netlink_policy_type_attr` and
/// `enum netlink_attribute_type` in `linux/netlink.h`.
final class Policy {
    private int type;
    private @Nullable String least;
    private @Nullable String most;
    private String mask = "";

    private Policy() {}

    /// The words for `NLMSGERR_ATTR_POLICY`, such as `a u16 from 0 to 65535`; empty for a type without words,
    /// and for attributes that make no sense, since a refusal is worth more than they are.
    static Optional<String> words(AttributeReader attributes) {
        Policy policy = new Policy();
        try {
            while (attributes.next()) {
                policy.take(attributes);
            }
        } catch (NetlinkException.Malformed e) {
            return Optional.empty();
        }
        return policy.words();
    }

    private void take(AttributeReader attribute) throws NetlinkException.Malformed {
        switch (attribute.type()) {
            case Uapi.NL_POLICY_TYPE_ATTR_TYPE -> type = attribute.u32();
            case Uapi.NL_POLICY_TYPE_ATTR_MIN_VALUE_S -> least = Long.toString(u64(attribute));
            case Uapi.NL_POLICY_TYPE_ATTR_MAX_VALUE_S -> most = Long.toString(u64(attribute));
            case Uapi.NL_POLICY_TYPE_ATTR_MIN_VALUE_U -> least = Long.toUnsignedString(u64(attribute));
            case Uapi.NL_POLICY_TYPE_ATTR_MAX_VALUE_U -> most = Long.toUnsignedString(u64(attribute));
            case Uapi.NL_POLICY_TYPE_ATTR_MIN_LENGTH -> least = Integer.toUnsignedString(attribute.u32());
            case Uapi.NL_POLICY_TYPE_ATTR_MAX_LENGTH -> most = Integer.toUnsignedString(attribute.u32());
            case Uapi.NL_POLICY_TYPE_ATTR_MASK -> mask = " of bits 0x" + Long.toHexString(u64(attribute));
            case Uapi.NL_POLICY_TYPE_ATTR_BITFIELD32_MASK ->
                mask = " of bits 0x" + Integer.toHexString(attribute.u32());
            default -> {}
        }
    }

    private static long u64(AttributeReader attribute) throws NetlinkException.Malformed {
        if (attribute.view().byteSize() < Long.BYTES) {
            throw new NetlinkException.Malformed("a bound of a policy is too short");
        }
        return attribute.view().get(JAVA_LONG_UNALIGNED, 0);
    }

    private Optional<String> words() {
        return Optional.ofNullable(
                switch (type) {
                    case 1 -> "no value";
                    case 2 -> "a u8" + bounds();
                    case 3 -> "a u16" + bounds();
                    case 4 -> "a u32" + bounds();
                    case 5 -> "a u64" + bounds();
                    case 6 -> "an s8" + bounds();
                    case 7 -> "an s16" + bounds();
                    case 8 -> "an s32" + bounds();
                    case 9 -> "an s64" + bounds();
                    case 10 -> bytes();
                    case 11, 12 -> "text of " + bytes();
                    case 13 -> "attributes";
                    case 14 -> "a list of attributes";
                    case 15 -> "a bit field" + mask;
                    case 16 -> "an s32 or s64" + bounds();
                    case 17 -> "a u32 or u64" + bounds();
                    default -> null;
                });
    }

    private String bounds() {
        return mask + (least == null ? "" : " from " + least) + (most == null ? "" : " to " + most);
    }

    private String bytes() {
        if (least == null) {
            return most == null ? "bytes" : "at most " + most + " bytes";
        }
        if (most == null) {
            return "at least " + least + " bytes";
        }
        return (least.equals(most) ? least : least + " to " + most) + " bytes";
    }
}
