package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.Ipv4Address;
import io.ipvlan.ip.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Prefixes of one family that are taken, each as often as it was added, as a binary tree by their bits. Every
/// node knows the largest free prefix below it, so that the lowest free one of any length is found in one way
/// down, however many are taken. Not for several threads at once.
final class PrefixTree {
    /// As the length of the largest free prefix: there is none.
    private static final int NONE = Integer.MAX_VALUE;

    /// A prefix that is taken or has taken ones inside. A prefix without a node is free as a whole.
    private static final class Node {
        private @Nullable Node zero;
        private @Nullable Node one;
        private int count;
        private int largestFree;

        void update(int depth) {
            largestFree = count > 0
                    ? NONE
                    : Math.min(PrefixTree.largestFree(zero, depth + 1), PrefixTree.largestFree(one, depth + 1));
        }
    }

    private final int bits;
    private @Nullable Node root;
    private int size;

    PrefixTree(IpFamily family) {
        this.bits = family.bits();
    }

    private static int largestFree(@Nullable Node node, int depth) {
        return node == null ? depth : node.largestFree;
    }

    /// How many prefixes are taken, each as often as it was added.
    int size() {
        return size;
    }

    void add(IpPrefix prefix) {
        root = add(root, prefix, 0);
        size++;
    }

    private static Node add(@Nullable Node found, IpPrefix prefix, int depth) {
        Node node = found == null ? new Node() : found;
        if (depth == prefix.length()) {
            node.count++;
        } else if (isOne(prefix.address(), depth)) {
            node.one = add(node.one, prefix, depth + 1);
        } else {
            node.zero = add(node.zero, prefix, depth + 1);
        }
        node.update(depth);
        return node;
    }

    /// Takes back what was added once.
    ///
    /// @return whether it was there
    boolean remove(IpPrefix prefix) {
        if (!contains(prefix)) {
            return false;
        }
        root = remove(root, prefix, 0);
        size--;
        return true;
    }

    private static @Nullable Node remove(@Nullable Node node, IpPrefix prefix, int depth) {
        if (node == null) {
            return null;
        }
        if (depth == prefix.length()) {
            node.count--;
        } else if (isOne(prefix.address(), depth)) {
            node.one = remove(node.one, prefix, depth + 1);
        } else {
            node.zero = remove(node.zero, prefix, depth + 1);
        }
        if (node.count == 0 && node.zero == null && node.one == null) {
            return null;
        }
        node.update(depth);
        return node;
    }

    /// Whether exactly this prefix is taken.
    boolean contains(IpPrefix prefix) {
        Node node = root;
        for (int depth = 0; node != null && depth < prefix.length(); depth++) {
            node = isOne(prefix.address(), depth) ? node.one : node.zero;
        }
        return node != null && node.count > 0;
    }

    /// A taken prefix that has addresses in common with this one: the largest of those around it, else the
    /// lowest.
    @Nullable
    IpPrefix overlapping(IpPrefix prefix) {
        Node node = root;
        for (int depth = 0; node != null && depth < prefix.length(); depth++) {
            if (node.count > 0) {
                return IpPrefix.containing(prefix.address(), depth);
            }
            node = isOne(prefix.address(), depth) ? node.one : node.zero;
        }
        return node == null ? null : lowest(node, prefix);
    }

    private IpPrefix lowest(Node from, IpPrefix prefix) {
        Node node = from;
        IpPrefix at = prefix;
        while (node.count == 0) {
            boolean zero = node.zero != null;
            Node next = zero ? node.zero : node.one;
            if (next == null) {
                throw new IllegalStateException("a node without a prefix below it: " + at);
            }
            at = at.subnet(at.length() + 1, zero ? 0 : 1);
            node = next;
        }
        return at;
    }

    /// The lowest free prefix of a length inside another one; null if there is none.
    @Nullable
    IpPrefix lowestFree(IpPrefix base, int length) {
        Node node = root;
        for (int depth = 0; node != null && depth < base.length(); depth++) {
            if (node.count > 0) {
                return null;
            }
            node = isOne(base.address(), depth) ? node.one : node.zero;
        }
        if (largestFree(node, base.length()) > length) {
            return null;
        }
        IpAddress address = base.address();
        for (int depth = base.length(); node != null; depth++) {
            if (node.zero == null || node.zero.largestFree <= length) {
                node = node.zero;
            } else {
                address = address.plus(1, bits - 1 - depth);
                node = node.one;
            }
        }
        return IpPrefix.of(address, length);
    }

    /// All prefixes that are taken, in ascending order, each once.
    List<IpPrefix> all(IpPrefix everything) {
        List<IpPrefix> all = new ArrayList<>();
        collect(root, everything, all);
        return all;
    }

    private static void collect(@Nullable Node node, IpPrefix at, List<IpPrefix> all) {
        if (node == null) {
            return;
        }
        if (node.count > 0) {
            all.add(at);
        }
        if (node.zero != null) {
            collect(node.zero, at.subnet(at.length() + 1, 0), all);
        }
        if (node.one != null) {
            collect(node.one, at.subnet(at.length() + 1, 1), all);
        }
    }

    private static boolean isOne(IpAddress address, int depth) {
        return switch (address) {
            case Ipv4Address v4 -> (v4.bits() << depth) < 0;
            case Ipv6Address v6 -> ((depth < Long.SIZE ? v6.high() : v6.low()) << depth) < 0;
        };
    }
}
