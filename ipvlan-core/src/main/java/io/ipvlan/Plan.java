package io.ipvlan;

import java.util.List;
import java.util.stream.Collectors;

/// What the library would do, in order. For reading: there is no way to apply a plan, because by then the
/// host may have changed; the operation plans anew.
///
/// @param steps the changes, in order; empty if nothing has to change
public record Plan(List<Step> steps) {
    /// Copies the list.
    public Plan {
        steps = List.copyOf(steps);
    }

    /// The iproute2 commands the plan equals, one for each step.
    ///
    /// @return the command lines
    public List<String> commands() {
        return steps.stream().map(Step::command).toList();
    }

    /// The steps in words, one on each line.
    @Override
    public String toString() {
        return steps.isEmpty()
                ? "nothing to change"
                : steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
    }
}
