package io.ipvlan.internal.engine;

import io.ipvlan.AddressException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.internal.store.Notebook;
import io.ipvlan.internal.store.Records;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.internal.store.Records.Stage;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the store knows of the endpoints of one network: those that come, are there, and go, and what is kept
/// of those that have left.
final class EndpointBook {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointBook.class);

    private final IpvlanNetwork network;
    private final Addresses addresses;
    private final Notebook notebook;
    private final InstantSource clock;
    private final Departures departures;

    EndpointBook(IpvlanNetwork network, Addresses addresses, Notebook notebook, InstantSource clock) {
        this.network = network;
        this.addresses = addresses;
        this.notebook = notebook;
        this.clock = clock;
        this.departures = new Departures(network, notebook);
    }

    /// Tells the store of an endpoint. That it is there need not outlive a loss of power, which it does not
    /// outlive itself; which address it had must, where it is to get the same again.
    void put(EndpointRecord record) {
        put(record, Records.write(record));
    }

    private void put(EndpointRecord record, String text) {
        departures.forget(record);
        notebook.put(key(record), text);
        if (record.stage() == Stage.PRESENT && departures.isSticky()) {
            notebook.sync();
        }
    }

    private String key(EndpointRecord record) {
        return network.name() + "/" + record.id();
    }

    /// Tells the store of an endpoint that is about to be made, and notes how that is taken back.
    ///
    /// @return what it is told
    String announce(EndpointRecord record, Undo undo) {
        for (EndpointRecord other : departures.others(record)) {
            undo.addForgetting(() -> keepUnlessBack(other));
        }
        // A change that failed may have taken effect.
        departures
                .kept(record.id())
                .ifPresentOrElse(
                        before -> undo.addForgetting(() -> keep(before)),
                        () -> undo.addForgetting(() -> notebook.remove(key(record))));
        String text = Records.write(record);
        put(record, text);
        return text;
    }

    /// Tells the store that an endpoint is there that was announced.
    ///
    /// @param announced what it was told
    void confirm(EndpointRecord record, String announced) {
        put(record, Records.at(record.stage(), announced));
    }

    private void keep(EndpointRecord left) {
        String text = Records.write(left);
        notebook.put(key(left), text);
        departures.note(left, text);
    }

    /// Keeps one that left before, unless it has come back meanwhile.
    private void keepUnlessBack(EndpointRecord left) {
        String text = Records.write(left);
        if (notebook.putUnlessOther(key(left), text)) {
            departures.note(left, text);
        }
    }

    /// Forgets an endpoint, as far as it need not be kept in mind.
    void leave(EndpointRecord record) {
        departures.expire(clock.instant());
        EndpointRecord left = record.at(Stage.LEFT, clock.instant());
        if (departures.isKept(left)) {
            keep(left);
        } else {
            notebook.remove(key(left));
        }
    }

    /// Takes back what the store remembers of an endpoint that has left: its addresses rest, from now on, or
    /// are kept for it.
    void restore(EndpointRecord left) {
        if (departures.isOver(left, clock.instant())) {
            notebook.remove(key(left));
            return;
        }
        try {
            addresses.release(addresses.lease(left), true);
            departures.note(left, Records.write(left));
        } catch (AddressException e) {
            LOG.debug("'{}' does not get its addresses again: {}", key(left), e.getMessage());
            notebook.remove(key(left));
        }
    }

    /// Forgets all that have left.
    void clear() {
        departures.clear();
    }
}
