package io.ipvlan.internal.engine;

import java.util.List;
import java.util.Set;

/// Failures at every point, on the real kernel: of those operations that need the most of it, or, with
/// `-Dfaults.all=true`, of all.
class FaultIT extends FaultContract {
    private static final Set<String> TRIED = Set.of(
            "create dual",
            "create lan",
            "delete nested",
            "attach to dual",
            "attach to reached lan with rules and routes",
            "detach from reached lan with rules and routes",
            "attach three in three namespaces");

    @Override
    Scene scene() {
        return new Scene(new NetlinkHost());
    }

    @Override
    List<Operation> tried() {
        return Operation.all().stream()
                .filter(operation -> Boolean.getBoolean("faults.all") || TRIED.contains(operation.name()))
                .toList();
    }
}
