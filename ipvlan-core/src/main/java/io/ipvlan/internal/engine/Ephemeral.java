package io.ipvlan.internal.engine;

import io.ipvlan.EphemeralNetwork;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.internal.store.ParentLink;
import io.ipvlan.ip.IpPrefix;
import java.util.List;
import java.util.Optional;

/// A network that goes with its handle. Only such a one can be closed: whatever closes what can be closed
/// must not delete a network that is to last.
final class Ephemeral extends Network implements EphemeralNetwork {
    Ephemeral(
            Engine engine,
            IpvlanNetwork description,
            Addresses addresses,
            List<IpPrefix> drawn,
            Ports.Claim claim,
            ParentLink parent,
            Optional<HostAccess> host) {
        super(engine, description, addresses, drawn, claim, parent, host, true);
    }

    @Override
    public void close() {
        takeDown();
    }
}
