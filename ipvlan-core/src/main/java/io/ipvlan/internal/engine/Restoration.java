package io.ipvlan.internal.engine;

import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.store.ParentLink;
import io.ipvlan.internal.store.Records;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
    private final Map<NamespaceId, Optional<NamespaceState>> states = new HashMap<>();

    Restoration(Engine engine) {
        this.engine = engine;
    }

    void run() {
        Map<String, String> texts = new TreeMap<>(engine.store().load()); // a network sorts before its endpoints
        texts.forEach((key, text) -> {
            int slash = key.indexOf('/');
            if (slash < 0) {
                Network network = network(Records.network(key, text));
                networks.put(key, network);
                engine.publish(network);
            } else {
                endpoint(key, text, networks.get(key.substring(0, slash)));
            }
        });
    }

    private Network network(Records.NetworkRecord record) {
        ParentLink parent = record.parent();
        return new Creation(engine, record.description())
                .restore(record, states.computeIfAbsent(parent.namespace(), _ -> look(parent)));
    }

    /// Looks once at the namespace of each parent.
    private Optional<NamespaceState> look(ParentLink parent) {
        if (parent.netns().isEmpty()) {
            return Optional.of(engine.kernel().open(Optional.empty()).observe());
        }
        Optional<Kernel.Namespace> found = engine.kernel().find(parent.netns().get(), parent.namespace());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (Kernel.Namespace place = found.get()) {
            return Optional.of(place.observe());
        }
    }

    private void endpoint(String key, String text, @Nullable Network network) {
        Records.EndpointRecord record = Records.endpoint(key, text);
        if (network == null) {
            // Kept, it would come back as an endpoint of the next network of that name.
            LOG.warn("the store remembers endpoint '{}' without its network, and forgets it: {}", key, record);
            engine.store().remove(key);
        } else {
            network.restore(record);
        }
    }
}
