package io.ipvlan.internal.store;

import io.ipvlan.Netns;
import io.ipvlan.internal.kernel.NamespaceId;
import java.util.Optional;

/// A network's parent, as it was last seen.
///
/// @param netns the namespace it is in; empty for the engine's own
/// @param namespace that namespace's identity
/// @param name its name; for people
/// @param index its index, which is what counts
/// @param owned whether it is the library's own
public record ParentLink(Optional<Netns> netns, NamespaceId namespace, String name, int index, boolean owned) {}
