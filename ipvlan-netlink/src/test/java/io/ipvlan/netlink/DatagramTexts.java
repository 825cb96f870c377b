package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// What a trace shows of a message, for tests of all packages.
public final class DatagramTexts {
    private DatagramTexts() {}

    /// A message of a dump.
    public static String of(int type, byte[] body) {
        byte[] message = Wires.framed(type, Uapi.NLM_F_MULTI, 1, body);
        return ofCut(type, body, message.length);
    }

    /// The same message, of which so many bytes are there.
    public static String ofCut(int type, byte[] body, long length) {
        byte[] message = Wires.framed(type, Uapi.NLM_F_MULTI, 1, body);
        List<String> lines = DatagramText.lines(MemorySegment.ofArray(message).asSlice(0, length), Uapi.NETLINK_ROUTE);
        assertEquals(1, lines.size());
        return lines.getFirst();
    }
}
