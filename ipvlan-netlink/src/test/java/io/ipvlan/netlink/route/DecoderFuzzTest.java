package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Wires;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// No message at all makes a decoder do anything but return a value or throw
/// [NetlinkException.Malformed]: it never reads on behind the message (where nothing is), never goes on for ever,
/// and throws nothing else.
class DecoderFuzzTest {
    private static final Map<Integer, Integer> FIXED_SIZE = Map.of(16, 16, 20, 8, 24, 12, 28, 12, 32, 12, 88, 4);
    private static final int MUTANTS = 200;
    private static final int RANDOM_MESSAGES = 5_000;
    private static final Duration FOR_EVER = Duration.ofMinutes(2);

    private static final List<byte[]> STRANGERS = all().stream()
            .flatMap(golden -> Mutations.attributes(golden.body(), fixedSize(golden.type())).stream())
            .toList();

    static List<GoldenMessage> all() {
        return GoldenMessage.all();
    }

    private static int fixedSize(int type) {
        return FIXED_SIZE.getOrDefault(type, 0);
    }

    private static void assertEndsWell(int type, byte... body) {
        try {
            assertSound(GoldenMessage.decode(Wires.message(type, body)));
            if (type == 24) { // which leaves out what is asked for one by one
                assertSound(RouteMessage.decode(Wires.message(type, body)));
            }
        } catch (NetlinkException.Malformed e) {
            assertNotNull(e.getMessage());
        } catch (RuntimeException e) {
            throw new AssertionError("type " + type + ": " + HexFormat.of().formatHex(body), e);
        }
    }

    private static void assertSound(@Nullable Object value) {
        if (value != null) {
            assertTrue(!value.toString().isEmpty());
            assertEquals(value.hashCode(), value.hashCode());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aBrokenMessageIsMalformedOrMeansSomething(GoldenMessage golden) {
        Random random = new Random(golden.name().hashCode());
        Mutations mutations = new Mutations(random, fixedSize(golden.type()), STRANGERS);

        assertTimeoutPreemptively(FOR_EVER, () -> {
            for (int i = 0; i < MUTANTS; i++) {
                assertEndsWell(golden.type(), mutations.of(golden.body()));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void aMessageOfAnotherTypeIsMalformedOrMeansSomething(GoldenMessage golden) {
        for (int type : FIXED_SIZE.keySet()) {
            assertEndsWell(type, golden.body());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 20, 24, 28, 32, 88})
    void anyBytesAreMalformedOrMeanSomething(int type) {
        Random random = new Random(type);

        assertTimeoutPreemptively(FOR_EVER, () -> {
            for (int i = 0; i < RANDOM_MESSAGES; i++) {
                byte[] body = new byte[random.nextInt(i % 10 == 0 ? 400 : 40)];
                random.nextBytes(body);
                if (body.length > 0 && random.nextBoolean()) {
                    body[0] = (byte) (random.nextBoolean() ? 2 : 10); // else IP is seldom
                }
                assertEndsWell(type, body);
            }
        });
    }

    /// Attributes that fit, with values of any length and bytes: what no mutation of the lengths lets through.
    @ParameterizedTest
    @ValueSource(ints = {16, 20, 24, 28, 32, 88})
    void anyValuesOfAttributesAreMalformedOrMeanSomething(int type) {
        Random random = new Random(~type);

        assertTimeoutPreemptively(FOR_EVER, () -> {
            for (int i = 0; i < RANDOM_MESSAGES; i++) {
                byte[] fixed = new byte[fixedSize(type)];
                random.nextBytes(fixed);
                fixed[0] = (byte) (random.nextBoolean() ? 2 : 10);
                assertEndsWell(type, tree(random, fixed, 3));
            }
        });
    }

    private static byte[] tree(Random random, byte[] start, int depth) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(start);
        for (int left = random.nextInt(5); left > 0; left--) {
            byte[] value;
            if (depth > 0 && random.nextInt(3) == 0) {
                value = tree(random, new byte[random.nextInt(8) == 0 ? 16 : 0], depth - 1);
            } else {
                int[] sizes = {0, 1, 2, 3, 4, 6, 8, 12, 16, 18, 20, random.nextInt(260)};
                value = new byte[sizes[random.nextInt(sizes.length)]];
                random.nextBytes(value);
            }
            int length = 4 + value.length;
            bytes.write(length);
            bytes.write(length >> 8);
            bytes.write(random.nextInt(64));
            bytes.write(random.nextInt(4) << 6);
            bytes.writeBytes(value);
            bytes.writeBytes(new byte[-length & 3]);
        }
        return bytes.toByteArray();
    }
}
