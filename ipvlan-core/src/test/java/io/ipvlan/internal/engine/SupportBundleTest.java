package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A support bundle holds what it says, and nothing that is nobody's business.
class SupportBundleTest {
    private static final IpvlanNetwork NET = IpvlanNetwork.builder("net")
            .l3()
            .subnet("10.9.0.0/24")
            .hostAccess()
            .label("owner", "s3cret-value")
            .build();

    @TempDir
    private Path directory = Path.of("");

    private static String section(String bundle, String title) {
        var found = Pattern.compile("^== " + Pattern.quote(title) + "\n(.*?)\n\n", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(bundle);
        assertTrue(found.find(), () -> "no section " + title + " in\n" + bundle);
        return found.group(1);
    }

    private static void holds(String bundle, String title, String part) {
        String section = section(bundle, title);
        assertTrue(section.contains(part), () -> title + ": " + section);
    }

    @Test
    void everySectionHoldsWhatItSays() throws IOException {
        Path file = directory.resolve("bundle.txt");
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            ActiveNetwork network = ipvlan.create(NET);
            network.attach(EndpointSpec.in(Netns.ofName("blue")).withId("b"));
            ipvlan.supportBundle(file);
        }
        String bundle = Files.readString(file);

        holds(bundle, "ipvlan", "version ");
        holds(bundle, "ipvlan", "Java 25");
        holds(bundle, "preflight", "CAP_NET_ADMIN");
        holds(bundle, "kernel", "kernel.osrelease = ");
        holds(bundle, "kernel", "net.ipv4.ip_forward = ");
        holds(bundle, "network 'net': description", "10.9.0.0/24");
        holds(bundle, "network 'net': description", "owner=(not shown)");
        holds(bundle, "network 'net': parent", "made by us");
        holds(bundle, "network 'net': what was done", "type ipvlan mode l3");
        holds(bundle, "network 'net': what differs", "(none)");
        holds(bundle, "network 'net': what the kernel holds", "endpoint 'b': ");
        holds(bundle, "network 'net': addresses", "10.9.0.0/24: ");
        holds(bundle, "recent exchanges", "");
        assertFalse(bundle.contains("s3cret"), bundle);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void whatDiffersIsInIt() throws IOException {
        Bench bench = new Bench();
        Path file = directory.resolve("bundle.txt");
        bench.engine.create(NET).attach(EndpointSpec.in(Bench.GREEN).withId("g"));
        bench.kernel.lose(Bench.GREEN);
        bench.engine.supportBundle(file);
        bench.engine.close();

        holds(Files.readString(file), "network 'net': what differs", "endpoint 'g'");
    }

    @Test
    void whatCannotBeFoundOutDoesNotKeepTheRest() throws IOException {
        Bench bench = new Bench();
        Path file = directory.resolve("bundle.txt");
        bench.engine.create(NET);
        bench.lifeline.fail(1, Lifeline.Fault.REFUSED);
        bench.engine.supportBundle(file);
        String bundle = Files.readString(file);
        bench.engine.close();

        holds(bundle, "network 'net': what differs", "(could not be found out: ");
        holds(bundle, "network 'net': what the kernel holds", "parent: Link");
    }

    @Test
    void aFileThatExistsIsLeftAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("there.txt"), "mine");
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            assertThrows(UncheckedIOException.class, () -> ipvlan.supportBundle(file));
        }

        assertEquals("mine", Files.readString(file));
    }

    @Test
    void aClosedEngineWritesNone() {
        Ipvlan ipvlan = Ipvlan.inMemory();
        ipvlan.close();

        assertThrows(IllegalStateException.class, () -> ipvlan.supportBundle(directory.resolve("none.txt")));
    }

    @Test
    void theVersionIsTheOneThatWasBuilt() throws IOException {
        Path file = directory.resolve("bundle.txt");
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            ipvlan.supportBundle(file);
        }

        String version = section(Files.readString(file), "ipvlan");
        assertTrue(version.matches("(?s)version \\d+\\.\\d+\\.\\d+.*"), version);
    }
}
