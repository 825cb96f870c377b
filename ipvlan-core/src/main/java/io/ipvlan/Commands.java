package io.ipvlan;

/// How iproute2 is told which namespace to work in.
final class Commands {
    private Commands() {}

    /// The beginning of an `ip` command that works inside a namespace.
    static String in(Netns netns) {
        return switch (netns) {
            case Netns.OfName(String name) -> "ip -n " + name;
            case Netns.OfPid(long pid) -> "nsenter --net=/proc/" + pid + "/ns/net ip";
            case Netns.OfPath(var path) -> "nsenter --net=" + path + " ip";
        };
    }

    /// The namespace as the argument of `netns`.
    static String netnsArgument(Netns netns) {
        return switch (netns) {
            case Netns.OfName(String name) -> name;
            case Netns.OfPid(long pid) -> Long.toString(pid);
            case Netns.OfPath(var path) -> path.toString();
        };
    }
}
