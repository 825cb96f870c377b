package io.ipvlan.internal.engine;

import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.PortUse;
import io.ipvlan.internal.store.ParentLink;
import io.ipvlan.ip.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which network uses which parent, and how. One for the whole program: what one engine does to a parent
/// happens to the networks of another. Checking and claiming are one step here, so that of two networks that
/// cannot share a parent only one gets it.
final class Ports {
    private static final Set<Claim> CLAIMS = new LinkedHashSet<>();

    /// The same by their ports.
    private static final Map<Port, List<Claim>> BY_PORT = new HashMap<>();

    private Ports() {}

    /// A parent: a link, whatever its name.
    ///
    /// @param namespace the namespace it is in
    /// @param index its index there
    record Port(NamespaceId namespace, int index) {
        static Port of(ParentLink parent) {
            return new Port(parent.namespace(), parent.index());
        }

        /// Each attach asks, and that of a record is slow before it is compiled.
        @Override
        public int hashCode() {
            return 31 * index + Long.hashCode(namespace.inode());
        }
    }

    /// What a network claims: known by itself, since two engines may have networks of one name.
    static final class Claim {
        private final PortUse use;
        private Optional<Port> port;

        private Claim(PortUse use, Optional<Port> port) {
            this.use = use;
            this.port = port;
        }
    }

    /// Claims a parent.
    ///
    /// @param check looks at the other uses of the parent, and throws if it cannot be shared with them
    static Claim claim(Port port, PortUse use, Consumer<Collection<PortUse>> check) {
        synchronized (CLAIMS) {
            check.accept(others(null, port));
            Claim claim = new Claim(use, Optional.of(port));
            add(claim);
            return claim;
        }
    }

    /// Claims for a network whose parent is missing: its subnets are taken all the same.
    static Claim claimNowhere(PortUse use) {
        synchronized (CLAIMS) {
            Claim claim = new Claim(use, Optional.empty());
            add(claim);
            return claim;
        }
    }

    /// Moves a claim to another parent, unless it is there: the network's was deleted and made again.
    static void move(Claim claim, Port port, Consumer<Collection<PortUse>> check) {
        synchronized (CLAIMS) {
            check.accept(others(claim, port));
            if (claim.port.equals(Optional.of(port))) {
                return;
            }
            boolean held = remove(claim);
            claim.port = Optional.of(port);
            if (held) {
                add(claim);
            }
        }
    }

    /// Checks as [#claim] does, and claims nothing.
    static void check(Port port, Consumer<Collection<PortUse>> check) {
        check(null, port, check);
    }

    /// Checks whether a network with a claim could have it of this parent.
    static void check(@Nullable Claim own, Port port, Consumer<Collection<PortUse>> check) {
        synchronized (CLAIMS) {
            check.accept(others(own, port));
        }
    }

    static void release(Claim claim) {
        synchronized (CLAIMS) {
            remove(claim);
        }
    }

    private static void add(Claim claim) {
        CLAIMS.add(claim);
        claim.port.ifPresent(
                port -> BY_PORT.computeIfAbsent(port, _ -> new ArrayList<>()).add(claim));
    }

    private static boolean remove(Claim claim) {
        claim.port.ifPresent(port -> BY_PORT.computeIfPresent(port, (_, claims) -> {
            claims.remove(claim);
            return claims.isEmpty() ? null : claims;
        }));
        return CLAIMS.remove(claim);
    }

    /// The networks on a link, but for one.
    static List<String> sharers(Claim own, Port port) {
        synchronized (CLAIMS) {
            return others(own, port).stream().map(PortUse::network).toList();
        }
    }

    private static List<PortUse> others(@Nullable Claim own, Port port) {
        List<PortUse> others = new ArrayList<>();
        for (Claim claim : BY_PORT.getOrDefault(port, List.of())) {
            if (claim != own) {
                others.add(claim.use);
            }
        }
        return others;
    }

    /// The prefixes of all networks.
    static List<IpPrefix> subnets() {
        synchronized (CLAIMS) {
            return CLAIMS.stream()
                    .flatMap(claim -> claim.use.subnets().stream())
                    .toList();
        }
    }
}
