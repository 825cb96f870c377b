package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.Wires;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The body of a link request: struct ifinfomsg (family, type, index, flags, mask of flags), then attributes.
class LinkRequestTest {
    private static void assertBody(LinkRequest request, String expected) {
        assertEquals(expected.replaceAll("\\s", ""), Wires.bodyOf(request));
    }

    @Test
    void aDummyIsCreatedByItsNameAndKind() {
        // ip link add d0 type dummy
        LinkRequest request = LinkRequest.create("d0", new LinkInfo.Dummy());

        assertEquals(16, request.type());
        assertEquals(0x600, request.flags(), "CREATE | EXCL");
        assertBody(request, """
                00000000 00000000 00000000 00000000
                0700 0300 643000 00
                1000 1280 0a00 0100 64756d6d79 00 0000""");
        assertEquals("create dummy link 'd0'", request.toString());
    }

    @Test
    void aChildIsCreatedWholeInsideItsNamespace() throws Exception {
        try (NetNamespace target = NetNamespace.current()) {
            // ip link add link d0 netns blue name eth0 index 2147483001 up mtu 1400 type ipvlan mode l2 private
            // where d0 has index 5, and blue is known by the number of an open descriptor
            LinkRequest request = LinkRequest.create("eth0", new LinkInfo.Ipvlan(LinkInfo.Ipvlan.L2, 1))
                    .linkedTo(5)
                    .in(target)
                    .withIndex(2147483001)
                    .up()
                    .mtu(1400);

            String descriptor = "%08x".formatted(Integer.reverseBytes(target.descriptor()));
            assertBody(request, """
                    00000000 79fdff7f 01000000 01000000
                    0900 0300 6574683000 000000
                    0800 0400 78050000
                    0800 0500 05000000
                    0800 1c00 %s
                    2400 1280
                      0b00 0100 6970766c616e00 00
                      1400 0280 0600 0100 0000 0000 0600 0200 0100 0000""".formatted(descriptor));
            assertEquals("create ipvlan link 'eth0' in network namespace of this thread", request.toString());
        }
    }

