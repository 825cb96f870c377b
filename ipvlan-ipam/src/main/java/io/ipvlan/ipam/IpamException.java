package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import java.io.Serial;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An address or a subnet cannot be handed out or taken back. Sealed: a `switch` over it needs no default.
/// Whoever refused has changed nothing. The message says all that the parts do.
public abstract sealed class IpamException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 2;

    private final String pool;
    private final @Nullable IpAddress address;
    private final @Nullable String owner;
    private final String reason;

    private IpamException(
            String message, String pool, @Nullable IpAddress address, @Nullable String owner, String reason) {
        super(message + ": " + reason);
        this.pool = pool;
        this.address = address;
        this.owner = owner;
        this.reason = reason;
    }

    /// What refused.
    ///
    /// @return the prefix of a subnet, or default pools or an overlap domain in words
    public String pool() {
        return pool;
    }

    /// Which address was refused.
    ///
    /// @return the address; empty if none in particular was asked for, or a subnet
    public Optional<IpAddress> address() {
        return Optional.ofNullable(address);
    }

    /// Who was refused.
    ///
    /// @return the owner that asked; empty if nobody was named
    public Optional<String> owner() {
        return Optional.ofNullable(owner);
    }

    /// Why.
    ///
    /// @return the last part of the message
    public String reason() {
        return reason;
    }

    private static String forOwner(@Nullable String owner) {
        return owner == null || owner.isEmpty() ? "" : " for '" + owner + "'";
    }

    private static String byOwner(@Nullable String owner) {
        return owner == null || owner.isEmpty() ? "" : " by '" + owner + "'";
    }

    static String heldBy(String holder) {
        return holder.isEmpty() ? "it is held by nobody in particular" : "it is held by '" + holder + "'";
    }

    /// Nothing is free that could be handed out.
    public static final class PoolExhausted extends IpamException {
        @Serial
        private static final long serialVersionUID = 2;

        private final transient @Nullable PoolUsage usage;

        PoolExhausted(Subnet subnet, @Nullable String owner, PoolUsage usage) {
            super(
                    "no free address" + forOwner(owner) + " in subnet " + subnet.prefix()
                            + (subnet.ranges().isEmpty() ? "" : " in ranges " + subnet.ranges()),
                    subnet.prefix().toString(),
                    null,
                    owner,
                    usage.toString());
            this.usage = usage;
        }

        PoolExhausted(String what, String pool, @Nullable String owner, String reason) {
            super("no free " + what + forOwner(owner), pool, null, owner, reason);
            this.usage = null;
        }

        /// How the addresses of the pool are used.
        ///
        /// @return the usage at the time of the refusal; empty if a subnet or block was wanted, and after
        /// serialization
        public Optional<PoolUsage> usage() {
            return Optional.ofNullable(usage);
        }
    }

    /// The address is held by somebody.
    public static final class AddressInUse extends IpamException {
        @Serial
        private static final long serialVersionUID = 2;

        private final String holder;

        AddressInUse(IpPrefix subnet, IpAddress address, String wish, @Nullable String owner, String holder) {
            super(
                    "address " + address + " of subnet " + subnet + " " + wish + forOwner(owner),
                    subnet.toString(),
                    address,
                    owner,
                    heldBy(holder));
            this.holder = holder;
        }

        /// Who holds it.
        ///
        /// @return the owner named in the lease; empty text for a lease without one
        public String holder() {
            return holder;
        }
    }

    /// The address rests: nobody holds it, but it is kept back for a while.
    public static final class AddressResting extends IpamException {
        @Serial
        private static final long serialVersionUID = 1;

        private final Instant until;
        private final boolean quarantined;

        AddressResting(IpPrefix subnet, IpAddress address, String owner, boolean quarantined, Instant until) {
            super(
                    "address " + address + " of subnet " + subnet + " is not free" + forOwner(owner),
                    subnet.toString(),
                    address,
                    owner,
                    (quarantined
                                    ? "a stranger was seen to use it, so it is in quarantine until "
                                    : "it was released a moment ago and cools down until ")
                            + until);
            this.until = until;
            this.quarantined = quarantined;
        }

        /// When it may be had again.
        ///
        /// @return a time of the pool's clock
        public Instant until() {
            return until;
        }

        /// Why it rests.
        ///
        /// @return true for a quarantine, false for a cool-down
        public boolean isQuarantined() {
            return quarantined;
        }
    }

    /// The address is never handed out by this pool, whoever asks.
    public static final class AddressOutsidePool extends IpamException {
        @Serial
        private static final long serialVersionUID = 2;

        private final Reason why;

        AddressOutsidePool(IpPrefix subnet, IpAddress address, @Nullable String owner, Reason why) {
            super(
                    "address " + address + " cannot be handed out" + (owner == null ? "" : " to '" + owner + "'"),
                    subnet.toString(),
                    address,
                    owner,
                    "it " + why.words + " subnet " + subnet);
            this.why = why;
        }

        AddressOutsidePool(String subnets, IpAddress address, String owner) {
            super(
                    "address " + address + " cannot be handed out to '" + owner + "'",
                    subnets,
                    address,
                    owner,
                    "it lies outside every one of the subnets " + subnets);
            this.why = Reason.OUTSIDE_SUBNET;
        }

        /// Why it is never handed out.
        ///
        /// @return the reason
        public Reason why() {
            return why;
        }

        /// Why an address is never handed out.
        public enum Reason {
            /// It lies outside the subnet, or is of the other family.
            OUTSIDE_SUBNET("lies outside"),
            /// It is the first address of an IPv4 prefix shorter than /31.
            NETWORK_ADDRESS("is the network address of"),
            /// It is the last address of an IPv4 prefix shorter than /31.
            BROADCAST_ADDRESS("is the broadcast address of"),
            /// It is the first address of an IPv6 prefix shorter than /127 (RFC 4291, 2.6.1).
            SUBNET_ROUTER_ANYCAST("is the subnet-router anycast address of"),
            /// It is the gateway.
            GATEWAY("is the gateway of"),
            /// It lies in an excluded range: see [Subnet#withExcluded(io.ipvlan.ip.IpRange...)].
            EXCLUDED("is excluded from"),
            /// It was kept back with [AddressPool#withhold(IpAddress)].
            WITHHELD("is withheld from");

            private final String words;

            Reason(String words) {
                this.words = words;
            }

            String words() {
                return words;
            }
        }
    }

    /// What is given back, committed, labelled or handed over is not held so: it was released before, it
    /// lapsed, somebody else holds it, or it was never handed out.
    public static final class NotHeld extends IpamException {
        @Serial
        private static final long serialVersionUID = 2;

        private final @Nullable String holder;

        NotHeld(IpPrefix subnet, Lease lease, String wish, @Nullable String holder, String reason) {
            super(
                    "address " + lease.address() + " cannot be " + wish + byOwner(lease.owner()) + " in subnet "
                            + subnet,
                    subnet.toString(),
                    lease.address().address(),
                    lease.owner(),
                    reason);
            this.holder = holder;
        }

        NotHeld(String what, String pool, @Nullable String owner, @Nullable String holder) {
            super(
                    what + " cannot be released" + byOwner(owner),
                    pool,
                    null,
                    owner,
                    holder == null ? "nobody holds it" : heldBy(holder));
            this.holder = holder;
        }

        /// Who holds it in truth.
        ///
        /// @return the owner of the current lease; empty if there is none
        public Optional<String> holder() {
            return Optional.ofNullable(holder);
        }
    }

    /// A subnet cannot be taken, because it has addresses of another one in the same domain.
    public static final class SubnetOverlap extends IpamException {
        @Serial
        private static final long serialVersionUID = 1;

        private final IpPrefix subnet;
        private final IpPrefix taken;

        SubnetOverlap(String domain, IpPrefix subnet, IpPrefix taken) {
            super(
                    "subnet " + subnet + " cannot be taken",
                    domain,
                    null,
                    null,
                    "it overlaps " + taken + ", which is taken in domain '" + domain + "'");
            this.subnet = subnet;
            this.taken = taken;
        }

        /// What was wanted.
        ///
        /// @return the subnet refused
        public IpPrefix subnet() {
            return subnet;
        }

        /// What is in its way.
        ///
        /// @return a subnet of the domain that has addresses in common with it
        public IpPrefix taken() {
            return taken;
        }
    }

    /// A block cannot be returned, because addresses of it are held or rest.
    public static final class BlockInUse extends IpamException {
        @Serial
        private static final long serialVersionUID = 1;

        BlockInUse(IpPrefix pool, IpPrefix block, String host, PoolUsage usage) {
            super(
                    "block " + block + " of subnet " + pool + " cannot be returned" + byOwner(host),
                    pool.toString(),
                    null,
                    host,
                    usage.held() + " of its addresses are held, " + usage.cooling() + " cool down, "
                            + usage.quarantined() + " are in quarantine");
        }
    }

    /// A snapshot cannot be restored: it is damaged, or says what cannot be.
    public static final class BadSnapshot extends IpamException {
        @Serial
        private static final long serialVersionUID = 1;

        BadSnapshot(String pool, String reason) {
            super("snapshot" + (pool.isEmpty() ? "" : " of subnet " + pool) + " refused", pool, null, null, reason);
        }
    }
}
