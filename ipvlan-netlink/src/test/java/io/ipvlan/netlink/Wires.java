package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ipvlan.netlink.internal.Uapi;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;

/// Bytes as they are on the wire, for tests of all packages. Written here a second time, apart from the main
/// sources, so that both would have to be wrong in the same way. Hex texts may hold blanks, and are in the
/// byte order of the processors supported: all are little-endian.
public final class Wires {
    private Wires() {}

    public static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    /// The body a request writes, everything behind the message header.
    public static String bodyOf(NetlinkRequest request) {
        return HexFormat.of().formatHex(written(request::writeTo));
    }

    /// The body of a message, everything behind the message header, byte by byte as any decoder may read it.
    public static byte[] bodyOf(NetlinkMessage message) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            while (true) {
                body.write(message.fixed8(body.size()));
            }
        } catch (NetlinkException.Malformed e) {
            return body.toByteArray(); // the end
        }
    }

    static byte[] written(Consumer<AttributeWriter> body) {
        MemorySegment segment = Arena.ofAuto().allocate(32 * 1024, 16);
        segment.fill((byte) 0xee); // so that bytes left unwritten show
        AttributeWriter writer = new AttributeWriter(segment);
        body.accept(writer);
        return segment.asSlice(0, writer.position()).toArray(JAVA_BYTE);
    }

    static AttributeReader reader(byte... attributes) {
        MemorySegment segment = segment(attributes);
        return new AttributeReader(segment, 0, segment.byteSize());
    }

    /// A message of a type, as a decoder gets it. Behind it is nothing at all, not even padding: who reads on
    /// gets an exception that no decoder throws.
    public static NetlinkMessage message(int type, byte[] body) {
        int length = Uapi.NLMSG_HDRLEN + body.length;
        return new NetlinkMessage(segment(Arrays.copyOf(framed(type, 0, 1, body), length)), 0, length);
    }

    /// Exactly as long as its content. On the heap, which costs little.
    static MemorySegment segment(byte... content) {
        return MemorySegment.ofArray(content.clone());
    }

    /// A message with its header, padded to four bytes.
    static byte[] framed(int type, int flags, int sequence, byte[] body) {
        return ByteBuffer.allocate((16 + body.length + 3) & ~3)
                .order(ByteOrder.nativeOrder())
                .putInt(16 + body.length)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(4711) // the receiver's port, whatever it is
                .put(body)
                .array();
    }

    /// An acknowledgement as the kernel sends it with NETLINK_CAP_ACK: the result, and the header of the
    /// request.
    static byte[] ack(int sequence) {
        return error(sequence, Uapi.NLM_F_CAPPED, 0, new byte[16], new byte[0]);
    }

    static byte[] refusal(int sequence, Errno errno) {
        return error(sequence, Uapi.NLM_F_CAPPED, -errno.number(), new byte[16], new byte[0]);
    }

    /// The general form of NLMSG_ERROR.
    static byte[] error(int sequence, int flags, int result, byte[] echo, byte[] attributes) {
        return framed(Uapi.NLMSG_ERROR, flags, sequence, join(number(result), join(echo, attributes)));
    }

    static byte[] done(int sequence) {
        return framed(Uapi.NLMSG_DONE, 2, sequence, number(0));
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    /// An attribute with its padding.
    static byte[] attribute(int type, byte[] value) {
        return ByteBuffer.allocate((4 + value.length + 3) & ~3)
                .order(ByteOrder.nativeOrder())
                .putShort((short) (4 + value.length))
                .putShort((short) type)
                .put(value)
                .array();
    }

    static byte[] text(String value) {
        return (value + "\0").getBytes(StandardCharsets.UTF_8);
    }

    static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
