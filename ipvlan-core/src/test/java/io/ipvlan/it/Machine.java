package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.Netns;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A network namespace that plays a machine: the host the library runs on, a container, a router, another
/// machine on the segment.
final class Machine implements AutoCloseable {
    private final @Nullable NetNamespace namespace;

    private Machine(@Nullable NetNamespace namespace) {
        this.namespace = namespace;
    }

    /// The namespace the tests run in, which belongs to them alone.
    static Machine host() {
        return new Machine(null);
    }

    /// A new machine with nothing but a loopback link, which is up.
    static Machine create() {
        try {
            Machine machine = new Machine(NetNamespace.create());
            machine.run("ip link set lo up");
            return machine;
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
    }

    NetNamespace namespace() {
        return Objects.requireNonNull(namespace, "the host has no handle");
    }

    Netns netns() {
        return Netns.ofPath(namespace().path());
    }

    /// Runs a program inside and insists that it ends well.
    ///
    /// @param command words separated by blanks
    /// @return what it said
    String run(String command) {
        return attempt(command).checked();
    }

    /// Runs code inside.
    <T> T inside(Supplier<T> code) {
        try {
            return namespace().<T, RuntimeException>call(code::get);
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
    }

    /// What stands before a command that runs inside.
    List<String> prefix() {
        return namespace == null ? List.of() : List.of("nsenter", "--net=" + namespace.path());
    }

    Command.Result attempt(String command) {
        List<String> words = new ArrayList<>(prefix());
        words.addAll(List.of(command.split(" ", -1)));
        return Command.run(words);
    }

    /// Writes a sysctl of this machine.
    void write(String file, String value) {
        Command.run(List.of("nsenter", "--net=" + namespace().path(), "sh", "-c", "echo " + value + " >" + file))
                .checked();
    }

    /// Insists that an answer comes back.
    void reaches(String address) {
        Command.Result ping = ping(address, 5);
        assertEquals(0, ping.exit(), () -> address + " did not answer:\n" + ping.output() + picture());
    }

    /// Insists that none comes: `ping` ends with 1 without an answer, with 2 if it could not even send.
    void doesNotReach(String address) {
        Command.Result ping = ping(address, 1);
        boolean silent = ping.exit() == 1 || ping.output().contains("Network is unreachable");
        assertTrue(silent, () -> address + " was to be out of reach:\n" + ping.output() + picture());
    }

    private Command.Result ping(String address, int seconds) {
        return attempt("ping -n -c 1 -W " + seconds + " " + address);
    }

    /// Insists that a command says something within twenty seconds.
    void waitsFor(String command, String part) {
        String said = run(command);
        for (int i = 0; i < 200 && !said.contains(part); i++) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            said = run(command);
        }
        assertTrue(said.contains(part), said);
    }

    /// Everything there is: links with their details, addresses, routes of all tables, rules. What changes by
    /// itself as time passes is left out.
    String picture() {
        return (run("ip -d -batch " + Listings.IPV4) + run("ip -d -6 -batch " + Listings.IPV6))
                .replaceAll("_timer +[0-9.]+", "_timer");
    }

    /// Several listings by one program: starting one takes longer than all it does.
    private static final class Listings {
        static final Path IPV4 = file("link show\naddress show\nroute show table all\nrule show\n");
        static final Path IPV6 = file("route show table all\nrule show\n");

        private static Path file(String lines) {
            try {
                Path file = Files.createTempFile("listings", ".ip");
                file.toFile().deleteOnExit();
                return Files.writeString(file, lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The sysctls of every link, and of links to come. Some cannot be read by anybody, so the exit code says
    /// nothing.
    String settings() {
        String settings = attempt("grep -rs . /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf")
                .output();
        assertTrue(settings.contains("disable_ipv6"), settings);
        return settings;
    }

    /// The IPv4 routes of the main table, one on each line, as `ip route` prints them.
    List<String> routes() {
        return lines("ip -4 route");
    }

    /// The IPv6 routes of the main table, without those of link-local addresses.
    List<String> routes6() {
        return lines("ip -6 route").stream()
                .filter(line -> !line.startsWith("fe80::"))
                .toList();
    }

    private List<String> lines(String command) {
        return run(command).lines().map(String::strip).toList();
    }

    @Override
    public void close() {
        if (namespace != null) {
            namespace.close();
        }
    }
}
