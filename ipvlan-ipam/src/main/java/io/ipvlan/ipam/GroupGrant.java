package io.ipvlan.ipam;

import io.ipvlan.ipam.IpamException.NotHeld;
import java.util.List;

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
        return grants.stream().map(AddressPool.Grant::lease).toList();
    }

    /// Takes the addresses back: without cool-down, and with what was known of them and of their owner
    /// before.
    ///
    /// @throws NotHeld if one is not held any more; all others are taken back, and further refusals are
    ///     suppressed in the first
    public void revoke() {
        NotHeld refused = null;
        for (AddressPool.Grant grant : grants.reversed()) {
            try {
                grant.revoke();
            } catch (NotHeld e) {
                if (refused == null) {
                    refused = e;
                } else {
                    refused.addSuppressed(e);
                }
            }
        }
        if (refused != null) {
            throw refused;
        }
    }
}
