package io.ipvlan.internal.engine;

import io.ipvlan.Netns;
import io.ipvlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What takes back the steps of an endpoint in one namespace.
final class Reversal {
    private Reversal() {}

    /// The last thing first. What goes with the endpoint's link is left out.
    ///
    /// @param steps what was done
    /// @param index the endpoint's link
    /// @param netns the namespace
    static List<Step> of(List<Step> steps, int index, Optional<Netns> netns) {
        List<Step> reverse = new ArrayList<>();
        for (Step step : steps.reversed()) {
            if (step.netns().equals(netns)) {
                switch (step) {
                    case Step.Create create -> reverse.add(create.reverse());
                    case Step.AddRule add -> reverse.add(new Step.DeleteRule(add.from(), add.table(), netns));
                    case Step.AddRoute add
                    when add.index() != index -> reverse.add(new Step.DeleteRoute(add.route(), add.index(), netns));
                    default -> {}
                }
            }
        }
        return reverse;
    }
}
