package io.ipvlan.ip;

import static io.ipvlan.ip.IpArbitraries.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

@Domain(IpArbitraries.class)
class IpAddressPropertiesTest {
    @Property
    void aFormattedAddressParsesToItself(@ForAll IpAddress address) {
        assertEquals(address, IpAddress.parse(address.toString()));
    }

    @Property
    void anAddressIsMadeOfItsBytes(@ForAll IpAddress address) {
        assertEquals(address, IpAddress.ofBytes(address.toBytes()));
        assertEquals(address.family().bits(), address.toBytes().length * 8);
    }

    @Property
    void anIpv6TextFollowsTheRecommendation(@ForAll Ipv6Address address) {
        assertEquals(recommended(address), address.toString());
    }

    @Property
    void everySpellingOfAnIpv6AddressIsRead(@ForAll Ipv6Address address) {
        List<String> groups = groups(address);
        String full = String.join(":", groups.stream().map("%4s"::formatted).toList())
                .replace(' ', '0')
                .toUpperCase(Locale.ROOT);
        assertEquals(address, IpAddress.parse(full));
        assertEquals(address, IpAddress.parse(String.join(":", groups)));
        for (int from = 0; from < 8; from++) {
            for (int to = from + 1; to <= 8; to++) {
                if (groups.subList(from, to).stream().allMatch("0"::equals)) {
                    assertEquals(address, IpAddress.parse(shortened(groups, from, to)));
                }
            }
        }
        String tail = new Ipv4Address((int) address.low()).toString();
        assertEquals(address, IpAddress.parse(String.join(":", groups.subList(0, 6)) + ":" + tail));
    }

    @Property
    void theJdkReadsTheSameIpv4Address(@ForAll Ipv4Address address) throws UnknownHostException {
        assertEquals(InetAddress.getByAddress(address.toBytes()).getHostAddress(), address.toString());
    }

    @Property
    void theOrderIsThatOfTheNumbers(@ForAll IpAddress one, @ForAll IpAddress other) {
        int expected = one.family() == other.family()
                ? value(one).compareTo(value(other))
                : one.family().compareTo(other.family());
        assertEquals(expected, Integer.signum(one.compareTo(other)));
        assertEquals(expected == 0, one.equals(other));
    }

    @Property
    void addingStepsIsAddingNumbers(@ForAll IpAddress address, @ForAll long steps) {
        BigInteger sum = value(address).add(BigInteger.valueOf(steps));
        if (sum.signum() < 0 || sum.bitLength() > address.family().bits()) {
            assertThrows(ArithmeticException.class, () -> address.plus(steps));
        } else {
            assertEquals(sum, value(address.plus(steps)));
            assertEquals(address.family(), address.plus(steps).family());
        }
    }

    @Property
    void theJdkSortsAddressesIntoTheSameKinds(@ForAll IpAddress address) throws UnknownHostException {
        InetAddress jdk = InetAddress.getByAddress(address.toBytes());
        boolean mapped = address instanceof Ipv6Address v6 && v6.isIpv4Mapped();
        if (mapped) {
            assertTrue(jdk instanceof Inet4Address);
            return;
        }
        assertEquals(jdk.isMulticastAddress(), address.isMulticast());
        assertEquals(jdk.isLoopbackAddress(), address.isLoopback());
        assertEquals(jdk.isAnyLocalAddress(), address.isUnspecified());
        assertEquals(jdk.isLinkLocalAddress(), address.isLinkLocal());
    }

    /// RFC 5952 taken literally, on texts.
    private static String recommended(Ipv6Address address) {
        List<String> groups = groups(address);
        if (String.join(":", groups).startsWith("0:0:0:0:0:ffff:")) {
            return "::ffff:" + new Ipv4Address((int) address.low());
        }
        for (int length = 8; length >= 2; length--) {
            for (int from = 0; from + length <= 8; from++) {
                if (groups.subList(from, from + length).stream().allMatch("0"::equals)) {
                    return shortened(groups, from, from + length);
                }
            }
        }
        return String.join(":", groups);
    }

    private static String shortened(List<String> groups, int from, int to) {
        return String.join(":", groups.subList(0, from)) + "::" + String.join(":", groups.subList(to, 8));
    }

    private static List<String> groups(Ipv6Address address) {
        List<String> groups = new ArrayList<>();
        for (int group = 7; group >= 0; group--) {
            groups.add(value(address)
                    .shiftRight(16 * group)
                    .and(BigInteger.valueOf(0xffff))
                    .toString(16));
        }
        return groups;
    }
}
