package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A program started with and without the switch for traces.
class TraceIT {
    /// The program: makes a link in a namespace of its own, twice.
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws NetlinkException {
            try (NetNamespace namespace = NetNamespace.create();
                    RouteSocket socket = RouteSocket.open(namespace)) {
                LinkRequest link =
                        LinkRequest.create("d0", new LinkInfo.Dummy()).withIndex(77);
                socket.send(link);
                try {
                    socket.send(link);
                } catch (NetlinkException.Refused refused) {
                    System.out.println("refused as it should be: " + refused.errno());
                }
            }
        }
    }

    private static List<String> run(String... options) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        return Command.run(command.toArray(String[]::new)).lines().toList();
    }

    @Test
    void everyMessageIsPrinted() {
        List<String> lines = run("-Dio.ipvlan.netlink.trace=true");

        String request = "RTM_NEWLINK NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE seq %d {ifi_family=AF_UNSPEC,"
                + " ifi_type=0, ifi_index=77, ifi_flags=0, ifi_change=0} IFLA_IFNAME=\"d0\","
                + " IFLA_LINKINFO={IFLA_INFO_KIND=\"dummy\"}";
        assertEquals(
                List.of(
                        "> " + request.formatted(1),
                        "< NLMSG_ERROR NLM_F_CAPPED seq 1 port error=0 of RTM_NEWLINK seq 1",
                        "> " + request.formatted(2),
                        "< NLMSG_ERROR NLM_F_CAPPED seq 2 port error=-EEXIST of RTM_NEWLINK seq 2",
                        "refused as it should be: EEXIST"),
                lines.stream()
                        .map(line -> line.replaceFirst("^netlink\\[\\d+] [0-9:.]+ ", ""))
                        .map(line -> line.replaceFirst(" port \\d+ ", " port "))
                        .toList());
    }

    @Test
    void nothingThatDescribesMessagesIsLoadedUnlessAskedFor() {
        List<String> lines = run("-Xlog:class+load:stdout");

        assertTrue(lines.contains("refused as it should be: EEXIST"), () -> String.join("\n", lines));
        assertTrue(lines.stream().anyMatch(line -> line.contains("io.ipvlan.netlink.Trace ")));
        String describers = ".*io\\.ipvlan\\.netlink\\.(TracePrinter|\\w+Text|SentRequest"
                + "|internal\\.(\\w*Names|MessageShape|Flags|FixedPart)) .*";
        assertEquals(
                List.of(),
                lines.stream().filter(line -> line.matches(describers)).toList());
    }
}
