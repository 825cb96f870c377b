package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.IpamException.AddressOutsidePool.Reason;
import io.ipvlan.ipam.IpamException.NotHeld;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Why something is refused.
final class Reasons {
    private Reasons() {}

    /// Why an address is never handed out; empty if it may be.
    static Optional<Reason> never(Subnet subnet, Set<IpAddress> withheld, IpAddress address) {
        if (!subnet.prefix().contains(address)) {
            return Optional.of(Reason.OUTSIDE_SUBNET);
        }
        if (!subnet.isUsable(address)) {
            if (subnet.family() == IpFamily.IPV6) {
                return Optional.of(Reason.SUBNET_ROUTER_ANYCAST);
            }
            boolean lowest = address.equals(subnet.prefix().first());
            return Optional.of(lowest ? Reason.NETWORK_ADDRESS : Reason.BROADCAST_ADDRESS);
        }
        if (subnet.gateway().isPresent() && subnet.gateway().get().equals(address)) {
            return Optional.of(Reason.GATEWAY);
        }
        for (IpRange range : subnet.excluded()) {
            if (range.contains(address)) {
                return Optional.of(Reason.EXCLUDED);
            }
        }
        return withheld.contains(address) ? Optional.of(Reason.WITHHELD) : Optional.empty();
    }

    /// The refusal of a lease that is not held.
    ///
    /// @param entry what is known of its address
    static NotHeld notHeld(Ledger ledger, Lease lease, String wish, @Nullable Entry entry) {
        IpPrefix prefix = ledger.subnet.prefix();
        if (entry != null && entry.isLease()) {
            return new NotHeld(prefix, lease, wish, entry.owner().toString(), heldOtherwise(prefix, lease, entry));
        }
        IpAddress address = lease.ip();
        if (entry == null && prefix.contains(address) && ledger.isAnonymous(address)) {
            return new NotHeld(prefix, lease, wish, "", IpamException.heldBy(""));
        }
        return new NotHeld(prefix, lease, wish, null, unheld(ledger, lease, entry));
    }

    private static String heldOtherwise(IpPrefix prefix, Lease lease, Entry entry) {
        if (!entry.owner().toString().equals(lease.owner())) {
            return IpamException.heldBy(entry.owner().toString());
        }
        return lease.length() != prefix.length()
                ? "it is held as " + lease.ip() + "/" + prefix.length()
                : "this lease ended, and '" + entry.owner() + "' holds it anew since " + Times.instant(entry.since());
    }

    private static String unheld(Ledger ledger, Lease lease, @Nullable Entry entry) {
        IpAddress address = lease.ip();
        Optional<Reason> never = never(ledger.subnet, ledger.notes().withheld, address);
        if (never.isPresent()) {
            return "nobody holds it, for it " + never.get().words() + " the subnet";
        }
        Optional<Instant> deadline = lease.deadline();
        if (deadline.isPresent() && Times.exactNanos(deadline.get()) <= ledger.now()) {
            return "its reservation lapsed at " + deadline.get();
        }
        if (entry != null && entry.state() == Entry.State.QUARANTINED) {
            return "nobody holds it: it is in quarantine";
        }
        if (entry != null && entry.owner().toString().equals(lease.owner())) {
            return "nobody holds it: it was released before";
        }
        return ledger.subnet.reserved().containsKey(address) ? "nobody holds it: it is reserved" : "nobody holds it";
    }
}
