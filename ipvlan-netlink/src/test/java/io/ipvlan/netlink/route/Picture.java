package io.ipvlan.netlink.route;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// What a watch has told, kept as [RouteEvent] says that one should.
final class Picture {
    private record Key(OptionalInt namespaceId, Object identity) {}

    private final Map<Key, RouteObject> objects = new LinkedHashMap<>();
    private boolean whole;
    private int gaps;

    void follow(RouteEvent event) {
        switch (event) {
            case RouteEvent.Listing listing -> {
                objects.clear();
                whole = false;
                gaps += listing.afterGap() ? 1 : 0;
            }
            case RouteEvent.Present present ->
                objects.put(new Key(present.namespaceId(), present.object().identity()), present.object());
            case RouteEvent.Gone gone -> {
                objects.remove(new Key(gone.namespaceId(), gone.object().identity()));
                if (gone.object() instanceof NamespaceIdMessage namespace) {
                    objects.keySet().removeIf(key -> key.namespaceId.equals(OptionalInt.of(namespace.id())));
                }
            }
            case RouteEvent.Complete _ -> whole = true;
        }
    }

    boolean isWhole() {
        return whole;
    }

    int gaps() {
        return gaps;
    }

    /// What there is of a sort in the watched namespace, by its identity.
    <T extends RouteObject> Map<Object, T> of(Class<T> sort) {
        return of(sort, OptionalInt.empty());
    }

    /// What there is of a sort in a namespace.
    <T extends RouteObject> Map<Object, T> of(Class<T> sort, OptionalInt namespaceId) {
        Map<Object, T> found = new HashMap<>();
        objects.forEach((key, object) -> {
            if (key.namespaceId.equals(namespaceId) && sort.isInstance(object)) {
                found.put(key.identity, sort.cast(object));
            }
        });
        return found;
    }

    /// What a listing shows, as the same.
    static <T extends RouteObject> Map<Object, T> of(List<T> listed) {
        Map<Object, T> found = new HashMap<>();
        listed.forEach(object -> found.put(object.identity(), object));
        return found;
    }
}
