package io.ipvlan.internal.preflight;

import io.ipvlan.Finding;
import io.ipvlan.Finding.Severity;
import java.util.ArrayList;
import java.util.List;

/// Collects findings. For one thread.
final class Findings {
    private final List<Finding> all = new ArrayList<>();

    void ok(String subject, String what) {
        all.add(new Finding(Severity.OK, subject, what, ""));
    }

    void warning(String subject, String what, String remedy) {
        all.add(new Finding(Severity.WARNING, subject, what, remedy));
    }

    void problem(String subject, String what, String remedy) {
        all.add(new Finding(Severity.PROBLEM, subject, what, remedy));
    }

    List<Finding> all() {
        return List.copyOf(all);
    }
}
