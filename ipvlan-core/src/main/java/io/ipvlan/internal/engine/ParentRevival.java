package io.ipvlan.internal.engine;

import io.ipvlan.ConflictException;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.plan.NetworkPlanner;
import io.ipvlan.internal.store.ParentLink;
import io.ipvlan.internal.store.Records.MadeLink;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the parent of a network and what stands on it in the parent's namespace again, if it is gone and was the
/// library's; takes another link that is in its place; and finishes one whose maker was interrupted.
final class ParentRevival {
    private static final Logger LOG = LoggerFactory.getLogger(ParentRevival.class);

    private final Network network;
    private final Engine engine;
    private final Members members;
    private final NetworkParent parent;
    private final NetworkPlanner planner;

    ParentRevival(Network network, Engine engine, Members members) {
        this.network = network;
        this.engine = engine;
        this.members = members;
        this.parent = network.parent();
        this.planner = parent.planner("ensure network");
    }

    /// @throws ConflictException if the network is being deleted
    /// @throws IllegalStateException if it is deleted
    void run() {
        requireStaying();
        try (Kernel.Namespace place = parent.place();
                OwnedLinks.Held held = parent.lock(place)) {
            boolean done = false;
            while (!done) {
                done = revive(place, held);
            }
        }
    }

    private void requireStaying() {
        members.requireNotGoing();
        members.requireActive();
    }

    /// @return false if links had to be locked for it that were not
    private boolean revive(Kernel.Namespace place, OwnedLinks.Held held) {
        requireStaying();
        Optional<NamespaceState.Link> there = place.link(parent.index());
        if (there.isPresent()) {
            return finish(place, held, there.get());
        }
        NamespaceState state = place.observe();
        Optional<NamespaceState.Link> another = parent.find(state, planner);
        if (another.isPresent()) {
            return finish(place, held, another.get());
        }
        NetworkPlanner.Result planned = planner.plan(state, parent.netns(), engine::nextIndex);
        if (!parent.lockAlso(held, OwnedLinks.keys(planned, state))) {
            return false;
        }
        make(place, planned);
        return true;
    }

    private boolean finish(Kernel.Namespace place, OwnedLinks.Held held, NamespaceState.Link there) {
        if (!parent.lockAlso(held, OwnedLinks.keys(there))) {
            return false;
        }
        if (there.index() != parent.index()) {
            parent.moveTo(place, there, planner);
        }
        new PlanExecutor(new Undo()).at(parent.netns(), place).execute(planner.finish(there, parent.netns()));
        return true;
    }

    private void make(Kernel.Namespace place, NetworkPlanner.Result planned) {
        Undo undo = new Undo();
        try {
            network.making(MadeLink.of(planned.steps()));
            PlanExecutor executor = new PlanExecutor(undo).at(parent.netns(), place);
            executor.execute(planned.steps());
            parent.moveTo(
                    new ParentLink(
                            parent.netns(), place.id(), planned.parent(), planned.parentIndex(), planned.owned()),
                    planner);
            network.hostAccess().ifPresent(access -> executor.execute(network.onParent(access.steps())));
            network.making(List.of());
            engine.notebook().sync();
        } catch (RuntimeException | Error e) {
            undo.rollBack(e);
            throw e;
        }
        LOG.info("made the parent of {} again", network);
    }
}
