package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.BlockInUse;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.IpamException.SubnetOverlap;
import java.util.List;
import java.util.Map;

/// A subnet cut into blocks of one size, each owned by a host, which hands out its addresses without asking
/// anybody.
///
/// A host takes a block when it needs one, may borrow single addresses of the blocks of others when none is
/// left, and returns a block that is empty. Reserved and excluded addresses, the gateway and the ranges of
/// the subnet count in every block; network and broadcast address are those of the subnet, not of each block.
/// Safe for use by several threads, which wait for each other: one lock guards all blocks. The state lives in
/// memory only.
public final class BlockPool {
    private final Subnet subnet;
    private final int length;
    private final PoolOptions options;
    /// The blocks that are taken, or have no automatic address and so are of no use.
    private final PrefixTree taken;

    private final OwnedBlocks blocks;

    private BlockPool(Subnet subnet, int length, PoolOptions options) {
        this.subnet = subnet;
        this.length = length;
        this.options = options;
        this.taken = new PrefixTree(subnet.family());
        this.blocks = new OwnedBlocks(length, options.clock());
        List<IpRange> useful = IpRange.aggregate(subnet.automatic().stream()
                .map(range -> IpRange.of(
                        IpPrefix.containing(range.first(), length).first(),
                        IpPrefix.containing(range.last(), length).last()))
                .toList());
        Ranges.minus(List.of(IpRange.of(subnet.prefix())), useful).stream()
                .flatMap(range -> range.prefixes().stream())
                .forEach(taken::add);
    }

    /// A subnet of which no block is owned yet.
    ///
    /// @param subnet the subnet
    /// @param length the prefix length of each block: from that of the subnet to that of an address
    /// @param options how addresses are handed out of a block; its random source is used by one thread at a
    /// time
    /// @return a new pool that knows nothing of other pools of the same subnet
    /// @throws IllegalArgumentException if the subnet cannot be cut so
    public static BlockPool of(Subnet subnet, int length, PoolOptions options) {
        subnet.prefix().count(length);
        return new BlockPool(subnet, length, options);
    }

    /// The subnet.
    ///
    /// @return the subnet as given
    public Subnet subnet() {
        return subnet;
    }

    /// Gives a host the lowest block that nobody owns and that has an address to hand out.
    ///
    /// @param host who is to own it, in the caller's own words
    /// @return the block
    /// @throws PoolExhausted if there is none; nothing has changed
    /// @throws IllegalArgumentException if the host is blank
    public synchronized IpPrefix claim(String host) {
        checkHost(host);
        return claimLowest(host).prefix;
    }

    private OwnedBlock claimLowest(String host) {
        IpPrefix free = taken.lowestFree(subnet.prefix(), length);
        if (free == null) {
            throw new PoolExhausted(
                    "block of /" + length + " in subnet " + subnet.prefix(),
                    subnet.prefix().toString(),
                    host,
                    blocks.count() + " blocks are owned by " + blocks.hosts() + " hosts");
        }
        return add(free, host);
    }

    /// Gives a host a certain block.
    ///
    /// @param block a block of this pool
    /// @param host who is to own it
    /// @throws SubnetOverlap if it is owned already, or has no address to hand out; nothing has changed
    /// @throws IllegalArgumentException if the host is blank or the prefix is no block of this pool
    public synchronized void claim(IpPrefix block, String host) {
        checkHost(host);
        if (block.length() != length || !subnet.prefix().contains(block)) {
            throw new IllegalArgumentException(
                    "prefix " + block + " is no block of subnet " + subnet.prefix() + ": choose one of its /" + length);
        }
        IpPrefix overlapping = taken.overlapping(block);
        if (overlapping != null) {
            throw new SubnetOverlap(subnet.prefix().toString(), block, overlapping);
        }
        add(block, host);
    }

    private static void checkHost(String host) {
        if (host.isBlank()) {
            throw new IllegalArgumentException("a block needs a host that is not blank: name its owner");
        }
    }

    private OwnedBlock add(IpPrefix block, String host) {
        taken.add(block);
        List<IpRange> ranges = subnet.ranges().isEmpty() ? List.of(IpRange.of(subnet.prefix())) : subnet.ranges();
        IpRange[] inside = ranges.stream()
                .flatMap(range -> range.intersection(IpRange.of(block)).stream())
                .toArray(IpRange[]::new);
        return blocks.add(block, host, AddressPool.of(subnet.withRanges(inside), options));
    }

