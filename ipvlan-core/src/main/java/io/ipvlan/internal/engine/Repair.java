package io.ipvlan.internal.engine;

import io.ipvlan.ConflictException;
import io.ipvlan.Drift;
import io.ipvlan.IpvlanException;
import io.ipvlan.NotFoundException;
import io.ipvlan.internal.kernel.Kernel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Mends what differs between a network and the kernel, as far as it can be mended.
final class Repair {
    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

    private final Network network;
    private final Members members;

    Repair(Network network, Members members) {
        this.network = network;
        this.members = members;
    }

    /// Mends what can be mended.
    ///
    /// @return what still differs
    List<Drift> run() {
        try {
            network.revive();
        } catch (NotFoundException | ConflictException e) {
            LOG.warn("{}: its parent cannot be made again: {}", network, e.getMessage());
        }
        Set<String> endpoints = new LinkedHashSet<>();
        for (Drift drift : new Verification(network).run()) {
            if (!drift.remedy().isEmpty()) {
                drift.endpoint().ifPresentOrElse(endpoints::add, () -> mend(drift, () -> mendNetwork(drift)));
            }
        }
        endpoints.forEach(this::mendEndpoint);
        return new Verification(network).run();
    }

    private void mend(Drift drift, Runnable action) {
        try {
            action.run();
        } catch (IpvlanException e) {
            LOG.warn("{}: could not be mended: {}: {}", network, drift, e.getMessage());
        }
    }

    /// Looks at it again once nobody can take it out: what was found may have been about another endpoint of
    /// that id.
    private void mendEndpoint(String id) {
        members.find(id).filter(members::hold).ifPresent(endpoint -> {
            try {
                new Verification(network)
                        .of(endpoint).stream()
                                .filter(drift -> !drift.remedy().isEmpty())
                                .forEach(drift -> mend(drift, () -> mendEndpoint(endpoint, drift)));
            } finally {
                members.free(id);
            }
        });
    }

    /// While nobody can remove it.
    private void mendNetwork(Drift drift) {
        network.parent().findPlace().ifPresent(found -> {
            try (Kernel.Namespace place = found;
                    OwnedLinks.Held _ = network.parent().lock(place)) {
                members.requireActive();
                execute(drift, executor -> executor.at(network.parent().netns(), place));
            }
        });
    }

    private void mendEndpoint(AttachedEndpoint endpoint, Drift drift) {
        try (Kernel.Namespace inside = network.find(endpoint).orElse(null);
                Kernel.Namespace parents = network.parent().findPlace().orElse(null)) {
            if (inside != null && parents != null) {
                execute(
                        drift,
                        executor -> executor.at(network.parent().netns(), parents)
                                .at(Optional.of(endpoint.netns()), inside));
            }
        }
    }

    private void execute(Drift drift, UnaryOperator<PlanExecutor> places) {
        Undo undo = new Undo();
        try {
            places.apply(new PlanExecutor(undo)).execute(network.onParent(drift.remedy()));
            LOG.info("{}: mended: {}", network, drift);
        } catch (RuntimeException | Error e) {
            undo.rollBack(e);
            throw e;
        }
    }
}
