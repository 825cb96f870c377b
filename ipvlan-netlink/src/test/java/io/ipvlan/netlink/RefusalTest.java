package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.internal.Uapi;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a refusal says, in each form the kernel has for it.
class RefusalTest {
    private static final byte[] ADDITIONS = Wires.join(
            Wires.join(
                    Wires.attribute(Uapi.NLMSGERR_ATTR_MSG, Wires.text("Unknown device type")),
                    Wires.attribute(Uapi.NLMSGERR_ATTR_OFFS, Wires.number(52))),
            Wires.join(
                    Wires.attribute(99, Wires.number(1)), // of a later kernel
                    Wires.attribute(Uapi.NLMSGERR_ATTR_MISS_TYPE, Wires.number(7))));

    /// Sends one request to a kernel that answers with this message.
    private static Optional<NetlinkException.Refused> outcome(byte[] answer) throws NetlinkException {
        try (NetlinkSocket socket = new ScriptedTransport().answers(answer).socket()) {
            return socket.exchange(List.of(TestRequest.named("make it")))
                    .getFirst()
                    .refusal();
        }
    }

    private static void send(byte[] answer) throws NetlinkException {
        try (NetlinkSocket socket = new ScriptedTransport().answers(answer).socket()) {
            socket.send(List.of(TestRequest.named("make it")));
        }
    }

    private static NetlinkException.Refused refusal(int flags, byte[] echo, byte[] attributes) throws NetlinkException {
        return outcome(Wires.error(1, flags, -95, echo, attributes)).orElseThrow();
    }

    @Test
    void aRefusalWithoutAdditionsIsANumber() throws NetlinkException {
        NetlinkException.Refused refused = refusal(Uapi.NLM_F_CAPPED, new byte[16], new byte[0]);

        assertEquals("make it: operation not supported [EOPNOTSUPP]", refused.getMessage());
        assertEquals("make it", refused.request());
        assertEquals(Errno.EOPNOTSUPP, refused.errno());
        assertEquals(ExtendedAck.NONE, refused.extendedAck());
    }

    @Test
    void theAdditionsOfACappedAnswerAreBehindTheHeaderOfTheRequest() throws NetlinkException {
        NetlinkException.Refused refused = refusal(Uapi.NLM_F_CAPPED | Uapi.NLM_F_ACK_TLVS, echoed(400, 16), ADDITIONS);

        assertEquals(
                "make it: operation not supported [EOPNOTSUPP: Unknown device type, misses attribute 7]",
                refused.getMessage());
        assertAllAdditions(refused);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 20, 23, 400})
    void theAdditionsOfAnUncappedAnswerAreBehindTheWholeRequest(int length) throws NetlinkException {
        assertAllAdditions(refusal(Uapi.NLM_F_ACK_TLVS, echoed(length, (length + 3) & ~3), ADDITIONS));
    }

    private static void assertAllAdditions(NetlinkException.Refused refused) {
        assertEquals(
                new ExtendedAck(
                        Optional.of("Unknown device type"),
                        OptionalInt.of(52),
                        OptionalInt.of(7),
                        Optional.empty(),
                        Optional.of("7"),
                        Optional.empty()),
                refused.extendedAck());
    }

    /// The request as the kernel repeats it: first its length, then so many bytes of it.
    private static byte[] echoed(int claimedLength, int present) {
        byte[] echo = new byte[present];
        System.arraycopy(Wires.number(claimedLength), 0, echo, 0, 4);
        return echo;
    }

    @Test
    void withoutTheMarkThereAreNoAdditions() throws NetlinkException {
        assertEquals(
                ExtendedAck.NONE,
                refusal(Uapi.NLM_F_CAPPED, new byte[16], ADDITIONS).extendedAck());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 17, 401, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -4})
    void additionsThatMakeNoSenseLeaveTheNumber(int claimedLength) throws NetlinkException {
        NetlinkException.Refused refused =
                refusal(Uapi.NLM_F_ACK_TLVS, echoed(claimedLength, 16), Wires.bytes("ffff 0100"));

        assertEquals(Errno.EOPNOTSUPP, refused.errno());
        assertEquals(ExtendedAck.NONE, refused.extendedAck());
    }

    @Test
    void anAnswerThatEndsBehindItsNumberIsARefusal() throws NetlinkException {
        for (int flags : new int[] {0, Uapi.NLM_F_ACK_TLVS, Uapi.NLM_F_CAPPED | Uapi.NLM_F_ACK_TLVS}) {
            assertEquals(
                    Errno.EOPNOTSUPP, refusal(flags, new byte[0], new byte[0]).errno());
        }
    }

    @Test
    void aWarningWithASuccessIsASuccess() throws NetlinkException {
        assertEquals(
                Optional.empty(),
                outcome(Wires.error(1, Uapi.NLM_F_CAPPED | Uapi.NLM_F_ACK_TLVS, 0, new byte[16], ADDITIONS)));
    }

    @ParameterizedTest
    @ValueSource(ints = {134, 512, 4095})
    void aNumberThisLibraryDoesNotKnowIsKept(int number) throws NetlinkException {
        NetlinkException.Refused refused =
                outcome(Wires.error(1, 0, -number, new byte[16], new byte[0])).orElseThrow();

        assertEquals(number, refused.errno().number());
        assertEquals("make it: an error this library has no words for [errno " + number + "]", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {-4096, -100_000, Integer.MIN_VALUE})
    void aNumberNoKernelHasIsMalformed(int result) {
        NetlinkException.Malformed thrown = assertThrows(
                NetlinkException.Malformed.class, () -> send(Wires.error(1, 0, result, new byte[16], new byte[0])));

        assertTrue(String.valueOf(thrown.getMessage()).contains("make it"), thrown.getMessage());
    }

    @Test
    void anAnswerWithoutANumberIsMalformed() {
        assertThrows(NetlinkException.Malformed.class, () -> send(Wires.framed(Uapi.NLMSG_ERROR, 0, 1, new byte[2])));
    }

    @Test
    void aRefusalCanBeSerialised() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(refusal(Uapi.NLM_F_CAPPED | Uapi.NLM_F_ACK_TLVS, new byte[16], ADDITIONS));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            NetlinkException.Refused read = (NetlinkException.Refused) in.readObject();

            assertEquals(
                    "make it: operation not supported [EOPNOTSUPP: Unknown device type, misses attribute 7]",
                    read.getMessage());
            assertEquals(Errno.EOPNOTSUPP, read.errno());
            assertEquals(ExtendedAck.NONE, read.extendedAck(), "the kernel's words are in the message only");
        }
    }
}