    /// Hands out an address of the host's own blocks, in the order in which it got them, and if all are full,
    /// of a further one.
    ///
    /// @param host who owns the block
    /// @param request who wants an address and how; one named must lie in a block of the host
    /// @return the lease
    /// @throws PoolExhausted if all blocks of the host are full and none is left; [#borrow] may help. Nothing
    /// has changed
    /// @throws IpamException as in [AddressPool#allocate(AddressRequest)], and for an address named that is
    ///     in no block of the host; nothing has changed
    /// @throws IllegalArgumentException if the host is blank
    public synchronized Lease allocate(String host, AddressRequest request) {
        checkHost(host);
        if (request.address().isPresent()) {
            IpAddress address = request.address().get();
            OwnedBlock block = blocks.of(address);
            if (block == null || !block.host.equals(host)) {
                throw new AddressOutsidePool(
                        "[blocks of '" + host + "' in " + subnet.prefix() + "]", address, request.owner());
            }
            return allocate(block, request);
        }
        OwnedBlock block = blocks.withRoom(host);
        return allocate(block != null ? block : claimLowest(host), request);
    }

    private Lease allocate(OwnedBlock block, AddressRequest request) {
        Lease lease = block.pool.allocate(request);
        // What was borrowed may have lapsed meanwhile.
        block.borrowers.remove(lease.address().address());
        blocks.settle(block);
        return lease;
    }

    /// Hands out an address of a block of another host: of the lowest block that has one.
    ///
    /// @param host who borrows
    /// @param request who wants an address and how; one named may lie in any block
    /// @return the lease; where it is borrowed shows in [#blocks()]
    /// @throws PoolExhausted if every block is full; nothing has changed
    /// @throws IpamException as in [AddressPool#allocate(AddressRequest)], and for an address named that is
    ///     in no block of another host; nothing has changed
    /// @throws IllegalArgumentException if the host is blank
    public synchronized Lease borrow(String host, AddressRequest request) {
        checkHost(host);
        OwnedBlock block =
                request.address().isPresent() ? blocks.of(request.address().get()) : blocks.withRoomBeside(host);
        if (block != null && !block.host.equals(host)) {
            Lease lease = allocate(block, request);
            block.borrowers.put(lease.address().address(), host);
            return lease;
        }
        if (request.address().isPresent()) {
            throw new AddressOutsidePool(
                    "[blocks of other hosts in " + subnet.prefix() + "]",
                    request.address().get(),
                    request.owner());
        }
        throw new PoolExhausted(
                "address to borrow in subnet " + subnet.prefix(),
                subnet.prefix().toString(),
                request.owner(),
                blocks.count() + " blocks are owned, and those of other hosts than '" + host + "' are full");
    }

    /// Takes an address back, borrowed or not.
    ///
    /// @param lease exactly the lease held
    /// @throws NotHeld if it is not held; nothing has changed
    public synchronized void release(Lease lease) {
        IpAddress address = lease.address().address();
        OwnedBlock block = blocks.of(address);
        if (block == null) {
            throw new NotHeld(
                    subnet.prefix(), lease, "released", null, "nobody holds it: it is in no block that is owned");
        }
        block.pool.release(lease);
        block.borrowers.remove(address);
        blocks.settle(block);
    }

    /// Returns a block, so that any host may own it.
    ///
    /// @param block exactly the block
    /// @param host who owns it
    /// @throws NotHeld if this host does not own it; nothing has changed
    /// @throws BlockInUse if an address of it is held or cools down; nothing has changed
    public synchronized void giveBack(IpPrefix block, String host) {
        OwnedBlock owned = blocks.find(block);
        if (owned == null || !owned.host.equals(host)) {
            throw new NotHeld("block " + block, subnet.prefix().toString(), host, owned == null ? null : owned.host);
        }
        PoolUsage usage = owned.pool.usage();
        if (usage.held() + usage.cooling() > 0) {
            throw new BlockInUse(subnet.prefix(), block, host, usage);
        }
        blocks.remove(owned);
        taken.remove(block);
    }

    /// All blocks that are owned.
    ///
    /// @return a snapshot in address order
    public synchronized List<Block> blocks() {
        return blocks.all().stream().map(OwnedBlock::block).toList();
    }

    /// A block and its owner.
    ///
    /// @param prefix the addresses of the block
    /// @param host who owns it
    /// @param leases the leases of its addresses that have an owner, in address order
    /// @param borrowers which other host holds an address of it, in address order
    public record Block(IpPrefix prefix, String host, List<Lease> leases, Map<IpAddress, String> borrowers) {}
}
