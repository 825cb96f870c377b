package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ipvlan.ip.IpCidr;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseTest {
    private static final Instant SINCE = Instant.parse("2026-11-26T12:00:00.000000001Z");
    private static final Lease LEASE = lease("10.0.0.1/24", "a", SINCE, Map.of("zone", "b"), Optional.of(SINCE));

    private static Lease lease(
            String address, String owner, Instant since, Map<String, String> labels, Optional<Instant> deadline) {
        return new Lease(IpCidr.parse(address), owner, since, labels, deadline);
    }

    static Stream<Lease> others() {
        return Stream.of(
                lease("10.0.0.2/24", "a", SINCE, LEASE.labels(), LEASE.deadline()),
                lease("10.0.0.1/25", "a", SINCE, LEASE.labels(), LEASE.deadline()),
                lease("10.0.0.1/24", "b", SINCE, LEASE.labels(), LEASE.deadline()),
                lease("10.0.0.1/24", "a", SINCE.plusNanos(1), LEASE.labels(), LEASE.deadline()),
                lease("10.0.0.1/24", "a", SINCE, Map.of(), LEASE.deadline()),
                lease("10.0.0.1/24", "a", SINCE, LEASE.labels(), Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("others")
    void whateverDiffersMakesItAnother(Lease other) {
        assertNotEquals(LEASE, other);
    }

    @Test
    void itIsWhatItWasMadeOf() {
        assertEquals(IpCidr.parse("10.0.0.1/24"), LEASE.address());
        assertEquals("a", LEASE.owner());
        assertEquals(SINCE, LEASE.since());
        assertEquals(Map.of("zone", "b"), LEASE.labels());
        assertEquals(Optional.of(SINCE), LEASE.deadline());
        Lease same = lease("10.0.0.1/24", "a", SINCE, Map.of("zone", "b"), Optional.of(SINCE));
        assertEquals(LEASE, same);
        assertEquals(LEASE.hashCode(), same.hashCode());
        assertEquals(7, Stream.concat(Stream.of(LEASE), others()).distinct().count());
        assertNotEquals(LEASE.hashCode(), others().findFirst().orElseThrow().hashCode());
    }

    @Test
    void peopleReadWhoHoldsIt() {
        assertEquals("10.0.0.1/24 held by 'a'", LEASE.toString());
        assertEquals(
                "10.0.0.1/24 held by nobody",
                lease("10.0.0.1/24", "", SINCE, Map.of(), Optional.empty()).toString());
    }
}
