package io.ipvlan.internal.preflight;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks at the kernel: its version, and whether it has the kinds of links that are needed. It is only asked
/// for what it has: making a link, even an impossible one, would load modules.
final class KernelCheck {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,5})\\.(\\d{1,5}).*");
    private static final int OLDEST_MAJOR = 4;
    private static final int OLDEST_MINOR = 20;

    private final HostFiles files;
    private final Kinds kinds;
    private final Findings findings;
    private final String release;

    /// Tells of kinds of links.
    interface Kinds {
        /// Whether the running kernel has a kind.
        ///
        /// @param kind its name in the kernel, such as `vlan`
        /// @return empty if it could not be asked
        Optional<Boolean> has(String kind);
    }

    KernelCheck(HostFiles files, Kinds kinds, Findings findings) {
        this.files = files;
        this.kinds = kinds;
        this.findings = findings;
        this.release = files.text("/proc/sys/kernel/osrelease").orElse("");
    }

    void version() {
        Matcher version = VERSION.matcher(release);
        if (!version.matches()) {
            findings.warning(
                    "Linux",
                    "the version is not known: /proc/sys/kernel/osrelease cannot be read, or says '" + release + "'",
                    "mount /proc");
        } else if (isTooOld(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2)))) {
            findings.problem("Linux", release + " is too old", "use Linux 4.20 or later");
        } else {
            findings.ok("Linux", release);
        }
    }

    private static boolean isTooOld(int major, int minor) {
        return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
    }

    /// Looks for a kind of links.
    ///
    /// @param kind its name in the kernel
    /// @param module the module that has it
    /// @param purpose what is not possible without it, in words
    /// @param needed whether nothing is possible without it
    void kind(String kind, String module, String purpose, boolean needed) {
        Optional<Boolean> has = kinds.has(kind);
        if (has.orElseGet(() -> isIn(List.of("/proc/modules"), module + " ") || isBuiltIn(module))) {
            findings.ok(module, "links of kind '" + kind + "' are there");
        } else if (isLoadable(module) && !isFixed()) {
            findings.ok(module, "a module that the kernel loads when the first link of kind '" + kind + "' is made");
        } else if (has.isPresent() && !files.exists("/proc/modules")) {
            missing(kind, module, "this kernel was built without it, and loads no modules", purpose, needed);
        } else if (isFixed()) {
            missing(kind, module, "not loaded, and kernel.modules_disabled is 1", purpose, needed);
        } else if (files.exists(modules() + "modules.dep")) {
            missing(kind, module, "neither loaded nor in " + modules(), purpose, needed);
        } else {
            findings.warning(
                    module,
                    "not loaded, and there is no " + modules() + "modules.dep that says whether it can be; without it "
                            + purpose,
                    load(module));
        }
    }

    private void missing(String kind, String module, String why, String purpose, boolean needed) {
        String what = "links of kind '" + kind + "' are not known: " + why + "; without it " + purpose;
        if (needed) {
            findings.problem(module, what, load(module));
        } else {
            findings.warning(module, what, load(module));
        }
    }

    private static String load(String module) {
        return "modprobe " + module + ", on the host where this is a container; or use a kernel that has it";
    }

    private String modules() {
        return "/lib/modules/" + release + "/";
    }

    private boolean isFixed() {
        return files.text("/proc/sys/kernel/modules_disabled")
                .filter("1"::equals)
                .isPresent();
    }

    /// Lines look like `kernel/drivers/net/ipvlan/ipvlan.ko.xz: ...`.
    private boolean isLoadable(String module) {
        return isIn(List.of(modules() + "modules.dep"), module + ".ko");
    }

    private boolean isBuiltIn(String module) {
        return isIn(List.of(modules() + "modules.builtin"), module + ".ko");
    }

    private boolean isIn(List<String> lists, String start) {
        return lists.stream()
                .flatMap(list -> files.lines(list).stream())
                .map(line -> line.contains(":") ? line.substring(0, line.indexOf(':')) : line)
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .anyMatch(name -> name.startsWith(start));
    }
}
