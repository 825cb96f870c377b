package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Wires;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rules in both directions: struct fib_rule_hdr (family, lengths of destination and source, type of service,
/// table, two bytes of nothing, action, flags), then attributes.
class RuleTest {
    private static final int RTM_NEWRULE = 32;

    /// Everything at once, which no kernel would take.
    private static final String EVERYTHING = """
            02 10 18 08 00 00 00 01 02000000
            0800 0100 0a090000
            0800 0200 0a000100
            0900 0300 6574683000 000000
            0800 0400 c8000000
            0800 0600 64000000
            0800 0a00 07000000
            0800 0d00 09000000
            0800 0e00 00000000
            0800 0f00 e8030000
            0800 1000 ff000000
            0900 1100 6574683100 000000
            0500 1300 01 000000
            0c00 1400 e8030000 d0070000
            0500 1500 63 000000
            0500 1600 06 000000
            0800 1700 5000 5100
            0800 1800 bb01 bb01""";

    private static void assertBody(RuleRequest request, String expected) {
        assertEquals(expected.replaceAll("\\s", ""), Wires.bodyOf(request));
    }

    private static RuleMessage decode(String hex) throws NetlinkException.Malformed {
        return Objects.requireNonNull(RuleMessage.decode(Wires.message(RTM_NEWRULE, Wires.bytes(hex))));
    }

    private static RuleMessage everything() {
        return new RuleMessage(
                IpFamily.IPV4,
                100,
                RuleAction.TABLE,
                1000,
                2,
                Optional.of(IpPrefix.parse("10.0.1.0/24")),
                Optional.of(IpPrefix.parse("10.9.0.0/16")),
                Optional.of("eth0"),
                Optional.of("eth1"),
                Optional.of(new RuleMessage.Mark(7, 0xff)),
                OptionalInt.of(200),
                99,
                8,
                OptionalInt.of(6),
                Optional.of(new RuleMessage.Range(80, 81)),
                Optional.of(new RuleMessage.Range(443, 443)),
                Optional.of(new RuleMessage.Range(1000, 2000)),
                OptionalInt.of(0),
                OptionalInt.of(9),
                true);
    }

    @Test
    void aRuleIsAddedForATable() {
        // ip rule add from 10.0.1.0/24 table 200 priority 100
        RuleRequest request = RuleRequest.add(IpFamily.IPV4)
                .from(IpPrefix.parse("10.0.1.0/24"))
                .table(200)
                .priority(100);

        assertEquals(32, request.type());
        assertEquals(0x600, request.flags(), "CREATE | EXCL");
        assertBody(request, """
                02 00 18 00 c8 00 00 01 00000000
                0800 0200 0a000100  0800 0600 64000000  0800 0f00 c8000000""");
        assertEquals("add a rule of IPV4 from 10.0.1.0/24 for table 200 of priority 100", request.toString());
    }

    @Test
    void aRuleIsForTheMainTableUnlessToldOtherwise() {
        // ip -6 rule add
        assertBody(RuleRequest.add(IpFamily.IPV6), "0a 00 00 00 fe 00 00 01 00000000");
    }

    @Test
    void aRuleIsDeletedByWhatIsSet() {
        // ip rule del priority 100
        RuleRequest request = RuleRequest.delete(IpFamily.IPV4).priority(100);

        assertEquals(33, request.type());
        assertEquals(0, request.flags());
        assertBody(request, "02 00 00 00 00 00 00 00 00000000  0800 0600 64000000");
        assertEquals("delete a rule of IPV4 of priority 100", request.toString());
    }

    @Test
    void everythingThatCanBeSaidIsWrittenAndRead() throws Exception {
        assertBody(RuleRequest.add(everything()), EVERYTHING);
        assertEquals(everything(), decode(EVERYTHING));
        assertTrue(everything().isInverted());
        assertEquals(33, RuleRequest.delete(everything()).type());
        assertBody(RuleRequest.delete(everything()), EVERYTHING);
    }

    @Test
    void whatTheKernelSaysOfEveryRuleMeansNothing() throws Exception {
        // FRA_SUPPRESS_PREFIXLEN of all ones, and FRA_PROTOCOL
        RuleMessage first = decode("""
                02 00 00 00 ff 00 00 01 00000000
                0800 0f00 ff000000  0800 0e00 ffffffff  0800 0600 00000000  0500 1500 02 000000  0800 3000 01000000""");

        assertEquals(OptionalInt.empty(), first.suppressPrefixLength());
        assertEquals(Optional.empty(), first.mark());
        assertEquals(RouteTable.LOCAL, first.table());
        assertEquals(RouteProtocol.KERNEL, first.protocol());
    }

    @Test
    void whatIsNoRuleIsPassedOver() throws Exception {
        byte[] body = Wires.bytes("80 00 00 00 ff 00 00 01 00000000");

        assertNull(RuleMessage.decode(Wires.message(RTM_NEWRULE, body)), "another family");
        body[0] = 2;
        assertNull(RuleMessage.decode(Wires.message(RTM_NEWRULE + 1, body)), "another message");
    }

    @ParameterizedTest
    @CsvSource({
        "sources longer than their address, 02 00 21 00 ff 00 00 01 00000000 0800 0200 0a000000",
        "destinations of two bytes, 02 10 00 00 ff 00 00 01 00000000 0600 0100 0a00 0000",
        "ports cut short, 02 00 00 00 ff 00 00 01 00000000 0600 1700 5000 0000",
        "users cut short, 02 00 00 00 ff 00 00 01 00000000 0800 1400 e8030000",
        "a header cut short, 02 00 00 00 ff 00 00 01",
        "nothing at all, ''"
    })
    void whatMakesNoSenseIsMalformed(String title, String hex) {
        assertThrows(NetlinkException.Malformed.class, () -> decode(hex), title);
    }
}
