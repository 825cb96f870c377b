package io.ipvlan.ipam;

import io.ipvlan.ipam.IpamException.NotHeld;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Addresses handed out together that can still be taken back as if they never had been: see
/// [PoolGroup#grant]. For whoever hands out addresses first and finds out then whether they can be used.
public final class GroupGrant {
    private final List<AddressPool.Grant> grants;

    GroupGrant(List<AddressPool.Grant> grants) {
        this.grants = List.copyOf(grants);
    }

    /// The leases.
    ///
    /// @return the leases, in the order of [PoolGroup#allocate(GroupRequest)]
    public List<Lease> leases() {
        List<Lease> leases = new ArrayList<>();
        for (AddressPool.Grant grant : grants) {
            leases.add(grant.lease());
        }
        return List.copyOf(leases);
    }

    /// Takes the addresses back: without cool-down, and with what was known of them and of their owner
    /// before.
    ///
    /// @throws NotHeld if one is not held any more; all others are taken back, and further refusals are
    ///     suppressed in the first
    public void revoke() {
        toEach(grants.reversed(), AddressPool.Grant::revoke);
    }

    /// Does something to each, also behind a failure; the first is thrown, and has further ones suppressed.
    static <T> void toEach(Iterable<T> all, Consumer<T> action) {
        @Nullable Throwable first = null;
        for (T one : all) {
            try {
                action.accept(one);
            } catch (RuntimeException | Error e) {
                if (first == null) {
                    first = e;
                } else if (!first.equals(e)) { // which the JVM refuses to suppress in itself
                    first.addSuppressed(e);
                }
            }
        }
        switch (first) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
    }
}
