package io.ipvlan.internal.kernel;

import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A link of the [InMemoryKernel].
final class MemoryLink {
    /// `MAX_NEST_DEV` in `net/core/dev.c`.
    private static final int MOST_ON_EACH_OTHER = 8;

    final int index;
    final String kind;
    final MemoryNamespace namespace;
    final @Nullable MemoryLink lower;
    final List<IpCidr> addresses = new ArrayList<>();
    final List<String> alternativeNames = new ArrayList<>();
    String name;
    String mac = "";
    String alias = "";
    boolean up = true;
    boolean owned;
    int mtu;
    Optional<NamespaceState.Tag> tag = Optional.empty();

    /// The links that stand on this one, and which of their addresses are taken.
    final Set<MemoryLink> above = new LinkedHashSet<>();

    final Set<IpAddress> taken = new HashSet<>();

    /// Of the children on this link, if there are any.
    Optional<NamespaceState.Port> port = Optional.empty();

    MemoryLink(MemoryNamespace namespace, int index, String name, String kind, @Nullable MemoryLink lower, int mtu) {
        this.namespace = namespace;
        this.index = index;
        this.name = name;
        this.kind = kind;
        this.lower = lower;
        this.mtu = mtu;
        if (lower != null) {
            lower.above.add(this);
        }
    }

    /// Whether as many links stand on each other as the kernel lets.
    boolean carriesNoMore() {
        return depth() >= MOST_ON_EACH_OTHER;
    }

    private int depth() {
        return lower == null ? 1 : lower.depth() + 1;
    }

    NamespaceState.Link state() {
        return new NamespaceState.Link(
                index,
                name,
                alternativeNames,
                alias,
                lower == null ? mac : lower.mac,
                kind.equals("loopback"),
                up,
                mtu,
                owned,
                kind.equals("loopback") ? "" : kind,
                Optional.ofNullable(lower).map(this::reference),
                OptionalInt.empty(),
                tag,
                kind.equals("ipvlan") && lower != null ? lower.port : Optional.empty());
    }

    /// Namespaces know each other by numbers; here by the number they were made with.
    private NamespaceState.Lower reference(MemoryLink other) {
        return new NamespaceState.Lower(
                other.index,
                other.namespace == namespace
                        ? OptionalInt.empty()
                        : OptionalInt.of((int) other.namespace.id().inode()));
    }
}
