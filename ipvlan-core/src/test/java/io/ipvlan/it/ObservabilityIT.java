package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Finding;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Operation;
import io.ipvlan.OperationListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the library tells about itself on a real kernel.
class ObservabilityIT {
    private static final IpvlanNetwork NET = IpvlanNetwork.builder("net")
            .l3()
            .subnet("10.9.0.0/24")
            .label("owner", "s3cret-value")
            .build();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void theListingsOfThePageRun() throws IOException {
        List<Operation> told = new ArrayList<>();
        OperationListener listener = told::add;
        Path file = directory.resolve("bundle.txt");
        List<String> problems = new ArrayList<>();
        // [preflight]
        for (Finding finding : Ipvlan.preflight()) {
            if (finding.isProblem()) {
                problems.add(finding.subject() + ": " + finding.what() + "; " + finding.remedy());
            }
        }
        // [/preflight]
        assertEquals(List.of(), problems);
        try (Lab lab = new Lab()) {
            // [builder]
            Ipvlan ipvlan =
                    Ipvlan.builder().listener(listener).recentExchanges(200).open();
            // [/builder]
            ActiveNetwork network = ipvlan.create(NET);
            network.attach(lab.machine().netns());
            // [bundle]
            ipvlan.supportBundle(file);
            // [/bundle]
            network.detachAll();
            network.delete();
            ipvlan.close();
        } finally {
            Ipvlan.builder().recentExchanges(0).open().close();
        }

        Operation attach = told.stream()
                .filter(operation -> operation.kind() == Operation.Kind.ATTACH)
                .findFirst()
                .orElseThrow();
        assertTrue(attach.phases().containsKey(Operation.Phase.KERNEL), attach::toString);
        String bundle = Files.readString(file);
        assertTrue(bundle.contains("RTM_NEWLINK"), bundle);
        assertTrue(bundle.contains("OK ipvlan: links of kind 'ipvlan' are there"), bundle);
        assertTrue(!bundle.contains("s3cret"), bundle);
    }

    @Test
    void aRecordingHasTheOperationAndItsExchanges() throws IOException {
        Path file = directory.resolve("attach.jfr");
        try (Lab lab = new Lab();
                Recording recording = new Recording();
                Ipvlan ipvlan = Ipvlan.open()) {
            ActiveNetwork network = ipvlan.create(NET);
            recording.enable("io.ipvlan.Operation");
            recording.enable("io.ipvlan.netlink.Exchange");
            recording.start();
            network.attach(lab.machine().netns());
            recording.stop();
            recording.dump(file);
            network.detachAll();
            network.delete();
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        RecordedEvent attach = events.stream()
                .filter(event -> event.getEventType().getName().equals("io.ipvlan.Operation"))
                .findFirst()
                .orElseThrow();

        assertEquals("attach", attach.getString("operation"));
        List<RecordedEvent> links = exchanges(events)
                .filter(event -> event.getString("type").equals("RTM_NEWLINK"))
                .toList();
        assertEquals(1, links.size(), events::toString);
        assertTrue(links.getFirst().getStartTime().compareTo(attach.getStartTime()) >= 0);
        assertTrue(links.getFirst().getEndTime().compareTo(attach.getEndTime()) <= 0);
    }

    @Test
    void anAttachTakesTwoExchangesOnceThereHaveBeenOthers() throws IOException {
        Path file = directory.resolve("warm.jfr");
        IpvlanNetwork dual = IpvlanNetwork.builder("dual")
                .subnet("10.9.1.0/24")
                .subnet("2001:db8:9::/64")
                .build();
        try (Lab lab = new Lab();
                Recording recording = new Recording();
                Ipvlan ipvlan = Ipvlan.open()) {
            List<ActiveNetwork> networks = List.of(ipvlan.create(NET), ipvlan.create(dual));
            for (ActiveNetwork network : networks) {
                network.attach(lab.machine().netns());
                network.attach(lab.machine().netns());
            }
            List<Netns> others =
                    Stream.generate(lab::machine).map(Machine::netns).limit(4).toList();
            recording.enable("io.ipvlan.netlink.Exchange");
            recording.start();
            networks.getFirst().attach(others.get(0));
            networks.getFirst().attach(others.get(1));
            networks.getLast().attach(others.get(2));
            networks.getLast().attach(others.get(3));
            recording.stop();
            recording.dump(file);
            for (ActiveNetwork network : networks) {
                network.detachAll();
                network.delete();
            }
        }
        List<String> types = exchanges(RecordingFile.readAllEvents(file))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .map(event -> event.getString("type"))
                .toList();
        // The link; then its alias, addresses, routes, and a last look, together.
        assertEquals(
                List.of(
                        "RTM_NEWLINK", "RTM_SETLINK",
                        "RTM_NEWLINK", "RTM_SETLINK",
                        "RTM_NEWLINK", "RTM_SETLINK",
                        "RTM_NEWLINK", "RTM_SETLINK"),
                types);
    }

    private static Stream<RecordedEvent> exchanges(List<RecordedEvent> events) {
        return events.stream().filter(event -> event.getEventType().getName().equals("io.ipvlan.netlink.Exchange"));
    }
}
