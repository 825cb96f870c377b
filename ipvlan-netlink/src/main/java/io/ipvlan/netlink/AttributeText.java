package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.ipvlan.netlink.internal.names.Attribute;
import io.ipvlan.netlink.internal.names.AttributeForm;
import io.ipvlan.netlink.internal.names.AttributeNames;
import io.ipvlan.netlink.internal.names.FixedPart;
import java.lang.foreign.MemorySegment;

/// Collects a message's fixed part and attributes as text: `{field=value, ...}` and `NAME=value, ...`.
final class AttributeText {
    /// Attributes deeper inside each other than any message has them are shown in hex.
    private static final int DEPTH_LIMIT = 16;

    private final StringBuilder text = new StringBuilder();
    private int depth;

    AttributeText append(String part) {
        text.append(part);
        return this;
    }

    /// A structure; the bytes may be fewer or more than it has.
    AttributeText fixed(MemorySegment bytes, FixedPart part) {
        text.append('{');
        long size = Math.min(part.size(), bytes.byteSize());
        long shown = 0;
        for (FixedPart.Field field : part.fields()) {
            long end = (long) field.offset() + field.bytes();
            if (end <= size) {
                long value = ValueText.unsigned(bytes, field.offset(), field.bytes());
                text.append(shown == 0 ? "" : ", ").append(field.name()).append('=');
                text.append(
                        field.symbols() == null
                                ? Long.toString(value)
                                : field.symbols().text(value));
                shown = end;
            }
        }
        if (size < part.size()) {
            text.append(shown == 0 ? "" : ", ").append(ValueText.malformed(bytes.asSlice(shown)));
        }
        text.append('}');
        return this;
    }

    /// Attributes, as far as they are some, then the rest.
    void attributes(MemorySegment bytes, AttributeNames names) {
        AttributeReader reader = new AttributeReader(bytes, 0, bytes.byteSize());
        String separator = "";
        try {
            while (reader.next()) {
                text.append(separator);
                separator = ", ";
                attribute(reader.view(), AttributeContent.named(reader, names), bytes);
            }
        } catch (NetlinkException.Malformed e) {
            text.append(separator).append(ValueText.malformed(bytes.asSlice(reader.following())));
        }
    }

    private void attribute(MemorySegment value, Attribute attribute, MemorySegment siblings) {
        text.append(attribute.name());
        boolean holds = attribute.form().compareTo(AttributeForm.NEST) >= 0;
        if (!holds || depth == DEPTH_LIMIT) {
            text.append(ValueText.of(attribute, value));
            return;
        }
        AttributeNames inside = AttributeContent.names(attribute, siblings);
        depth++;
        text.append("={");
        switch (attribute.form()) {
            case LINK -> fixedThenAttributes(value, FixedPart.LINK, inside);
            case NEXT_HOPS -> rows(value, inside);
            default -> attributes(value, inside);
        }
        text.append('}');
        depth--;
    }

    private void fixedThenAttributes(MemorySegment bytes, FixedPart part, AttributeNames names) {
        fixed(bytes, part);
        if (bytes.byteSize() > part.paddedSize()) {
            text.append(' ');
            attributes(bytes.asSlice(part.paddedSize()), names);
        }
    }

    private void rows(MemorySegment bytes, AttributeNames names) {
        long position = 0;
        while (position < bytes.byteSize()) {
            MemorySegment rest = bytes.asSlice(position);
            text.append(position == 0 ? "" : ", ");
            int length = rest.byteSize() < 2 ? 0 : Short.toUnsignedInt(rest.get(JAVA_SHORT_UNALIGNED, 0));
            if (length < FixedPart.NEXT_HOP.size() || length > rest.byteSize()) {
                text.append(ValueText.malformed(rest));
                return;
            }
            fixedThenAttributes(rest.asSlice(0, length), FixedPart.NEXT_HOP, names);
            position += (length + 3) & ~3;
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
