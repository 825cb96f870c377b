package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.IpamException.AddressInUse;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.AddressOutsidePool.Reason;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The addresses of one subnet, with who holds which.
///
/// Handing out and taking back cost the logarithm of the number of leases, whatever the size of the subnet,
/// be it a /0 or an IPv6 /64, and however scattered its leases. The state lives in memory only: to restore
/// it, allocate each known address again on request. Safe for use by several threads; no method waits for
/// anything but another call's end.
public final class AddressPool {
    private final Subnet subnet;
    private final FreeAddresses automatic;
    private final NavigableMap<IpAddress, Lease> leases = new TreeMap<>();
    private final Set<IpAddress> withheld = new HashSet<>();

    private AddressPool(Subnet subnet) {
        this.subnet = subnet;
        this.automatic = new FreeAddresses(subnet.automatic());
        subnet.gateway().ifPresent(automatic::take);
        subnet.reserved().forEach(automatic::take);
    }

    /// A pool with no address handed out yet.
    ///
    /// @param subnet the subnet; its gateway is never handed out, and if it has none yet, a gateway chosen
    /// later must be kept back with [#withhold(IpAddress)]
    /// @return a new pool that knows nothing of other pools of the same subnet
    public static AddressPool of(Subnet subnet) {
        return new AddressPool(subnet);
    }

    /// The subnet this pool hands out.
    ///
    /// @return the subnet as given
    public Subnet subnet() {
        return subnet;
    }

    /// Hands out the lowest free address: usable, in the range of the subnet if it has one, and neither the
    /// gateway nor reserved nor withheld. A released address is thus handed out again at once.
    ///
    /// @param owner who is to hold it; one owner may hold several addresses
    /// @return the lease
    /// @throws PoolExhausted if there is none; nothing has changed
    /// @throws IllegalArgumentException if the owner is blank
    public synchronized Lease allocate(String owner) {
        return lease(preview(owner).address(), owner);
    }

    /// What [#allocate(String)] would hand out now. Changes nothing, and holds nothing back: the next caller may get
    /// it.
    ///
    /// @param owner who would hold it
    /// @return the address with the prefix length of the subnet
    /// @throws PoolExhausted if there is none
    public synchronized IpCidr preview(String owner) {
        return cidr(automatic
                .lowest()
                .orElseThrow(() -> PoolExhausted.of(
                        subnet, owner, leases.size(), subnet.reserved().size() + withheld.size())));
    }

    /// Hands out a certain address: any usable one of the subnet, outside its range too, and a reserved one
    /// too, since a reservation only keeps it from being handed out without being asked for.
    ///
    /// @param requested the address
    /// @param owner who is to hold it; one owner may hold several addresses
    /// @return the lease
    /// @throws AddressInUse if the address is held already, even by the same owner; nothing has changed
    /// @throws AddressOutsidePool if the address is never handed out: it lies outside the subnet, is not
    /// usable, is the gateway or is withheld; nothing has changed
    /// @throws IllegalArgumentException if the owner is blank
    public synchronized Lease allocate(IpAddress requested, String owner) {
        return lease(preview(requested, owner).address(), owner);
    }

    /// What [#allocate(IpAddress, String)] would hand out now. Changes nothing, and holds nothing back.
    ///
    /// @param requested the address
    /// @param owner who would hold it
    /// @return the address with the prefix length of the subnet
    /// @throws AddressInUse if the address is held already
    /// @throws AddressOutsidePool if the address is never handed out
    public synchronized IpCidr preview(IpAddress requested, String owner) {
        Optional<Reason> reason = refusal(requested);
        if (reason.isPresent()) {
            throw new AddressOutsidePool(subnet.prefix(), requested, owner, reason.get());
        }
        Lease held = leases.get(requested);
        if (held != null) {
            throw new AddressInUse(subnet.prefix(), requested, held.owner(), owner);
        }
        return cidr(requested);
    }

    private IpCidr cidr(IpAddress address) {
        return IpCidr.of(address, subnet.prefix().length());
    }

    private Lease lease(IpAddress address, String owner) {
        Lease lease = new Lease(cidr(address), owner);
        automatic.take(address);
        leases.put(address, lease);
        return lease;
    }

    private Optional<Reason> refusal(IpAddress address) {
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
        if (subnet.gateway().filter(address::equals).isPresent()) {
            return Optional.of(Reason.GATEWAY);
        }
        return withheld.contains(address) ? Optional.of(Reason.WITHHELD) : Optional.empty();
    }

    /// Takes an address back; from then on it is free.
    ///
    /// @param lease exactly the lease held: same address, same owner
    /// @throws NotHeld if it is not: released before, held by another owner, or never handed out here;
    /// nothing has changed
    public synchronized void release(Lease lease) {
        IpAddress address = lease.address().address();
        Lease held = leases.get(address);
        if (!lease.equals(held)) {
            throw NotHeld.of(subnet.prefix(), lease, held);
        }
        leases.remove(address);
        if (!subnet.reserved().contains(address)) {
            automatic.giveBack(address);
        }
    }

    /// Keeps one more address from being handed out at all, not even on request, for the life of this pool:
    /// the host's own address on the segment, or a gateway found out later.
    ///
    /// @param address any address; for one this pool never hands out anyway there is nothing to do
    /// @return true if the address could have been handed out before
    /// @throws AddressInUse if it is handed out already; nothing has changed
    public synchronized boolean withhold(IpAddress address) {
        Lease held = leases.get(address);
        if (held != null) {
            throw new AddressInUse(subnet.prefix(), address, held.owner());
        }
        if (refusal(address).isPresent()) {
            return false;
        }
        automatic.take(address);
        return withheld.add(address);
    }

    /// All leases.
    ///
    /// @return a snapshot in address order that no later call changes; it costs as much time and memory as
    /// there are leases
    public synchronized List<Lease> leases() {
        return List.copyOf(leases.values());
    }

    /// How many addresses [#allocate(String)] could still hand out.
    ///
    /// @return the number of free addresses; [Long#MAX_VALUE] also for every larger number
    public synchronized long free() {
        return automatic.count();
    }
}