    @Test
    void modeAndFlagsAreSentAlsoWhenTheyAreZero() {
        // Left out, the kernel would take l3 and bridge, for every child of the parent.
        // ip link add link d0 name c type ipvlan mode l2 bridge
        assertBody(
                LinkRequest.create("c", LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2)).linkedTo(5), """
                00000000 00000000 00000000 00000000
                0600 0300 6300 0000
                0800 0500 05000000
                2400 1280
                  0b00 0100 6970766c616e00 00
                  1400 0280 0600 0100 0000 0000 0600 0200 0000 0000""");
    }

    @Test
    void aVlanIsCreatedWithItsId() {
        // ip link add link eth0 name eth0.139 type vlan id 139, where eth0 has index 2
        assertBody(LinkRequest.create("eth0.139", new LinkInfo.Vlan(139)).linkedTo(2), """
                00000000 00000000 00000000 00000000
                0d00 0300 657468302e31333900 000000
                0800 0500 02000000
                3000 1280 0900 0100 766c616e00 000000 2000 0280
                  0600 0100 8b00 0000  0c00 0200 01000000 0f000000  0600 0500 8100 0000""");
    }

    @Test
    void aVlanMayMapPriorities() {
        // ip link add link eth0 name s type vlan protocol 802.1ad id 5 reorder_hdr off gvrp on bridge_binding on \
        //     ingress-qos-map 1:2 egress-qos-map 3:4 5:6
        LinkInfo info = new LinkInfo.Vlan(
                5,
                LinkInfo.Vlan.DOT1AD,
                LinkInfo.Vlan.GVRP | LinkInfo.Vlan.BRIDGE_BINDING,
                List.of(new LinkInfo.Vlan.PriorityMap(1, 2)),
                List.of(new LinkInfo.Vlan.PriorityMap(3, 4), new LinkInfo.Vlan.PriorityMap(5, 6)));
        assertBody(LinkRequest.create("s", info).linkedTo(2), """
                00000000 00000000 00000000 00000000
                0600 0300 7300 0000
                0800 0500 02000000
                5c00 1280 0900 0100 766c616e00 000000 4c00 0280
                  0600 0100 0500 0000  0c00 0200 12000000 1f000000
                  1c00 0380 0c00 0100 03000000 04000000 0c00 0100 05000000 06000000
                  1000 0480 0c00 0100 01000000 02000000
                  0600 0500 88a8 0000""");
    }

    @Test
    void aVethNamesItsOtherEnd() {
        // ip link add v0 type veth peer name v1 index 9 mtu 1400 netns 4711
        LinkRequest peer = LinkRequest.peer("v1").withIndex(9).up().mtu(1400).inNamespaceOf(4711);
        LinkRequest request = LinkRequest.create("v0", LinkInfo.Veth.to(peer));

        assertBody(request, """
                00000000 00000000 00000000 00000000
                0700 0300 76300000
                4000 1280 0900 0100 7665746800 000000 3000 0280 2c00 0180
                  00000000 09000000 01000000 01000000
                  0700 0300 76310000  0800 0400 78050000  0800 1300 67120000""");
        assertBody(LinkRequest.create("v0", new LinkInfo.Veth(Optional.empty())), """
                00000000 00000000 00000000 00000000
                0700 0300 76300000
                1000 1280 0900 0100 7665746800 000000""");
        assertEquals("create veth link 'v0'", request.toString());
    }

    @Test
    void otherKindsAreCreatedWithTheirData() {
        // ip link add m type macvlan mode bridge
        assertBody(LinkRequest.create("m", LinkInfo.Macvlan.of(LinkInfo.Macvlan.BRIDGE)), """
                00000000 00000000 00000000 00000000  0600 0300 6d00 0000
                2400 1280 0c00 0100 6d6163766c616e00 1400 0280 0800 0100 04000000 0600 0200 0000 0000""");
        // ip link add i type ipvtap mode l2 vepa
        assertBody(LinkRequest.create("i", new LinkInfo.Ipvtap(LinkInfo.Ipvlan.L2, LinkInfo.Ipvlan.VEPA)), """
                00000000 00000000 00000000 00000000  0600 0300 6900 0000
                2400 1280 0b00 0100 69707674617000 00 1400 0280 0600 0100 0000 0000 0600 0200 0200 0000""");
        // ip link add b type bond mode active-backup miimon 100
        assertBody(LinkRequest.create("b", new LinkInfo.Bond(1, 100, OptionalInt.of(7))), """
                00000000 00000000 00000000 00000000  0600 0300 6200 0000
                2400 1280 0900 0100 626f6e6400 000000 1400 0280 0500 0100 01 000000 0800 0300 64000000""");
        // ip link add b type bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time 30000 stp_state 0 ...
        assertBody(LinkRequest.create("b", LinkInfo.Bridge.DEFAULT), """
                00000000 00000000 00000000 00000000  0600 0300 6200 0000
                4c00 1280 0b00 0100 62726964676500 00 3c00 0280
                  0800 0100 dc050000  0800 0200 c8000000  0800 0300 d0070000  0800 0400 30750000
                  0800 0500 00000000  0600 0600 0080 0000  0500 0700 00 000000""");
        // netlink makes none, and says so
        assertBody(
                LinkRequest.create(
                        "t", new LinkInfo.Tun(1, OptionalInt.empty(), OptionalInt.empty(), false, false, false, false)),
                """
                00000000 00000000 00000000 00000000  0600 0300 7400 0000
                0c00 1280 0800 0100 74756e00""");
    }

    @Test
    void everythingElseThatCanBeSaidIsWritten() {
        // ip link set dev eth0 down name e1 address 02:42:0a:00:00:01 master br0 alias hey group 9 txqueuelen 5 \
        //     addrgenmode none carrier off
        LinkRequest request = LinkRequest.change(7)
                .down()
                .rename("e1")
                .address(HardwareAddress.parse("02:42:0a:00:00:01"))
                .master(8)
                .alias("hey")
                .group(9)
                .queueLength(5)
                .operationalState(OperationalState.UP)
                .carrier(false)
                .linkedTo(2, 3)
                .addressGeneration(AddressGeneration.NONE);

        assertEquals(19, request.type());
        assertBody(request, """
                00000000 07000000 00000000 01000000
                0a00 0100 02420a000001 0000
                0700 0300 653100 00
                0800 0500 02000000
                0800 0a00 08000000
                0800 0d00 05000000
                0500 1000 06 000000
                0700 1400 686579 00
                1000 1a80 0c00 0a80 0500 0800 01 000000
                0800 1b00 09000000
                0500 2100 00 000000
                0800 2500 03000000""");
        assertBody(LinkRequest.change(7).alias(""), "00000000 07000000 00000000 00000000 0400 1400");
        assertBody(LinkRequest.change(7).up().linkFlags(0x100, 0x180), "00000000 07000000 01010000 81010000");
    }

    @Test
    void whatBelongsToAKindIsChangedByAnotherMessage() {
        // The one for all other changes says that all is well, and does nothing.
        LinkRequest request = LinkRequest.change(7).info(LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2));

        assertEquals(16, request.type());
        assertEquals(0, request.flags());
        assertEquals("change link 7", request.toString());
    }

    @Test
    void linksAreDeletedByTheirGroup() {
        // ip link del group 9
        LinkRequest request = LinkRequest.deleteGroup(9);

        assertEquals(17, request.type());
        assertBody(request, "00000000 00000000 00000000 00000000 0800 1b00 09000000");
        assertEquals("delete the links of group 9", request.toString());
    }

    @Test
    void alternativeNamesAreAddedAndDeleted() {
        // ip link property add dev eth0 altname one altname another
        LinkRequest add = LinkRequest.addAlternativeNames(7, List.of("one", "another"));
        String body = """
                00000000 07000000 00000000 00000000
                1800 3480 0800 3500 6f6e6500 0c00 3500 616e6f7468657200""";

        assertEquals(108, add.type());
        assertBody(add, body);
        assertEquals("add alternative names [one, another] to link 7", add.toString());

        LinkRequest delete = LinkRequest.deleteAlternativeNames(7, List.of("one", "another"));
        assertEquals(109, delete.type());
        assertBody(delete, body);
        assertThrows(
                IllegalArgumentException.class, () -> LinkRequest.addAlternativeNames(7, List.of("a".repeat(128))));
        assertTrue(LinkRequest.addAlternativeNames(7, List.of("a".repeat(127)))
                .toString()
                .contains("aaa"));
    }

    @Test
    void anAliasThatIsTooLongIsRefused() {
        LinkRequest change = LinkRequest.change(7);

        assertThrows(IllegalArgumentException.class, () -> change.alias("a".repeat(256)));
        assertTrue(Wires.bodyOf(change.alias("a".repeat(255))).length() > 500);
    }

    @Test
    void aHardwareAddressIsText() {
        assertEquals(
                "02:42:0a:00:00:01", HardwareAddress.parse("02:42:0A:00:00:01").toString());
        assertEquals(HardwareAddress.NONE, HardwareAddress.of());
        assertEquals("", HardwareAddress.NONE.toString());
        assertEquals(20, HardwareAddress.of(new byte[20]).length());
        assertThrows(IllegalArgumentException.class, () -> HardwareAddress.of(new byte[33]));
        for (String text : List.of("", "0242", "02:4", "02:42:", ":02", "02-42", "0g:00")) {
            assertThrows(IllegalArgumentException.class, () -> HardwareAddress.parse(text), text);
        }
    }

    @Test
    void questionsForLinksCarryTheirFilters() {
        assertEquals(18, LinkQuery.all().type());
        assertQuery(LinkQuery.all(), "00000000 00000000 00000000 00000000 0800 1d00 08000000", "list the links");
        assertQuery(
                LinkQuery.all().ofKind("veth").ofMaster(7).withStatistics().inNamespace(3),
                """
                00000000 00000000 00000000 00000000
                0800 0a00 07000000  1000 1280 0900 0100 7665746800 000000  0800 1d00 00000000
                0800 2e00 03000000""",
                "list the links of kind 'veth' of master 7 in namespace 3");
        assertQuery(LinkLookup.byIndex(7), "00000000 07000000 00000000 00000000 0800 1d00 08000000", "look up link 7");
        assertQuery(
                LinkLookup.byName("e"),
                "00000000 00000000 00000000 00000000 0600 0300 65000000 0800 1d00 08000000",
                "look up link 'e'");
        assertQuery(
                LinkLookup.byAlternativeName("e"),
                "00000000 00000000 00000000 00000000 0800 1d00 08000000 0600 3500 65000000",
                "look up link 'e'");
        assertQuery(
                LinkLookup.byIndex(7).withStatistics().inNamespace(3),
                "00000000 07000000 00000000 00000000 0800 1d00 00000000 0800 2e00 03000000",
                "look up link 7 in namespace 3");
    }

    private static void assertQuery(NetlinkRequest query, String expected, String words) {
        assertEquals(expected.replaceAll("\\s", ""), Wires.bodyOf(query));
        assertEquals(words, query.toString());
    }

    @Test
    void anUnknownKindIsCreatedWithItsBytes() {
        // ip link add br0 type bridge forward_delay 0 (IFLA_BR_FORWARD_DELAY is 1)
        byte[] data = Wires.bytes("0800 0100 00000000");
        assertBody(LinkRequest.create("br0", new LinkInfo.Unknown("bridge", data)), """
                00000000 00000000 00000000 00000000
                0800 0300 62723000
                1c00 1280 0b00 0100 62726964676500 00 0c00 0280 0800 0100 00000000""");
    }

    @Test
    void aLinkIsChangedAndDeletedByItsIndex() {
        // ip link set dev lo up mtu 65535
        LinkRequest change = LinkRequest.change(1).up().mtu(65535);
        assertEquals(19, change.type());
        assertEquals(0, change.flags());
        assertBody(change, "00000000 01000000 01000000 01000000 0800 0400 ffff0000");
        assertEquals("change link 1", change.toString());

        // ip link del dev d0, where d0 has index 5
        LinkRequest delete = LinkRequest.delete(5);
        assertEquals(17, delete.type());
        assertBody(delete, "00000000 05000000 00000000 00000000");
        assertEquals("delete link 5", delete.toString());
    }

    @Test
    void aChangedCopyLeavesTheOriginalAsItWas() {
        LinkRequest original = LinkRequest.create("d0", new LinkInfo.Dummy());
        String before = Wires.bodyOf(original);

        LinkRequest changed = original.up().mtu(9000).linkedTo(3).withIndex(77);

        assertTrue(!before.equals(Wires.bodyOf(changed)));
        assertEquals(before, Wires.bodyOf(original));
    }

    @Test
    void aClosedNamespaceIsNoticedBeforeAnythingIsSent() throws Exception {
        NetNamespace target = NetNamespace.current();
        LinkRequest request = LinkRequest.create("eth0", new LinkInfo.Dummy()).in(target);
        target.close();

        assertThrows(IllegalStateException.class, () -> Wires.bodyOf(request));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/b",
                "a:b",
                "a%d",
                "%",
                "a b",
                " a",
                "a\t",
                "a\n",
                "a\0b",
                "\u007f",
                "a\u001b",
                "\u00e0",
                "sixteen-letters-",
                "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"
            })
    void aNameThatCannotNameALinkIsRefused(String name) {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> LinkRequest.create(name, new LinkInfo.Dummy()));

        assertTrue(String.valueOf(thrown.getMessage()).startsWith("'" + name + "'"), thrown.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "...",
                "eth0.139",
                "fifteen-letters",
                "a@b",
                "-",
                "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"
            })
    void anyOtherNameIsTaken(String name) {
        assertTrue(LinkRequest.create(name, new LinkInfo.Dummy()).toString().contains(name));
    }
}
