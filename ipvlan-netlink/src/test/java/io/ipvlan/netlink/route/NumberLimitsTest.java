package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.Wires;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Numbers that a message has no room for: cut to the bits there are, they would ask for something else.
class NumberLimitsTest {
    private static final IpPrefix EVERYWHERE = IpPrefix.parse("0.0.0.0/0");

    private static void assertRefused(Executable... made) {
        for (int i = 0; i < made.length; i++) {
            assertThrows(IllegalArgumentException.class, made[i], "number " + i);
        }
    }

    @Test
    void anIpProtocolOfMoreThanEightBitsIsNotTakenForAnother() {
        RuleRequest rule = RuleRequest.add(IpFamily.IPV4);

        var mistake = assertThrows(IllegalArgumentException.class, () -> rule.ipProtocol(262)); // MPTCP; 6 is TCP
        assertEquals("netlink has 8 bits for this number, for 0 to 255, not 262", mistake.getMessage());
    }

    @Test
    void numbersOfEightBitsAreNotCut() {
        RouteRequest route = RouteRequest.add(EVERYWHERE);
        assertRefused(
                () -> route.protocol(256),
                () -> route.ofType(-1),
                () -> route.scope(256),
                () -> route.scope(-1),
                () -> route.typeOfService(260),
                () -> route.preference(256),
                () -> RouteQuery.all().ofProtocol(300),
                () -> RuleRequest.add(IpFamily.IPV4).action(257),
                () -> LinkRequest.change(7).addressGeneration(256),
                () -> LinkRequest.change(7).operationalState(-1),
                () -> new LinkInfo.Bond(256, 0, OptionalInt.empty()));
    }

    @Test
    void numbersOfSixteenBitsAreNotCut() {
        RuleRequest rule = RuleRequest.add(IpFamily.IPV4);
        assertRefused(
                () -> rule.sourcePorts(new RuleMessage.Range(80, 65616)),
                () -> rule.destinationPorts(new RuleMessage.Range(-1, 80)),
                () -> new LinkInfo.Vlan(65546),
                () -> LinkInfo.Ipvlan.of(65536),
                () -> new LinkInfo.Ipvtap(0, 65537),
                () -> new LinkInfo.Macvlan(4, 65537),
                () -> new LinkInfo.Bridge(0, 0, 0, 0, 0, 65536, false));
    }

    @Test
    void addressFlagsHaveThirtyTwoBits() {
        AddressRequest address = AddressRequest.add(7, IpCidr.parse("10.0.0.1/24"));

        assertTrue(Wires.bodyOf(address.addressFlags(0x380)).endsWith("08000800" + "80030000"));
    }

    /// The length of an attribute has 16 bits: cut to them, what follows would be looked for inside.
    @Test
    void moreNextHopsThanAnAttributeHoldsAreRefused() {
        List<NextHop> hops = Collections.nCopies(4096, NextHop.via(IpAddress.parse("10.0.0.1"), 7));

        assertRefused(() -> RouteRequest.add(EVERYWHERE).nextHops(hops).table(300));
    }

    @Test
    void moreAlternativeNamesThanAnAttributeHoldsAreRefused() {
        List<String> names = IntStream.range(0, 8192).mapToObj(i -> "n" + i).toList();

        assertRefused(() -> LinkRequest.addAlternativeNames(7, names));
    }
}
