package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RangeSetPropertiesTest {
    private static final int SIZE = 64;
    private static final IpAddress BASE = IpAddress.parse("255.255.255.192");

    record Change(boolean add, int first, int last) {}

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<Integer> end = Arbitraries.integers().between(0, SIZE - 1);
        return Combinators.combine(Arbitraries.of(true, false), end, end)
                .as((add, one, other) -> new Change(add, Math.min(one, other), Math.max(one, other)))
                .list()
                .ofMaxSize(30);
    }

    @Property
    void runsHoldExactlyWhatWasAddedAndNotRemoved(@ForAll("changes") List<Change> changes) {
        RangeSet set = new RangeSet();
        BitSet model = new BitSet(SIZE);
        for (Change change : changes) {
            if (change.add) {
                set.add(range(change.first, change.last));
            } else {
                set.remove(range(change.first, change.last));
            }
            model.set(change.first, change.last + 1, change.add);
            assertEquals(model.isEmpty(), set.isEmpty());
            if (!model.isEmpty()) {
                assertEquals(BASE.plus(model.nextSetBit(0)), set.lowest());
            }
            for (int at = 0; at < SIZE; at++) {
                assertEquals(model.get(at), set.contains(BASE.plus(at)));
                int highest = model.previousSetBit(at);
                IpAddress end =
                        highest < change.first || change.first > at ? null : BASE.plus(model.nextClearBit(highest) - 1);
                if (change.first <= at) {
                    assertEquals(end, set.endOfLastRunIn(range(change.first, at)));
                }
            }
        }
    }

    @Example
    void theFamiliesDoNotTouch() {
        RangeSet set = new RangeSet();
        set.add(IpRange.of(IpPrefix.parse("::/0")));
        set.add(IpRange.of(IpPrefix.parse("0.0.0.0/0")));
        IpRange ipv6 = IpRange.of(IpPrefix.parse("::/1"));
        assertEquals(IpAddress.parse("255.255.255.255"), set.endOfLastRunIn(IpRange.of(IpPrefix.parse("10.0.0.0/8"))));
        set.remove(IpRange.of(IpPrefix.parse("::/0")));
        assertNull(set.endOfLastRunIn(ipv6));
        assertTrue(set.contains(IpAddress.parse("255.255.255.255")));
        assertFalse(set.contains(IpAddress.parse("::")));
    }

    private static IpRange range(int first, int last) {
        return IpRange.of(BASE.plus(first), BASE.plus(last));
    }
}
