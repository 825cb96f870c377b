package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.DriftWatch;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NetworkStore;
import io.ipvlan.netlink.NetlinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The library gets along with little, and hands nothing on.
class LeastPrivilegeIT {
    private static List<String> program(Class<?> main, String... arguments) {
        return Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()),
                        Stream.of(arguments))
                .toList();
    }

    private static String run(List<String> wrapper, List<String> program) {
        return Command.run(Stream.concat(wrapper.stream(), program.stream()).toList())
                .checked();
    }

    /// A user's own user namespace and network namespace: whoever is root there only.
    @Test
    void aUserNamespaceWithoutRootIsEnough() {
        String said = run(List.of("unshare", "--user", "--map-root-user", "--net"), program(Rootless.class));
        assertTrue(said.contains("attached 10.1.0.1/24 and detached"), said);
    }

    /// @param capabilities as setpriv(1) has them
    private static List<String> with(String capabilities) {
        return List.of("setpriv", "--inh-caps=" + capabilities, "--bounding-set=" + capabilities);
    }

    @Test
    void twoCapabilitiesAreEnough() {
        String said = run(with("-all,+net_admin,+sys_admin"), program(Rootless.class));
        assertTrue(said.contains("attached 10.1.0.1/24 and detached"), said);
    }

    /// Where it is already it need not enter, although the kernel insists on the capability there, too.
    @Test
    void oneCapabilityIsEnoughAtHome() {
        String said = run(with("-all,+net_admin"), program(AtHome.class));
        assertTrue(said.contains("dual is told [network: its parent"), said);
        assertTrue(said.contains("single is told [network: its parent"), said);
    }

    /// The container's namespace is not heard of then.
    @Test
    void changesThatAreNotHeardOfAreToldLate() {
        String said = run(with("-net_broadcast"), program(HardOfHearing.class));
        assertTrue(said.contains("is told [endpoint 'a': address 10.1.0.1/24 of 'eth0' is gone"), said);
        assertTrue(said.contains("is told [endpoint 'a': link 'eth0' is gone"), said);
    }

    /// Sockets, namespaces and the like with their flags. Files are the JDK's business: it opens them without
    /// the flag, and closes them when it executes a program.
    private static Map<String, Integer> descriptors() throws IOException {
        Map<String, Integer> open = new TreeMap<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path one : all.toList()) {
                if (Files.isSymbolicLink(one)) {
                    String what = Files.readSymbolicLink(one).toString();
                    if (what.matches("(socket|net|anon_inode):.*|/|(/proc)?/sys/net/.*")) {
                        open.put(one.getFileName() + " " + what, flags(one.getFileName()));
                    }
                }
            }
        }
        return open;
    }

    private static int flags(Path number) throws IOException {
        return Files.readString(Path.of("/proc/self/fdinfo").resolve(number))
                .lines()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8))
                .findFirst()
                .orElseThrow();
    }

    /// A program that this one executes must not get hold of a container's namespace.
    @Test
    void everyDescriptorIsClosedOnExec(@TempDir Path directory) throws IOException, NetlinkException {
        try (Lab lab = new Lab()) {
            Machine a = lab.machine();
            Map<String, Integer> before = descriptors();
            before.keySet().removeIf(descriptor -> descriptor.endsWith(" /"));
            try (Ipvlan ipvlan =
                    Ipvlan.builder().store(NetworkStore.directory(directory)).open()) {
                ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("cloexec")
                        .l3()
                        .subnet("10.1.0.0/24")
                        .build());
                try (DriftWatch _ = ipvlan.watch((_, _) -> {})) {
                    network.attach(EndpointSpec.in(a.netns()));
                    Map<String, Integer> now = new TreeMap<>();
                    for (int i = 0; i < 10; i++) { // so many that an instance of proc is made
                        network.attach(EndpointSpec.in(a.netns()).withoutDefaultRoute())
                                .detach();
                        now.putAll(descriptors());
                    }
                    assertTrue(now.keySet().stream().anyMatch(one -> one.endsWith(" /")), now::toString);
                    now.keySet().removeAll(before.keySet());
                    assertTrue(now.size() > 3, now::toString);
                    now.forEach((descriptor, flags) ->
                            assertTrue((flags & 02000000) != 0, descriptor + " is not close-on-exec"));
                }
                network.detachAll();
                network.delete();
            }
            Set<String> left = new TreeSet<>(descriptors().keySet());
            left.removeIf(descriptor -> descriptor.endsWith(" /")); // that instance stays while many are attached
            assertEquals(before.keySet(), left, "and none is left open");
        }
    }
}
