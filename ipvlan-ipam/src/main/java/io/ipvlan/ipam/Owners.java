package io.ipvlan.ipam;

import java.util.ArrayList;
import java.util.List;

/// Entries by their owner: a hash table of the oldest entry of each, whose entries form a ring. So adding,
/// removing and finding cost the same for an owner of one address and for an owner of all. Not for several
/// threads at once.
final class Owners {
    private final Entries entries;
    /// The oldest entry of the first owner of each hash.
    private int[] heads = Hash.NO_HEADS;

    private int size;

    Owners(Entries entries) {
        this.entries = entries;
    }

    /// The entries of an owner, oldest first.
    List<Integer> of(Owner owner) {
        List<Integer> all = new ArrayList<>();
        int oldest = oldest(owner);
        int entry = oldest;
        while (entry != Entries.NONE) {
            all.add(entry);
            entry = entries.next(entry) == oldest ? Entries.NONE : entries.next(entry);
        }
        return all;
    }

    /// The oldest entry of an owner, or [Entries#NONE].
    int oldest(Owner owner) {
        if (size == 0) {
            return Entries.NONE;
        }
        int entry = heads[Hash.home(owner.hash(), heads.length)];
        while (entry != Entries.NONE && !entries.isOwnedBy(entry, owner)) {
            entry = entries.ownerChain(entry);
        }
        return entry;
    }

    /// The newest entry of an owner, or [Entries#NONE].
    int newest(Owner owner) {
        int oldest = oldest(owner);
        return oldest == Entries.NONE ? Entries.NONE : entries.previous(oldest);
    }

    /// Adds an entry as the newest of its owner.
    void add(int entry) {
        int oldest = oldest(entries.owner(entry));
        if (oldest != Entries.NONE) {
            entries.link(entries.previous(oldest), entry);
            entries.link(entry, oldest);
            return;
        }
        entries.link(entry, entry);
        if (size == heads.length) {
            grow();
        }
        size++;
        chain(entry);
    }

    private void chain(int entry) {
        int head = Hash.home(entries.ownerHash(entry), heads.length);
        entries.setOwnerChain(entry, heads[head]);
        heads[head] = entry;
    }

    private void grow() {
        int[] old = heads;
        heads = new int[Hash.larger(old.length)];
        for (int head : old) {
            int entry = head;
            while (entry != Entries.NONE) {
                int behind = entries.ownerChain(entry);
                chain(entry);
                entry = behind;
            }
        }
    }

    /// Removes an entry that is there.
    void remove(int entry) {
        int next = entries.next(entry);
        int head = Hash.home(entries.ownerHash(entry), heads.length);
        int before = Entries.NONE;
        int at = heads[head];
        while (at != Entries.NONE && at != entry) {
            before = at;
            at = entries.ownerChain(at);
        }
        if (at == entry) {
            // The oldest: the next oldest takes its place.
            int behind = entries.ownerChain(entry);
            if (next == entry) {
                size--;
            } else {
                entries.setOwnerChain(next, behind);
                behind = next;
            }
            if (before == Entries.NONE) {
                heads[head] = behind;
            } else {
                entries.setOwnerChain(before, behind);
            }
        }
        entries.link(entries.previous(entry), next);
    }
}
