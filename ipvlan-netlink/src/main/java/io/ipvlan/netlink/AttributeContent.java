package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.names.Attribute;
import io.ipvlan.netlink.internal.names.AttributeNames;
import java.lang.foreign.MemorySegment;

/// What an attribute is and holds, as far as the attributes beside it must be asked.
final class AttributeContent {
    private AttributeContent() {}

    /// The attribute a cursor stands on.
    static Attribute named(AttributeReader at, AttributeNames names) {
        Attribute attribute = names.of(at.type());
        return at.isMarkedNested() ? attribute.nested() : attribute;
    }

    /// The names of what an attribute holds.
    ///
    /// @param siblings the bytes in which it stands, from the first attribute on
    static AttributeNames names(Attribute attribute, MemorySegment siblings) {
        return attribute.content().apply(attribute.selector() == 0 ? "" : text(siblings, attribute.selector()));
    }

    private static String text(MemorySegment attributes, int type) {
        AttributeReader reader = new AttributeReader(attributes, 0, attributes.byteSize());
        try {
            while (reader.next()) {
                if (reader.type() == type) {
                    return reader.string();
                }
            }
        } catch (NetlinkException.Malformed e) {
            return ""; // what stands behind broken attributes has no names
        }
        return "";
    }
}
