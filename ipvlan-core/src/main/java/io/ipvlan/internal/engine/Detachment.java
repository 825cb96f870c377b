package io.ipvlan.internal.engine;

import io.ipvlan.Netns;
import io.ipvlan.PermissionException;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes endpoints of one network out of the kernel. A namespace that is found nowhere is gone, and its links
/// with it; one that may be where this process may not look counts as gone, too: what it is to be removed for
/// shall not stay for ever.
final class Detachment {
    private static final Logger LOG = LoggerFactory.getLogger(Detachment.class);

    private final Kernel kernel;
    private final NetworkParent parent;

    Detachment(Kernel kernel, NetworkParent parent) {
        this.kernel = kernel;
        this.parent = parent;
    }

    /// Opens the namespace of an endpoint, wherever it is found.
    Optional<Kernel.Namespace> find(AttachedEndpoint endpoint) {
        return kernel.find(endpoint.netns(), endpoint.record().namespace());
    }

    boolean isAlive(AttachedEndpoint endpoint) {
        try (Kernel.Namespace namespace = find(endpoint).orElse(null)) {
            return namespace != null
                    && namespace
                            .link(endpoint.record().index())
                            .filter(NamespaceState.Link::isOurChild)
                            .isPresent();
        } catch (PermissionException e) {
            requireHidden(e);
            LOG.warn("{} is taken for gone: {}", endpoint, e.getMessage());
            return false;
        }
    }

    private static void requireHidden(PermissionException e) {
        if (!e.missingCapability().equals(NetworkParent.LOOKING)) {
            throw e;
        }
    }

    /// Removes what an endpoint has in its namespace and in the parent's.
    ///
    /// @param finder how these are found
    /// @return whether it is certain that nothing is left
    boolean run(AttachedEndpoint endpoint, Kernel.Finder finder) {
        execute(endpoint, parent.netns(), () -> parent.findPlaceToClear(finder));
        try {
            execute(
                    endpoint,
                    Optional.of(endpoint.netns()),
                    () -> finder.find(endpoint.netns(), endpoint.record().namespace()));
            return true;
        } catch (PermissionException e) {
            requireHidden(e);
            LOG.warn("{}: if its namespace lives, its link is still there: {}", endpoint, e.getMessage());
            return false;
        }
    }

    private static void execute(
            AttachedEndpoint endpoint, Optional<Netns> netns, Supplier<Optional<Kernel.Namespace>> place) {
        List<Step> steps = Reversal.of(endpoint.steps(), endpoint.record().index(), netns);
        if (steps.isEmpty()) {
            return;
        }
        try (Kernel.Namespace namespace = place.get().orElse(null)) {
            if (namespace == null) {
                LOG.debug("{}: a namespace is gone, and what was in it", endpoint);
            } else {
                new PlanExecutor(new Undo()).at(netns, namespace).execute(steps);
            }
        }
    }
}
