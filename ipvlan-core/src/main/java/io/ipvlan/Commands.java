package io.ipvlan;

import java.util.Optional;
import java.util.regex.Pattern;

/// How a shell is told to work in a namespace.
final class Commands {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@+-]+");

    private Commands() {}

    /// The beginning of an `ip` command that works in a namespace.
    static String ip(Optional<Netns> netns) {
        return netns.map(where ->
                        where instanceof Netns.OfName(String name) ? "ip -n " + quote(name) : enter(where) + "ip")
                .orElse("ip");
    }

    /// What stands before any other command that works in a namespace.
    static String in(Optional<Netns> netns) {
        return netns.map(Commands::enter).orElse("");
    }

    private static String enter(Netns netns) {
        return switch (netns) {
            case Netns.OfName(String name) -> "ip netns exec " + quote(name) + " ";
            case Netns.OfPid _, Netns.OfPath _, Netns.OfDescriptor _ -> "nsenter --net=" + file(netns) + " ";
        };
    }

    /// The namespace as the argument of `netns`.
    static String netnsArgument(Netns netns) {
        return switch (netns) {
            case Netns.OfName(String name) -> quote(name);
            case Netns.OfPid(long pid) -> Long.toString(pid);
            case Netns.OfPath _, Netns.OfDescriptor _ -> file(netns);
        };
    }

    private static String file(Netns netns) {
        return switch (netns) {
            case Netns.OfName(String name) -> quote("/run/netns/" + name);
            case Netns.OfPid(long pid) -> "/proc/" + pid + "/ns/net";
            case Netns.OfPath(var path) -> quote(path.toString());
            case Netns.OfDescriptor(int descriptor) ->
                "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
        };
    }

    /// A name as a shell takes it for one word, whatever is in it.
    static String quote(String name) {
        return PLAIN.matcher(name).matches() ? name : "'" + name.replace("'", "'\\''") + "'";
    }
}
