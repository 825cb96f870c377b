package io.ipvlan.netlink.route;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Makes broken messages out of good ones. Whatever it makes it makes again from the same random numbers.
final class Mutations {
    private static final int HEADER = 4;
    private static final int TYPES = 72; // those that any message uses are below

    private final Random random;
    private final int fixedSize;
    private final List<byte[]> strangers;

    /// @param random where the choices come from
    /// @param fixedSize the length of the fixed part of the messages
    /// @param strangers attributes of any other messages
    Mutations(Random random, int fixedSize, List<byte[]> strangers) {
        this.random = random;
        this.fixedSize = fixedSize;
        this.strangers = strangers;
    }

    /// A message that was changed one to four times.
    byte[] of(byte... body) {
        byte[] changed = body;
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            changed = once(changed);
        }
        return changed;
    }

    private byte[] once(byte... body) {
        return switch (random.nextInt(6)) {
            case 0 -> bytesChanged(body);
            case 1 -> lengthAttacked(body);
            case 2 -> typeChanged(body);
            case 3 -> attributesDealtAnew(body);
            case 4 -> nestedDeep(body);
            default -> Arrays.copyOf(body, random.nextInt(body.length + 1));
        };
    }

    private byte[] bytesChanged(byte... body) {
        byte[] changed = body.clone();
        for (int left = random.nextInt(8); left >= 0 && changed.length > 0; left--) {
            int value = random.nextInt(4) == 0 ? random.nextBoolean() ? 0 : -1 : random.nextInt();
            changed[random.nextInt(changed.length)] = (byte) value;
        }
        return changed;
    }

    /// An attribute, on any level, claims to be just or far too short or too long.
    private byte[] lengthAttacked(byte... body) {
        List<Integer> places = headers(body, Math.min(fixedSize, body.length), body.length);
        byte[] changed = body.clone();
        if (!places.isEmpty()) {
            int at = places.get(random.nextInt(places.size()));
            int left = body.length - at;
            int length = ByteBuffer.wrap(body).order(ByteOrder.nativeOrder()).getShort(at);
            int[] claims = {0, 1, 3, 4, 5, 7, 8, length - 1, length + 1, length + 4, left, left + 1, 0x8000, 0xffff};
            put16(changed, at, claims[random.nextInt(claims.length)]);
        }
        return changed;
    }

    /// An attribute, on any level, claims to be another.
    private byte[] typeChanged(byte... body) {
        List<Integer> places = headers(body, Math.min(fixedSize, body.length), body.length);
        byte[] changed = body.clone();
        if (!places.isEmpty()) {
            int marks = random.nextInt(4) << 14;
            put16(changed, places.get(random.nextInt(places.size())) + 2, random.nextInt(TYPES) | marks);
        }
        return changed;
    }

    /// Attributes are left out, doubled, mixed with those of other messages and shuffled.
    private byte[] attributesDealtAnew(byte... body) {
        List<byte[]> dealt = new ArrayList<>();
        for (byte[] attribute : attributes(body, fixedSize)) {
            for (int copies = random.nextInt(3); copies > 0; copies--) {
                dealt.add(attribute);
            }
        }
        for (int left = random.nextInt(3); left > 0; left--) {
            dealt.add(strangers.get(random.nextInt(strangers.size())));
        }
        Collections.shuffle(dealt, random);
        return joined(Arrays.copyOf(body, Math.min(fixedSize, body.length)), dealt);
    }

    /// The attributes sit in a nest, which sits in a nest, and so on.
    private byte[] nestedDeep(byte... body) {
        byte[] inner = body.length <= fixedSize ? new byte[0] : Arrays.copyOfRange(body, fixedSize, body.length);
        int type = random.nextInt(TYPES);
        for (int left = 1 + random.nextInt(200); left > 0 && inner.length + HEADER <= 0xfff0; left--) {
            byte[] outer = new byte[HEADER + inner.length];
            put16(outer, 0, outer.length);
            put16(outer, 2, type | 0x8000);
            System.arraycopy(inner, 0, outer, HEADER, inner.length);
            inner = outer;
        }
        return joined(Arrays.copyOf(body, Math.min(fixedSize, body.length)), List.of(inner));
    }

    /// The attributes of the outermost level, each with its padding.
    static List<byte[]> attributes(byte[] body, int fixedSize) {
        List<byte[]> attributes = new ArrayList<>();
        int at = fixedSize;
        while (body.length - at >= HEADER) {
            int length = get16(body, at);
            if (length < HEADER || length > body.length - at) {
                break;
            }
            int padded = (length + 3) & ~3;
            attributes.add(Arrays.copyOfRange(body, at, at + padded));
            at += padded;
        }
        return attributes;
    }

    /// Where attributes begin, on all levels: what looks like attributes counts as such.
    private static List<Integer> headers(byte[] body, int from, int to) {
        List<Integer> places = new ArrayList<>();
        int at = from;
        while (to - at >= HEADER) {
            int length = get16(body, at);
            if (length < HEADER || length > to - at) {
                break;
            }
            places.add(at);
            places.addAll(headers(body, at + HEADER, at + length));
            at += (length + 3) & ~3;
        }
        return places;
    }

    private static byte[] joined(byte[] fixed, List<byte[]> attributes) {
        int size =
                fixed.length + attributes.stream().mapToInt(each -> each.length).sum();
        ByteBuffer joined = ByteBuffer.allocate(size).put(fixed);
        attributes.forEach(joined::put);
        return joined.array();
    }

    private static int get16(byte[] bytes, int at) {
        return Short.toUnsignedInt(
                ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getShort(at));
    }

    private static void put16(byte[] bytes, int at, int value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putShort(at, (short) value);
    }
}
