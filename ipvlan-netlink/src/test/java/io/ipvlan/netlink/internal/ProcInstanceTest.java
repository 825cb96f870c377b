package io.ipvlan.netlink.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Whether a process has a filter of system calls, as `/proc/thread-self/status` says it: proc_pid_status(5).
class ProcInstanceTest {
    private static final int SIZE = 128;

    private static boolean tellsOfFilter(String status) {
        byte[] bytes = status.getBytes(StandardCharsets.US_ASCII);
        return ProcInstance.tellsOfFilter(ByteBuffer.allocate(SIZE).put(bytes), bytes.length);
    }

    @Test
    void aProcessWithoutAFilterMayMakeAnInstance() {
        assertFalse(tellsOfFilter("Name:\tjava\nNoNewPrivs:\t1\nSeccomp:\t0\nSeccomp_filters:\t0\n"));
        assertFalse(tellsOfFilter("Name:\tjava\nNoNewPrivs:\t0\nSpeculation_Store_Bypass:\tthread vulnerable\n"));
    }

    @Test
    void oneWithAFilterMayNotNorOneOfWhichThatIsNotKnown() {
        assertTrue(tellsOfFilter("Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1\n"));
        assertTrue(tellsOfFilter("Name:\tjava\nSeccomp:\t1\n"));
        assertTrue(tellsOfFilter("Name:\tjava\nGroups:\t" + "7".repeat(SIZE - 19)), "cut off");
        assertTrue(tellsOfFilter(""), "unreadable");
    }
}
