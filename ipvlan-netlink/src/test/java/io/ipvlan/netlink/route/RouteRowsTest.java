package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.Wires;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A row means what it means by itself, whatever row was before it.
class RouteRowsTest {
    private static final int RTM_NEWROUTE = 24;
    private static final int FIXED_SIZE = 12;
    private static final int MUTANTS = 500;

    static List<GoldenMessage> routes() {
        return GoldenMessage.all().stream()
                .filter(golden -> golden.type() == RTM_NEWROUTE)
                .toList();
    }

    private static Object meaning(NetlinkSocket.Decoder<RouteMessage> decoder, byte... body) {
        NetlinkMessage message = Wires.message(RTM_NEWROUTE, body);
        try {
            RouteMessage route = decoder.decode(message);
            return route == null ? "no row" : route;
        } catch (NetlinkException.Malformed e) {
            return "malformed";
        }
    }

    private static void assertMeansTheSameBehind(byte[] before, byte... body) {
        RouteRows rows = new RouteRows();
        meaning(rows::decode, before);

        Object behind = meaning(rows::decode, body);

        assertEquals(
                meaning(RouteMessage::decode, body),
                behind,
                () -> HexFormat.of().formatHex(body));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void whateverByteDiffersItCounts(GoldenMessage golden) {
        byte[] before = golden.body();
        for (int i = 0; i < before.length; i++) {
            for (int mask : new int[] {0x01, 0x04, 0x80, 0xff}) {
                byte[] body = before.clone();
                body[i] ^= (byte) mask;
                assertMeansTheSameBehind(before, body);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void aBrokenRowBehindAWholeOneAndTheOtherWayRound(GoldenMessage golden) {
        Mutations mutations = new Mutations(
                new Random(golden.name().hashCode()), FIXED_SIZE, Mutations.attributes(golden.body(), FIXED_SIZE));
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = mutations.of(golden.body());
            assertMeansTheSameBehind(golden.body(), mutant);
            assertMeansTheSameBehind(mutant, golden.body());
            assertMeansTheSameBehind(mutant, mutations.of(mutant));
        }
    }

    @Test
    void anyRowMayFollowAnyOther() {
        for (GoldenMessage before : routes()) {
            for (GoldenMessage golden : routes()) {
                assertMeansTheSameBehind(before.body(), golden.body());
            }
        }
    }

    @Test
    void rowsThatDifferInTheirDestinationsShareTheRest() throws NetlinkException {
        String row = "02 %s 00 00 fe 04 00 01 00000000  0800 0f00 fe000000  0800 0100 %s  0800 0500 0a010001";
        RouteRows rows = new RouteRows();

        RouteMessage one = rows.decode(Wires.message(RTM_NEWROUTE, Wires.bytes(row.formatted("20", "0a020001"))));
        RouteMessage other = rows.decode(Wires.message(RTM_NEWROUTE, Wires.bytes(row.formatted("18", "0a030000"))));

        assertNotNull(one);
        assertNotNull(other);
        assertNotEquals(one, other);
        assertEquals("10.3.0.0/24", other.destination().toString());
        assertSame(one.details(), other.details());
    }
}
