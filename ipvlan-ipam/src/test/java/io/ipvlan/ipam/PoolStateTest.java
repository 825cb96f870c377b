package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ipam.IpamException.BadSnapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolStateTest {
    private final ManualClock clock = new ManualClock();
    private final PoolOptions options = PoolOptions.of(Strategy.STICKY)
            .withCoolDown(Duration.ofSeconds(30))
            .withClock(clock)
            .withRandom(new SplittableRandom(1));
    private AddressPool pool = AddressPool.of(Subnet.of("10.1.0.0/16"), options);

    /// Something of everything.
    @BeforeEach
    void use() {
        pool = AddressPool.of(
                Subnet.of("10.1.0.0/16")
                        .withGateway("10.1.0.1")
                        .withRanges("10.1.4.0/22", "10.1.200.0-10.1.200.77")
                        .withExcluded("10.1.4.16/28")
                        .withReservation("printer", IpAddress.parse("10.1.4.9")),
                options);
        pool.withhold(IpAddress.parse("10.1.4.3"));
        pool.quarantine(IpAddress.parse("10.1.4.4"), Duration.ofHours(24));
        pool.allocate(AddressRequest.by("web-1").withLabels(Map.of("zone", "a", "rack", "7")));
        pool.allocate(AddressRequest.by("web-2").withHold(Duration.ofMinutes(1)));
        Lease former = pool.allocate("web-3");
        pool.allocate();
        pool.allocate();
        pool.allocate();
        pool.release(former);
        clock.advance(Duration.ofSeconds(31));
        pool.release(pool.allocate("web-4"));
        pool.allocate(IpAddress.parse("10.1.9.9"), "web-5");
        pool.allocate(IpAddress.parse("10.1.4.9"), "pri\u00f1ter \ud83d\udda8");
    }

    @Test
    void aRestoredPoolIsTheSameAndGoesOnInTheSameWay() {
        PoolState state = pool.state();
        AddressPool restored = AddressPool.restore(state, options);
        assertEquals(state, restored.state());
        assertEquals(pool.subnet(), restored.subnet());
        assertEquals(pool.usage(), restored.usage());
        assertEquals(pool.leases(), restored.leases());
        assertEquals(Strategy.STICKY, restored.options().strategy());
        assertEquals(Duration.ofSeconds(30), restored.options().coolDown());
        for (String owner : List.of("web-3", "web-4", "new", "web-1")) {
            assertEquals(
                    pool.allocate(owner).address(), restored.allocate(owner).address());
        }
        restored.leases().forEach(restored::release);
        clock.advance(Duration.ofDays(2));
        assertEquals(3, restored.usage().held(), "those without owner");
        assertEquals(0, restored.usage().quarantined() + restored.usage().cooling());
    }

    @Test
    void whatEndedWhileAwayHasEnded() {
        PoolState state = pool.state();
        clock.advance(Duration.ofDays(2));
        PoolUsage usage = AddressPool.restore(state, options).usage();
        assertEquals(0, usage.pending() + usage.cooling() + usage.quarantined());
        assertEquals(3 + 3, usage.held());
    }

    /// No pool makes such a state.
    @ParameterizedTest
    @CsvSource({"\ud83d, label, value", "owner, \ud83d, value", "owner, label, \ud83d"})
    void whatHasNoUtf8IsNotWrittenAsSomethingElse(String owner, String label, String value) {
        PoolState.Held held = new PoolState.Held("10.0.0.1", owner, "2026-11-26T12:00:00Z", Map.of(label, value), null);
        PoolState empty = AddressPool.of(Subnet.of("10.0.0.0/29")).state();
        PoolState state = new PoolState(
                empty.prefix(),
                empty.gateway(),
                empty.refusesGateway(),
                empty.ranges(),
                empty.excluded(),
                empty.reserved(),
                empty.withheld(),
                empty.strategy(),
                empty.coolDownMillis(),
                empty.last(),
                empty.anonymous(),
                List.of(held),
                empty.cooling(),
                empty.quarantined(),
                empty.former());
        BadSnapshot refused = assertThrows(BadSnapshot.class, state::toBytes);
        assertTrue(String.valueOf(refused.getMessage()).contains("half a surrogate pair"), refused.getMessage());
        assertThrows(BadSnapshot.class, () -> AddressPool.restore(state));
    }

    @Test
    void aSnapshotStaysAsItWas() {
        PoolState state = pool.state();
        List<PoolState.Held> leases = state.leases();
        pool.leases().forEach(pool::release);
        assertEquals(4, leases.size());
        assertThrows(UnsupportedOperationException.class, leases::clear);
    }

    @Test
    void anyJsonLibraryWritesAndReadsItAsItIs() throws JsonProcessingException {
        JsonMapper plain = JsonMapper.builder().build();
        String json = plain.writeValueAsString(pool.state());
        assertEquals(pool.state(), plain.readValue(json, PoolState.class));
        assertTrue(json.contains("\"owner\":\"web-1\""), json);
        assertTrue(json.contains("\"prefix\":\"10.1.0.0/16\""), json);
    }

    @Test
    void theBinaryFormIsReadBackAndIsTheSameEachTime() {
        PoolState state = pool.state();
        byte[] bytes = state.toBytes();
        assertEquals(state, PoolState.ofBytes(bytes));
        assertArrayEquals(bytes, PoolState.ofBytes(bytes).toBytes());
    }

    @Test
    void theBinaryFormIsThatOfItsDescription() {
        byte[] bytes = AddressPool.of(Subnet.of("10.1.0.0/24")).state().toBytes();
        ByteBuffer expected = ByteBuffer.allocate(64);
        expected.put("ipam".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
        expected.put((byte) 4).put(new byte[] {10, 1, 0, 0}).put((byte) 24);
        expected.put((byte) 0).put((byte) 0); // no gateway, none refused
        expected.put(new byte[4]); // no ranges, excluded, reserved, withheld
        expected.put((byte) 6).put("LOWEST".getBytes(StandardCharsets.US_ASCII));
        expected.put((byte) 0).put((byte) 0); // no cool-down, nothing handed out last
        expected.put(new byte[5]); // no anonymous, leases, cooling, quarantined, former
        CRC32C sum = new CRC32C();
        sum.update(expected.array(), 0, expected.position());
        expected.putInt((int) sum.getValue());
        assertArrayEquals(Arrays.copyOf(expected.array(), expected.position()), bytes);
    }

    @Test
    void everyDamagedByteIsNoticed() {
        byte[] bytes = pool.state().toBytes();
        for (int at = 0; at < bytes.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= (byte) (1 << bit);
                assertThrows(BadSnapshot.class, () -> PoolState.ofBytes(damaged));
            }
        }
    }

    @Test
    void everyMissingOrAddedByteIsNoticed() {
        byte[] bytes = pool.state().toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(BadSnapshot.class, () -> PoolState.ofBytes(cut));
            if (length > 9) {
                assertThrows(BadSnapshot.class, () -> PoolState.ofBytes(resealed(cut)));
            }
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(BadSnapshot.class, () -> PoolState.ofBytes(longer));
        assertTrue(refusal(resealed(longer)).contains("left over"));
    }

    /// What a forger would send: the contents are wrong and the checksum is right.
    @Test
    void wrongContentsWithARightChecksumAreRefusedWithoutOtherHarm() {
        byte[] bytes = pool.state().toBytes();
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 4_000; round++) {
            byte[] forged = bytes.clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                forged[5 + random.nextInt(bytes.length - 9)] = (byte) random.nextInt();
            }
            try {
                AddressPool restored = AddressPool.restore(PoolState.ofBytes(resealed(forged)), options);
                restored.usage();
            } catch (BadSnapshot e) {
                assertTrue(e.getMessage() != null && e.getMessage().contains("refused"));
            }
        }
    }

    private static byte[] resealed(byte[] bytes) {
        int length = bytes.length - 4;
        byte[] sealed = bytes.clone();
        ByteBuffer.wrap(sealed).putInt(length, SnapshotFormat.checksum(sealed, length));
        return sealed;
    }

    private static String refusal(byte[] bytes) {
        return String.valueOf(
                assertThrows(BadSnapshot.class, () -> PoolState.ofBytes(bytes)).getMessage());
    }

    @Test
    void aRefusedSnapshotSaysWhy() {
        byte[] bytes = pool.state().toBytes();
        assertTrue(refusal(new byte[3]).contains("it has 3 bytes"));
        assertTrue(refusal(new byte[8]).contains("it has 8 bytes, and the shortest has more than 9"));
        assertTrue(refusal(new byte[9]).contains("does not begin like one"));
        byte[] other = bytes.clone();
        other[0] = 'x';
        assertTrue(refusal(other).contains("does not begin like one"));
        byte[] future = bytes.clone();
        future[4] = 2;
        assertTrue(refusal(resealed(future)).contains("is of version 2, and only version 1 is known"));
        byte[] damaged = bytes.clone();
        damaged[20] ^= 1;
        assertTrue(refusal(damaged).contains("checksum is wrong"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "twice",
                "outside",
                "network",
                "no owner",
                "no time",
                "strategy",
                "cursor",
                "anonymous twice",
                "anonymous outside",
                "kept for",
                "withheld and held",
                "cool-down"
            })
    void aStateThatCannotBeIsRefused(String fault) {
        PoolState state = pool.state();
        UnaryOperator<PoolState.Held> other = held -> switch (fault) {
            case "outside" -> new PoolState.Held("10.2.0.9", held.owner(), held.since(), held.labels(), null);
            case "network" -> new PoolState.Held("10.1.0.0", held.owner(), held.since(), held.labels(), null);
            case "no owner" -> new PoolState.Held(held.address(), " ", held.since(), held.labels(), null);
            case "no time" -> new PoolState.Held(held.address(), held.owner(), "soon", held.labels(), null);
            case "withheld and held" -> new PoolState.Held("10.1.4.3", held.owner(), held.since(), held.labels(), null);
            default -> held;
        };
        List<PoolState.Held> leases = new ArrayList<>(state.leases());
        leases.set(0, other.apply(leases.getFirst()));
        if (fault.equals("twice")) {
            leases.add(leases.getFirst());
        }
        List<String> anonymous = new ArrayList<>(state.anonymous());
        if (fault.equals("anonymous twice")) {
            anonymous.add(anonymous.getFirst());
        } else if (fault.equals("anonymous outside")) {
            anonymous.add("10.1.8.0-10.1.8.1");
        }
        List<PoolState.Resting> former = new ArrayList<>(state.former());
        if (fault.equals("kept for")) {
            former.add(new PoolState.Resting("10.1.100.1", "web", "2026-11-26T12:00:00Z"));
        }
        PoolState bad = new PoolState(
                state.prefix(),
                state.gateway(),
                state.refusesGateway(),
                state.ranges(),
                state.excluded(),
                state.reserved(),
                state.withheld(),
                fault.equals("strategy") ? "BEST" : state.strategy(),
                fault.equals("cool-down") ? -1 : state.coolDownMillis(),
                fault.equals("cursor") ? "10.2.0.0" : state.last(),
                anonymous,
                leases,
                state.cooling(),
                state.quarantined(),
                former);
        BadSnapshot refusal = assertThrows(BadSnapshot.class, () -> AddressPool.restore(bad, options));
        assertEquals("10.1.0.0/16", refusal.pool());
        assertEquals(state, pool.state());
    }
}
