package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanException;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out plans, and notes how to take each step back. For one operation on one thread.
final class PlanExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(PlanExecutor.class);

    private final Undo undo;
    private final Map<Optional<Netns>, Kernel.Namespace> places = new HashMap<>();
    private final List<Step.DeleteLink> made = new ArrayList<>();

    PlanExecutor(Undo undo) {
        this.undo = undo;
    }

    /// @param link a link that was made before; what is about it goes with it
    PlanExecutor(Undo undo, Step.CreateIpvlan link) {
        this(undo);
        made.add(link.reverse());
    }

    /// Says which open namespace a step means.
    PlanExecutor at(Optional<Netns> netns, Kernel.Namespace namespace) {
        places.put(netns, namespace);
        return this;
    }

    /// Carries out steps. Changes that follow one another in a namespace travel together.
    void execute(List<Step> steps) {
        configure(executeButLast(steps));
    }

    /// Carries out steps, and looks at a link afterwards, with the last of them if it can be.
    ///
    /// @param where the link's namespace, that of the last steps
    Optional<NamespaceState.Link> execute(List<Step> steps, Kernel.Namespace where, int index) {
        List<Step> last = executeButLast(steps);
        return last.isEmpty() ? where.link(index) : place(last.getFirst()).configure(last, index);
    }

    /// @return the changes at the end, which travel together, and are not carried out yet
    private List<Step> executeButLast(List<Step> steps) {
        List<Step> together = new ArrayList<>();
        for (Step step : steps) {
            LOG.debug("{}", step);
            boolean follows = together.isEmpty() || together.getFirst().netns().equals(step.netns());
            Optional<Step> reverse = reverse(step);
            if (!follows || reverse.isPresent() || step instanceof Step.DeleteLink) {
                configure(together);
            }
            if (step instanceof Step.DeleteLink delete) {
                place(step).delete(delete);
            } else if (reverse.isPresent()) {
                make(step, reverse.get());
            } else {
                together.add(step);
            }
        }
        return together;
    }

    private Kernel.Namespace place(Step step) {
        Kernel.Namespace place = places.get(step.netns());
        if (place == null) {
            throw new IllegalArgumentException("the namespace of this step is not open: " + step);
        }
        return place;
    }

    private void configure(List<Step> together) {
        if (!together.isEmpty()) {
            place(together.getFirst()).configure(together);
            together.clear();
        }
    }

    /// How to take a step back. What is about a link that was made in the same plan goes with it.
    private Optional<Step> reverse(Step step) {
        return switch (step) {
            case Step.Create create -> Optional.of(create.reverse());
            case Step.AddRoute add
            when !goesWithLink(add) -> Optional.of(new Step.DeleteRoute(add.route(), add.index(), add.netns()));
            case Step.AddRule add -> Optional.of(new Step.DeleteRule(add.from(), add.table(), add.netns()));
            default -> Optional.empty();
        };
    }

    private boolean goesWithLink(Step.AddRoute add) {
        for (Step.DeleteLink link : made) {
            if (link.index() == add.index() && link.netns().equals(add.netns())) {
                return true;
            }
        }
        return false;
    }

    private void make(Step step, Step reverse) {
        try {
            carryOut(step);
        } catch (RuntimeException | Error e) {
            failed(reverse, e);
            throw e;
        }
        done(reverse);
    }

    /// Notes a child link that was made, or not, together with others.
    ///
    /// @param failure why it was not made
    void note(Step.CreateIpvlan step, Optional<IpvlanException> failure) {
        failure.ifPresentOrElse(reason -> failed(step.reverse(), reason), () -> done(step.reverse()));
    }

    /// If the outcome is unknown the thing may be there, so it has to be taken back as well. A definite
    /// refusal is not taken back: what is there then is somebody else's.
    private void failed(Step reverse, Throwable e) {
        if (!(e instanceof IpvlanException known) || known.kernelError().isEmpty()) {
            undo.add(reverse, () -> carryOut(reverse));
        }
    }

    private void done(Step reverse) {
        undo.add(reverse, () -> carryOut(reverse));
        if (reverse instanceof Step.DeleteLink link) {
            made.add(link);
        }
    }

    private void carryOut(Step step) {
        Kernel.Namespace place = place(step);
        switch (step) {
            case Step.CreateIpvlan create -> {
                Kernel.Namespace parents = places.get(create.parentNetns());
                if (parents == null) {
                    throw new IllegalArgumentException("the parent's namespace is not open: " + step);
                }
                parents.createChild(create, place);
            }
            case Step.Create create -> place.create(create);
            case Step.DeleteLink delete -> place.delete(delete);
            default -> place.configure(List.of(step));
        }
    }
}
