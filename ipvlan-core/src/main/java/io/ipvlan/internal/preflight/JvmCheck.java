package io.ipvlan.internal.preflight;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Looks at the JVM: where it runs, and whether it may call native code.
final class JvmCheck {
    /// As `os.arch` names them. All pass integer arguments in registers, which the binding relies on.
    private static final Set<String> PROCESSORS = Set.of("amd64", "x86_64", "aarch64", "riscv64");

    private static final String ALLOW = "start the JVM with --enable-native-access=ALL-UNNAMED, or on the module path"
            + " with --enable-native-access=io.ipvlan.netlink";

    private JvmCheck() {}

    /// @param system `os.name`
    /// @param processor `os.arch`
    /// @param allowed whether native access was enabled
    /// @param refusal why no socket could be opened for want of native access; empty if that was not the reason
    static void run(String system, String processor, boolean allowed, Optional<String> refusal, Findings findings) {
        if (!system.equalsIgnoreCase("linux")) {
            findings.problem("system", system + ": ipvlan is a part of the Linux kernel", "run it on Linux");
        }
        if (PROCESSORS.contains(processor.toLowerCase(Locale.ROOT))) {
            findings.ok("processor", processor);
        } else {
            findings.problem(
                    "processor",
                    processor + " is none that the netlink binding can call Linux on",
                    "run it on one of " + PROCESSORS.stream().sorted().toList());
        }
        if (refusal.isPresent()) {
            findings.problem("native access", refusal.get(), ALLOW);
        } else if (allowed) {
            findings.ok("native access", "enabled");
        } else {
            findings.warning(
                    "native access", "not enabled: this Java prints a warning, a later one will refuse", ALLOW);
        }
    }
}
