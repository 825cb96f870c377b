package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.internal.engine.Engine;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.internal.observe.Watch;
import io.ipvlan.ipam.SubnetAllocator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the log says at its usual level: networks that come and go, one line each, and nothing of labels.
class LogTest {
    private static String logged(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aNetworkIsOneLineWhenItComesAndOneWhenItGoes() {
        String log = logged(() -> {
            try (Ipvlan ipvlan = Ipvlan.inMemory()) {
                ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("logged")
                        .l3()
                        .subnet("10.9.0.0/24")
                        .label("owner", "s3cret-value")
                        .build());
                network.attach(Netns.ofName("blue")).detach();
                network.verify();
                network.repair();
                network.delete();
            }
        });
        List<String> lines =
                log.lines().filter(line -> line.contains("'logged'")).toList();

        assertEquals(2, lines.size(), log);
        assertTrue(lines.getFirst().contains("INFO"), log);
        assertTrue(lines.getFirst().contains("created network 'logged'"), log);
        assertTrue(lines.getLast().contains("deleted network 'logged'"), log);
        assertFalse(log.contains("s3cret"), log);
    }

    @Test
    void whatAListenerThrowsIsLogged() {
        String log = logged(() -> {
            try (Ipvlan ipvlan = Engine.open(
                    new InMemoryKernel(), NetworkStore.inMemory(), SubnetAllocator.of(List.of()), new Watch(_ -> {
                        throw new IllegalArgumentException("the listener's own fault");
                    }))) {
                assertEquals(List.of(), ipvlan.networks());
            }
        });

        assertTrue(log.contains("WARN"), log);
        assertTrue(log.contains("the listener's own fault"), log);
    }
}
