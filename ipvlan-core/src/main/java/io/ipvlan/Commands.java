package io.ipvlan;

import java.util.regex.Pattern;

/// How iproute2 is told which namespace to work in.
final class Commands {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@+-]+");

    private Commands() {}

    /// The beginning of an `ip` command that works inside a namespace.
    static String in(Netns netns) {
        return switch (netns) {
            case Netns.OfName(String name) -> "ip -n " + quote(name);
            case Netns.OfPid(long pid) -> "nsenter --net=/proc/" + pid + "/ns/net ip";
            case Netns.OfPath(var path) -> "nsenter --net=" + quote(path.toString()) + " ip";
        };
    }

    /// The namespace as the argument of `netns`.
    static String netnsArgument(Netns netns) {
        return switch (netns) {
            case Netns.OfName(String name) -> quote(name);
            case Netns.OfPid(long pid) -> Long.toString(pid);
            case Netns.OfPath(var path) -> quote(path.toString());
        };
    }

    /// A name as a shell takes it for one word, whatever is in it.
    static String quote(String name) {
        return PLAIN.matcher(name).matches() ? name : "'" + name.replace("'", "'\\''") + "'";
    }
}
