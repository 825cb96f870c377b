package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NetworkStore;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.SubnetPlanner;
import io.ipvlan.internal.store.Notebook;
import io.ipvlan.internal.store.Records;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.internal.store.Records.Stage;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Strategy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointBookTest {
    private static final IpvlanNetwork STICKY = IpvlanNetwork.builder("sticky")
            .parent("eth0")
            .subnet("192.168.1.0/24")
            .strategy(Strategy.STICKY)
            .build();

    private final NetworkStore store = NetworkStore.inMemory();
    private final EndpointBook book = new EndpointBook(
            STICKY,
            new Addresses(STICKY, SubnetPlanner.effective(STICKY, List.of())),
            new Notebook(store),
            InstantSource.fixed(Instant.EPOCH));

    private static EndpointRecord record(String id, Stage stage, String address) {
        return new EndpointRecord(
                id,
                stage,
                Instant.EPOCH,
                EndpointSpec.in(Bench.BLUE).withId(id),
                "eth0",
                7,
                List.of(IpCidr.parse(address)),
                new NamespaceId(1, 2, 3));
    }

    @Test
    void whoCameBackWhileAnotherFailedToGetItsAddressStaysThere() {
        book.leave(record("database", Stage.PRESENT, "192.168.1.2/24"));
        Undo undo = new Undo();
        book.announce(record("taker", Stage.ARRIVING, "192.168.1.2/24"), undo);
        EndpointRecord back = record("database", Stage.PRESENT, "192.168.1.3/24");
        book.put(back);

        undo.rollBack(new IllegalStateException("on purpose"));
        assertEquals(Map.of("sticky/database", Records.write(back)), store.load());

        EndpointRecord other = record("other", Stage.PRESENT, "192.168.1.2/24");
        book.put(other);
        assertEquals(
                Map.of("sticky/database", Records.write(back), "sticky/other", Records.write(other)), store.load());
    }

    @Test
    void whoLeftIsKeptStillWhenAnotherFailedToGetItsAddress() {
        book.leave(record("database", Stage.PRESENT, "192.168.1.2/24"));
        Map<String, String> before = store.load();
        Undo undo = new Undo();
        book.announce(record("taker", Stage.ARRIVING, "192.168.1.2/24"), undo);
        assertFalse(store.load().containsKey("sticky/database"));

        undo.rollBack(new IllegalStateException("on purpose"));
        assertEquals(before, store.load());
    }
}
