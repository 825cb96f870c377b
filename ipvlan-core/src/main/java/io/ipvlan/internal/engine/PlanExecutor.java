package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanException;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out plans, and notes how to take each step back.
final class PlanExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(PlanExecutor.class);

    private final Kernel kernel;

    PlanExecutor(Kernel kernel) {
        this.kernel = kernel;
    }

    /// Carries out steps in the host's namespace.
    void execute(List<Step> steps, Undo undo) {
        for (Step step : steps) {
            LOG.debug("{}", step);
            switch (step) {
                case Step.CreateDummy create ->
                    make(
                            () -> kernel.createDummy(create),
                            new Step.DeleteLink(create.name(), 0, Optional.empty()),
                            () -> kernel.indexOf(create.name())
                                    .ifPresent(index -> kernel.deleteDummy(
                                            new Step.DeleteLink(create.name(), index, Optional.empty()))),
                            undo);
                case Step.DeleteLink delete -> kernel.deleteDummy(delete);
                case Step.CreateIpvlan _, Step.AddAddress _, Step.AddRoute _ ->
                    throw new IllegalArgumentException("not a step in the host's namespace: " + step);
            }
        }
    }

    /// Carries out steps in an endpoint's namespace. Addresses and routes that follow one another travel
    /// together; they need no undoing of their own, because they go with their link.
    void execute(List<Step> steps, Kernel.Namespace namespace, Undo undo) {
        int index = 0;
        List<Step> together = new ArrayList<>();
        for (Step step : steps) {
            LOG.debug("{}", step);
            switch (step) {
                case Step.CreateIpvlan create -> {
                    index = create.index();
                    Step.DeleteLink delete = new Step.DeleteLink(create.name(), index, Optional.of(create.netns()));
                    make(() -> namespace.createChild(create), delete, () -> namespace.deleteChild(delete), undo);
                }
                case Step.AddAddress _, Step.AddRoute _ -> together.add(step);
                case Step.DeleteLink delete -> namespace.deleteChild(delete);
                case Step.CreateDummy _ ->
                    throw new IllegalArgumentException("not a step in an endpoint's namespace: " + step);
            }
        }
        if (!together.isEmpty()) {
            namespace.configure(index, together);
        }
    }

    /// If the outcome is unknown the thing may be there, so it has to be taken back as well. A definite
    /// refusal is not taken back: what is there under that name then is somebody else's.
    private static void make(Runnable creation, Step.DeleteLink byHand, Runnable removal, Undo undo) {
        try {
            creation.run();
        } catch (RuntimeException | Error e) {
            if (!(e instanceof IpvlanException known) || known.kernelError().isEmpty()) {
                undo.add(byHand.command(), removal);
            }
            throw e;
        }
        undo.add(byHand.command(), removal);
    }
}
