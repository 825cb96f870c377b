package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.Netns;
import io.ipvlan.NetworkStore;
import io.ipvlan.internal.engine.Lifeline.Fault;
import io.ipvlan.internal.kernel.NetlinkKernel;
import io.ipvlan.ipam.SubnetAllocator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program is killed by the kernel, at points spread over all it does and at moments of chance: whoever
/// opens its
/// store next finds whole endpoints, and nothing else of it.
class KillIT {
    /// How many calls the victim makes to live once, roughly.
    private static final int LIFE = 90;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void aProgramThatIsKilledLeavesWholeEndpointsAndNothingElse() throws IOException, InterruptedException {
        long seed = Long.getLong("walk.seed", System.nanoTime());
        Random random = new Random(seed);
        int announced = 0;
        int byChance = 0;
        try (NetlinkHost host = new NetlinkHost()) {
            Netns one = host.newPlace();
            Netns two = host.newPlace();
            List<String> before = host.more();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                boolean announces = random.nextInt(4) > 0;
                int point = announces ? 1 + random.nextInt(LIFE) : 0;
                Fault fault = random.nextBoolean() ? Fault.KILLED_BEFORE : Fault.KILLED_AFTER;
                kill(point, fault, one, two, announces ? 0 : random.nextInt(300));
                check("walk.seed=" + seed + ", " + fault + " at " + point, host, one, two);
                assertEquals(before, host.more());
                announced += announces ? 1 : 0;
                byChance += announces ? 0 : 1;
            }
        }
        System.out.println(
                "KillIT: killed at " + announced + " points and " + byChance + " moments, walk.seed=" + seed);
    }

    private void kill(int point, Fault fault, Netns one, Netns two, int milliseconds)
            throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString(),
                        Integer.toString(point),
                        fault.name(),
                        one.toString(),
                        two.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said = victim.inputReader()) {
            assertEquals("begins", said.readLine());
            if (point > 0) {
                assertEquals("here", said.readLine());
            } else {
                Thread.sleep(milliseconds);
            }
        } finally {
            victim.destroyForcibly().waitFor();
        }
    }

    private void check(String where, NetlinkHost host, Netns first, Netns second) {
        try (Ipvlan next =
                Engine.open(NetlinkKernel.open(), NetworkStore.directory(directory), SubnetAllocator.of(List.of()))) {
            int links = 0;
            for (ActiveNetwork network : next.networks()) {
                assertEquals(List.of(), network.verify(), where);
                links += 2 + network.endpoints().size(); // with the parent and the host's
            }
            List<String> marked = host.witness().marked().stream()
                    .map(one -> one.netns() + " " + one.link().name() + " " + one.alias())
                    .toList();
            assertEquals(links, marked.size(), () -> where + ": " + next.networks() + " " + marked);
            for (ActiveNetwork network : next.networks()) {
                network.detachAll();
                network.delete();
            }
            Victim.live(next, first, second);
            assertEquals(List.of(), host.witness().marked(), where);
        }
        try (NetworkStore store = NetworkStore.directory(directory)) {
            assertEquals(List.of(), List.copyOf(Bench.texts(store).keySet()), where);
        }
    }
}
