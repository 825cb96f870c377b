package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.internal.names.Attribute;
import io.ipvlan.netlink.internal.names.AttributeNames;
import io.ipvlan.netlink.internal.names.FixedPart;
import io.ipvlan.netlink.internal.names.MessageShape;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// A request as it was sent, to find in it what a refusal points at.
final class SentRequest {
    private final MemorySegment message;
    private final MessageShape shape;

    private SentRequest(MemorySegment message, int protocol) {
        this.message = message;
        this.shape = MessageShape.of(protocol, Short.toUnsignedInt(message.get(JAVA_SHORT_UNALIGNED, 4)));
    }

    /// An attribute of a request.
    ///
    /// @param path its name, behind the names of those that hold it
    /// @param inside the names of what it holds
    record Place(String path, AttributeNames inside) {}

    /// Finds a request among those sent together.
    ///
    /// @param sent what was sent, whole messages
    /// @param protocol the netlink protocol; none but `NETLINK_ROUTE` has names here
    static Optional<SentRequest> of(MemorySegment sent, int sequence, int protocol) {
        long start = 0;
        while (sent.byteSize() - start >= Uapi.NLMSG_HDRLEN) {
            int length = sent.get(JAVA_INT_UNALIGNED, start);
            if (length < Uapi.NLMSG_HDRLEN || length > sent.byteSize() - start) {
                break;
            }
            if (sent.get(JAVA_INT_UNALIGNED, start + 8) == sequence) {
                return Optional.of(new SentRequest(sent.asSlice(start, length), protocol));
            }
            start += (length + 3) & ~3;
        }
        return Optional.empty();
    }

    /// The names of its outermost attributes.
    AttributeNames names() {
        return shape.attributes();
    }

    /// The attribute that begins at an offset.
    ///
    /// @param offset bytes from the beginning of the message header
    /// @return the attribute; empty if none begins there
    Optional<Place> at(long offset) {
        FixedPart fixed = shape.fixed();
        if (fixed == null) {
            return Optional.empty();
        }
        try {
            return find(Uapi.NLMSG_HDRLEN + fixed.paddedSize(), message.byteSize(), offset);
        } catch (NetlinkException.Malformed e) {
            return Optional.empty(); // the request is no better than the kernel says
        }
    }

    private Optional<Place> find(long first, long last, long offset) throws NetlinkException.Malformed {
        StringBuilder path = new StringBuilder();
        AttributeNames names = shape.attributes();
        long start = first;
        long end = last;
        while (offset >= start && offset < end) {
            AttributeReader reader = holder(start, end, offset);
            Attribute attribute = AttributeContent.named(reader, names);
            path.append(attribute.name());
            names = AttributeContent.names(attribute, message.asSlice(start, end - start));
            if (reader.begin() == offset) {
                return Optional.of(new Place(path.toString(), names));
            }
            path.append('.');
            start = (long) reader.begin() + Uapi.NLA_HDRLEN;
            end = start + reader.view().byteSize();
            switch (attribute.form()) {
                case NEST -> {}
                case LINK -> start += FixedPart.LINK.paddedSize();
                case NEXT_HOPS -> {
                    start = row(start, end, offset);
                    end = Math.min(end, start + length16(start));
                    start += FixedPart.NEXT_HOP.paddedSize();
                }
                default -> start = end; // nothing begins inside
            }
        }
        return Optional.empty();
    }

    /// A cursor that stands on the attribute with the offset in it or in the padding behind it.
    private AttributeReader holder(long start, long end, long offset) throws NetlinkException.Malformed {
        AttributeReader reader = new AttributeReader(message, start, end);
        while (reader.next()) {
            if (offset < reader.following()) {
                return reader;
            }
        }
        throw new NetlinkException.Malformed("no attribute holds offset " + offset);
    }

    /// The `struct rtnexthop` with the offset in it.
    private long row(long start, long end, long offset) {
        long row = start;
        while (end - row >= FixedPart.NEXT_HOP.size()) {
            int length = length16(row);
            if (length < FixedPart.NEXT_HOP.size() || offset < row + length) {
                return row;
            }
            row += (length + 3) & ~3;
        }
        return end;
    }

    private int length16(long position) {
        return position + 2 > message.byteSize() ? 0 : Short.toUnsignedInt(message.get(JAVA_SHORT_UNALIGNED, position));
    }
}
