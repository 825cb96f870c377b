package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpRange;
import java.util.ArrayList;
import java.util.List;

/// Sets of addresses as lists of ranges in ascending order that do not overlap.
final class Ranges {
    private Ranges() {}

    /// The addresses of one set that are not in another. Costs as much as both lists are long.
    static List<IpRange> minus(List<IpRange> ranges, List<IpRange> taken) {
        List<IpRange> left = new ArrayList<>();
        int at = 0;
        for (IpRange range : ranges) {
            while (at < taken.size() && taken.get(at).last().compareTo(range.first()) < 0) {
                at++;
            }
            addMinus(range, taken, at, left);
        }
        return List.copyOf(left);
    }

    /// Adds what is left of a range; the first of the taken ones that may overlap it is known.
    private static void addMinus(IpRange range, List<IpRange> taken, int from, List<IpRange> left) {
        IpAddress first = range.first();
        for (int at = from; at < taken.size(); at++) {
            IpRange next = taken.get(at);
            if (next.first().compareTo(range.last()) > 0) {
                break;
            }
            if (first.compareTo(next.first()) < 0) {
                left.add(IpRange.of(first, next.first().plus(-1)));
            }
            if (next.last().compareTo(range.last()) >= 0) {
                return;
            }
            first = next.last().plus(1);
        }
        left.add(IpRange.of(first, range.last()));
    }
}
