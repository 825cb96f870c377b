package io.ipvlan.ipam;

import io.ipvlan.ipam.IpamException.BadSnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything there is to know about an [AddressPool] at one moment. Immutable, and made of texts, numbers,
/// lists and maps only, so that any library writes it as JSON as it is and reads it back; [#toBytes()] is
/// smaller.
///
/// Addresses, prefixes and ranges are written as their classes write them, times as [java.time.Instant] does.
/// Not part of it are the clock and the random source.
///
/// @param prefix the prefix of the subnet
/// @param gateway its gateway; null for none
/// @param refusesGateway whether the subnet is to stay without a gateway
/// @param ranges its ranges for automatic addresses; empty for all usable ones
/// @param excluded its excluded ranges
/// @param reserved its reserved addresses, with the name of each reservation or an empty text
/// @param withheld addresses kept back for the life of the pool
/// @param strategy the name of the strategy
/// @param coolDownMillis the cool-down in milliseconds
/// @param last the address handed out last by the cursor of [Strategy#NEXT] and [Strategy#STICKY]; null for
/// none
/// @param anonymous ranges of addresses held without an owner
/// @param leases addresses held by an owner, in the order in which the leases began
/// @param cooling addresses that cool down, in the order in which that ends
/// @param quarantined addresses in quarantine, in the order in which that ends
/// @param former free addresses that are offered to their last owner first, in the order of their release
public record PoolState(
        String prefix,
        @Nullable String gateway,
        boolean refusesGateway,
        List<String> ranges,
        List<String> excluded,
        Map<String, String> reserved,
        List<String> withheld,
        String strategy,
        long coolDownMillis,
        @Nullable String last,
        List<String> anonymous,
        List<Held> leases,
        List<Resting> cooling,
        List<Quarantined> quarantined,
        List<Resting> former) {
    /// Copies all lists and maps.
    public PoolState {
        ranges = List.copyOf(ranges);
        excluded = List.copyOf(excluded);
        reserved = Map.copyOf(reserved);
        withheld = List.copyOf(withheld);
        anonymous = List.copyOf(anonymous);
        leases = List.copyOf(leases);
        cooling = List.copyOf(cooling);
        quarantined = List.copyOf(quarantined);
        former = List.copyOf(former);
    }

    /// An address held by an owner.
    ///
    /// @param address the address
    /// @param owner who holds it
    /// @param since when the lease began
    /// @param labels what else is known of it
    /// @param deadline when it lapses unless it is committed; null once it is
    public record Held(
            String address,
            String owner,
            String since,
            Map<String, String> labels,
            @Nullable String deadline) {
        /// Copies the labels.
        public Held {
            labels = Map.copyOf(labels);
        }
    }

    /// An address that was released.
    ///
    /// @param address the address
    /// @param owner who held it; empty for nobody in particular
    /// @param since when it was released
    public record Resting(String address, String owner, String since) {}

    /// An address that a stranger was seen to use.
    ///
    /// @param address the address
    /// @param since when it was put in quarantine
    /// @param until when that ends
    public record Quarantined(String address, String since, String until) {}

    /// This state in a compact binary form with a version and a checksum: see `docs/ipam-snapshots.md`.
    ///
    /// @return a new array that [#ofBytes(byte\[\])] reads
    /// @throws BadSnapshot if this state was not made by a pool and says what cannot be written
    public byte[] toBytes() {
        return SnapshotWriter.write(this);
    }

    /// Reads the binary form.
    ///
    /// @param bytes what [#toBytes()] made
    /// @return the state
    /// @throws BadSnapshot if anything is damaged, missing, left over, or of a version not known
    public static PoolState ofBytes(byte[] bytes) {
        return SnapshotReader.read(bytes);
    }
}
