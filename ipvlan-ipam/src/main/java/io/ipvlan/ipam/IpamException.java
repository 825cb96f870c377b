package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import java.io.Serial;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An address or a subnet cannot be handed out or taken back. Sealed: a `switch` over it needs no default.
/// Whoever refused has changed nothing.
public abstract sealed class IpamException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private IpamException(String message) {
        super(message);
    }

    /// Nothing is free that could be handed out.
    public static final class PoolExhausted extends IpamException {
        @Serial
        private static final long serialVersionUID = 1;

        private final int held;
        private final int reserved;

        private PoolExhausted(String message, int held, int reserved) {
            super(message);
            this.held = held;
            this.reserved = reserved;
        }

        static PoolExhausted of(Subnet subnet, String owner, int held, int reserved) {
            String within = subnet.range().map(range -> " in range " + range).orElse("");
            return new PoolExhausted(
                    "no free address for '%s' in subnet %s%s: %d held, %d reserved"
                            .formatted(owner, subnet.prefix(), within, held, reserved),
                    held,
                    reserved);
        }

        static PoolExhausted of(IpFamily family, List<SubnetAllocator.Pool> pools, int held, int avoided) {
            String name = family == IpFamily.IPV4 ? "IPv4" : "IPv6";
            return new PoolExhausted(
                    pools.isEmpty()
                            ? "no free %s subnet: there is no default pool of that family".formatted(name)
                            : "no free %s subnet in pools %s: %d held, %d to avoid"
                                    .formatted(name, pools, held, avoided),
                    held,
                    avoided);
        }

        /// How many are handed out.
        ///
        /// @return the number of leases of the subnet, or of subnets taken
        public int held() {
            return held;
        }

        /// How many are set aside.
        ///
        /// @return the number of addresses reserved or withheld, or of prefixes to avoid
        public int reserved() {
            return reserved;
        }
    }

    /// The address is held by somebody.
    public static final class AddressInUse extends IpamException {
        @Serial
        private static final long serialVersionUID = 1;

        private final IpAddress address;
        private final String owner;

        AddressInUse(IpPrefix subnet, IpAddress address, String owner, String requester) {
            super("address %s of subnet %s is not free for '%s': it is held by '%s'"
                    .formatted(address, subnet, requester, owner));
            this.address = address;
            this.owner = owner;
        }

        AddressInUse(IpPrefix subnet, IpAddress address, String owner) {
            super("address %s of subnet %s cannot be withheld: it is held by '%s'".formatted(address, subnet, owner));
            this.address = address;
            this.owner = owner;
        }

        /// The address asked for.
        ///
        /// @return the address
        public IpAddress address() {
            return address;
        }

        /// Who holds it.
        ///
        /// @return the owner named in the lease
        public String owner() {
            return owner;
        }
    }

    /// The address is never handed out by this pool, whoever asks.
    public static final class AddressOutsidePool extends IpamException {
        @Serial
        private static final long serialVersionUID = 1;

        private final IpAddress address;
        private final Reason reason;

        AddressOutsidePool(IpPrefix subnet, IpAddress address, String requester, Reason reason) {
            super("address %s cannot be handed out to '%s': it %s subnet %s"
                    .formatted(address, requester, reason.words, subnet));
            this.address = address;
            this.reason = reason;
        }

        /// The address asked for.
        ///
        /// @return the address
        public IpAddress address() {
            return address;
        }

        /// Why it is never handed out.
        ///
        /// @return the reason
        public Reason reason() {
            return reason;
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
            /// It was kept back with [AddressPool#withhold(IpAddress)].
            WITHHELD("is withheld from");

            private final String words;

            Reason(String words) {
                this.words = words;
            }
        }
    }

    /// What is given back is not held: it was released before, somebody else holds it, or it was never handed
    /// out.
    public static final class NotHeld extends IpamException {
        @Serial
        private static final long serialVersionUID = 1;

        private final @Nullable String holder;

        private NotHeld(String message, @Nullable String holder) {
            super(message);
            this.holder = holder;
        }

        static NotHeld of(IpPrefix subnet, Lease lease, @Nullable Lease held) {
            String reason;
            if (held == null) {
                reason = "nobody holds it";
            } else if (held.owner().equals(lease.owner())) {
                reason = "it is held as " + held.address();
            } else {
                reason = "it is held by '" + held.owner() + "'";
            }
            return new NotHeld(
                    "address %s cannot be given back to subnet %s by '%s': %s"
                            .formatted(lease.address(), subnet, lease.owner(), reason),
                    held == null ? null : held.owner());
        }

        static NotHeld of(IpPrefix prefix) {
            return new NotHeld("subnet %s cannot be released: nobody holds it".formatted(prefix), null);
        }

        /// Who holds the address in truth.
        ///
        /// @return the owner of the current lease; empty if there is none
        public Optional<String> holder() {
            return Optional.ofNullable(holder);
        }
    }
}
