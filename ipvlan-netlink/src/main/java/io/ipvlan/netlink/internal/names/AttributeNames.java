package io.ipvlan.netlink.internal.names;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/// The types of attributes that may stand side by side in one place.
public final class AttributeNames {
    /// A place about which nothing is known.
    public static final AttributeNames UNKNOWN = new AttributeNames(AttributeForm.BYTES);

    private final Map<Integer, Attribute> byType = new LinkedHashMap<>();
    private final AttributeForm others;

    private AttributeNames(AttributeForm others, Attribute... attributes) {
        this.others = others;
        for (Attribute attribute : attributes) {
            if (byType.put(attribute.type(), attribute) != null) {
                throw new IllegalArgumentException("twice: " + attribute.name());
            }
        }
    }

    static AttributeNames of(Attribute... attributes) {
        return new AttributeNames(AttributeForm.BYTES, attributes);
    }

    /// A list, whose types are positions.
    static AttributeNames list(AttributeForm form) {
        return new AttributeNames(form);
    }

    /// The attribute of a type; one named by its number if the type is not known here.
    public Attribute of(int type) {
        Attribute known = byType.get(type);
        return known == null ? Attribute.plain(type, Integer.toUnsignedString(type), others) : known;
    }

    public Collection<Attribute> all() {
        return byType.values();
    }
}
