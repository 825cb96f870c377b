package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Wires;
import io.ipvlan.netlink.netns.NetNamespace;
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
                1c00 1280 0900 0100 766c616e00 000000 0c00 0280 0600 0100 8b00 0000""");
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
