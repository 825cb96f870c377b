package io.ipvlan.internal.engine;

import io.ipvlan.internal.plan.HostState;
import io.ipvlan.internal.store.Records;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes in what a store remembers when an engine opens. A record that cannot be read stops it; one that can
/// be read and does not fit any more does not, because the rest must stay in reach.
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private final Engine engine;
    private final Map<String, Network> networks = new HashMap<>();

    Restoration(Engine engine) {
        this.engine = engine;
    }

    void run() {
        Map<String, String> texts = new TreeMap<>(engine.store().load()); // a network sorts before its endpoints
        texts.forEach((key, text) -> {
            int slash = key.indexOf('/');
            if (slash < 0) {
                networks.put(key, engine.restore(Records.network(key, text)));
            } else {
                endpoint(key, text, networks.get(key.substring(0, slash)));
            }
        });
        if (!networks.isEmpty()) {
            HostState host = engine.kernel().observe();
            networks.values().forEach(network -> network.withhold(host));
        }
    }

    private void endpoint(String key, String text, @Nullable Network network) {
        Records.EndpointRecord record = Records.endpoint(key, text);
        if (network == null) {
            // Kept, it would come back as an endpoint of the next network of that name.
            LOG.warn("the store remembers endpoint '{}' without its network, and forgets it: {}", key, record.info());
            engine.store().remove(key);
        } else {
            network.restore(record);
        }
    }
}
