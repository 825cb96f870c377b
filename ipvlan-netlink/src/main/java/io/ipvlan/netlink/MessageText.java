package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.internal.names.FixedPart;
import io.ipvlan.netlink.internal.names.MessageShape;
import java.lang.foreign.MemorySegment;

/// A message as a line of text: `RTM_NEWLINK NLM_F_REQUEST|NLM_F_ACK seq 1 {ifi_family=AF_UNSPEC, ...}
/// IFLA_IFNAME="eth0", ...`.
final class MessageText {
    private final MemorySegment message;
    private final int protocol;
    private final MessageShape shape;
    private final AttributeText text = new AttributeText();

    /// @param message the message, from its header on and with at least that
    /// @param protocol the netlink protocol
    MessageText(MemorySegment message, int protocol) {
        this.message = message;
        this.protocol = protocol;
        this.shape = MessageShape.of(protocol, u16(4));
        text.append(shape.name() + " " + shape.flags().text(u16(6)) + " seq " + unsigned(8));
        if (message.get(JAVA_INT_UNALIGNED, 12) != 0) {
            text.append(" port " + unsigned(12));
        }
        MemorySegment body = message.asSlice(Uapi.NLMSG_HDRLEN);
        switch (shape.type()) {
            case Uapi.NLMSG_ERROR -> error(body);
            case Uapi.NLMSG_DONE -> done(body);
            default -> body(body);
        }
    }

    private int u16(long position) {
        return Short.toUnsignedInt(message.get(JAVA_SHORT_UNALIGNED, position));
    }

    private String unsigned(long position) {
        return Integer.toUnsignedString(message.get(JAVA_INT_UNALIGNED, position));
    }

    private void body(MemorySegment body) {
        FixedPart fixed = shape.fixed();
        if (fixed == null) {
            hex(body);
            return;
        }
        if ((shape.type() & 3) == 2 && body.byteSize() <= FixedPart.FAMILY.paddedSize()) {
            fixed = FixedPart.FAMILY; // a question about all objects need not be longer
        }
        text.append(" ").fixed(body, fixed);
        attributes(body, fixed.paddedSize());
    }

    private void attributes(MemorySegment body, long start) {
        if (body.byteSize() > start) {
            text.append(" ").attributes(body.asSlice(start), shape.attributes());
        }
    }

    /// The result, the header of the request or all of it, and what was added.
    private void error(MemorySegment body) {
        if (body.byteSize() < 4 + Uapi.NLMSG_HDRLEN) {
            result(body);
            return;
        }
        result(body.asSlice(0, 4));
        MemorySegment request = body.asSlice(4);
        MessageShape asked = MessageShape.of(protocol, Short.toUnsignedInt(request.get(JAVA_SHORT_UNALIGNED, 4)));
        text.append(" of " + asked.name() + " seq " + Integer.toUnsignedString(request.get(JAVA_INT_UNALIGNED, 8)));
        boolean capped = (u16(6) & Uapi.NLM_F_CAPPED) != 0;
        long echoed = capped ? Uapi.NLMSG_HDRLEN : Integer.toUnsignedLong(request.get(JAVA_INT_UNALIGNED, 0));
        added(request, Math.max(Uapi.NLMSG_HDRLEN, (echoed + 3) & ~3));
    }

    private void done(MemorySegment body) {
        result(body.asSlice(0, Math.min(4, body.byteSize())));
        added(body, 4);
    }

    private void result(MemorySegment body) {
        if (body.byteSize() < 4) {
            hex(body);
            return;
        }
        int result = body.get(JAVA_INT_UNALIGNED, 0);
        text.append(" error=" + (result < 0 && result != Integer.MIN_VALUE ? errno(-result) : result));
        hex(body.asSlice(4));
    }

    private static String errno(int number) {
        String name = new Errno(number).name();
        return name.startsWith("E") ? "-" + name : Integer.toString(-number);
    }

    private void added(MemorySegment body, long start) {
        if ((u16(6) & Uapi.NLM_F_ACK_TLVS) != 0 && start < body.byteSize()) {
            text.append(" ").attributes(body.asSlice(start), MessageShape.ofAnswers());
        }
    }

    private void hex(MemorySegment bytes) {
        if (bytes.byteSize() > 0) {
            text.append(" " + ValueText.hex(bytes));
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
