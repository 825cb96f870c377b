package io.ipvlan.internal.engine;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Netns;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ipam.Strategy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Everything that an operation may change, a line for each thing. Without what differs between two runs that
/// do the same: indexes of links, for which there are names, and moments.
///
/// @param kernel what is in the kernel
/// @param kept what the store and the engine keep in mind, and what the process holds open
record Picture(SortedSet<String> kernel, SortedSet<String> kept) {
    /// Link-local addresses and their routes come a while after their link.
    private static final String TRANSIENT = "fe80:";

    private static final String UNSTEADY =
            "(?m)^(since|link\\.index|host\\.index|netns\\.(?:name|path)|.*\\.(?:inode|device))=.*$";

    private static final Pattern COOKIE = Pattern.compile("(?m)^(.*\\.cookie=)(\\d+)$");

    /// Which links a removal that failed would have removed, for the next.
    private static final String PASSING = "(?m)^making\\..*\\R";

    static Picture of(Scene scene) {
        SortedSet<String> kernel = new TreeSet<>();
        Map<NamespaceId, String> names = new HashMap<>();
        try (Kernel.Namespace host = scene.witness().open(Optional.empty())) {
            NamespaceState home = host.observe();
            names.put(host.id(), "host");
            add(kernel, "host", home, home);
            for (int place = 0; place < Scene.PLACES; place++) {
                try (Kernel.Namespace inside = scene.witness().open(Optional.of(scene.place(place)))) {
                    names.put(inside.id(), "place " + place);
                    add(kernel, "place " + place, inside.observe(), home);
                }
            }
        }
        // In all namespaces there are.
        for (Kernel.Marked marked : scene.witness().marked()) {
            String link = names.getOrDefault(marked.namespace(), "elsewhere") + ": "
                    + marked.link().name();
            kernel.add(link + " is ours");
            if (!marked.alias().isEmpty()) {
                kernel.add(link + " says it is of " + marked.alias());
            }
        }
        return new Picture(kernel, kept(scene, names));
    }

    private static void add(SortedSet<String> lines, String where, NamespaceState state, NamespaceState home) {
        Map<Integer, String> names = new HashMap<>();
        state.links().forEach(link -> names.put(link.index(), link.name()));
        for (NamespaceState.Link link : state.links()) {
            String lower = link.lower()
                    .flatMap(below -> (below.namespace().isEmpty() ? state : home).link(below.index()))
                    .map(below -> " on " + below.name())
                    .orElse("");
            lines.add(where + ": link " + link.name() + link.alternativeNames() + " " + link.kind() + lower + " mtu "
                    + link.mtu() + " " + link.tag() + link.port());
            if (link.up()) {
                lines.add(where + ": " + link.name() + " is up");
            }
        }
        state.addresses()
                .forEach(address -> lines.add(where + ": " + names.get(address.link()) + " has " + address.address()));
        state.routes()
                .forEach(route -> lines.add(where + ": route " + route.destination() + " " + route.gateway() + " by "
                        + names.get(route.device()) + " metric " + route.metric() + " table "
                        + table(route.table()) + (route.owned() ? " ours" : "")));
        state.rules().forEach(rule -> lines.add(where + ": rule " + rule.from() + " table " + table(rule.table())));
        lines.removeIf(line -> line.contains(TRANSIENT));
    }

    /// That of an endpoint with source rules has the number of its link.
    private static String table(int table) {
        return table < 1 << 20 ? Integer.toString(table) : "of an endpoint";
    }

    /// The number of a namespace is another for each that is put in the place of one that died.
    private static String named(String text, Map<NamespaceId, String> names) {
        return COOKIE.matcher(text)
                .replaceAll(found -> found.group(1)
                        + names.entrySet().stream()
                                .filter(known ->
                                        Long.toString(known.getKey().cookie()).equals(found.group(2)))
                                .map(Map.Entry::getValue)
                                .findFirst()
                                .orElse("of one that is gone"));
    }

    private static SortedSet<String> kept(Scene scene, Map<NamespaceId, String> names) {
        SortedSet<String> lines = new TreeSet<>();
        scene.store.texts().load().forEach((key, text) -> {
            if (!key.equals(Restoration.HOST)) {
                lines.add("store: " + key + "\n"
                        + named(text, names).replaceAll(UNSTEADY, "$1=").replaceAll(PASSING, ""));
            }
        });
        for (ActiveNetwork network : scene.engine().networks()) {
            String name = network.name();
            lines.add(name + " with "
                    + network.endpoints().stream().map(Endpoint::id).toList());
            boolean rests = network.description().coolDown().isPositive(); // and so does what was taken back
            if (!rests) {
                lines.add(name + " uses " + network.inspect().usage());
            }
            if (!rests && network.description().strategy() == Strategy.LOWEST) { // others forget their place
                lines.add(name + " gives next " + next(network));
            }
        }
        lines.addAll(scene.more());
        return lines;
    }

    private static String next(ActiveNetwork network) {
        return ((Network) network)
                .addresses()
                .preview(EndpointSpec.in(Netns.ofName("nobody")), "nobody")
                .toString();
    }

    /// Whether an operation that leads from one picture to another could be on its way there.
    boolean isBetween(Picture before, Picture after) {
        SortedSet<String> both = new TreeSet<>(before.kernel);
        both.retainAll(after.kernel);
        SortedSet<String> either = new TreeSet<>(before.kernel);
        either.addAll(after.kernel);
        return kernel.containsAll(both) && either.containsAll(kernel);
    }

    /// What differs from another, in words.
    String differsFrom(Picture other) {
        return "added " + less(this, other) + "\nmissing " + less(other, this);
    }

    private static SortedSet<String> less(Picture one, Picture other) {
        SortedSet<String> rest = new TreeSet<>(one.kernel);
        rest.addAll(one.kept);
        rest.removeAll(other.kernel);
        rest.removeAll(other.kept);
        return rest;
    }
}
