package io.ipvlan.examples;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.AddressMessage;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.RouteMessage;
import io.ipvlan.netlink.route.RouteSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The L3 network of the ipvlan manual, from nothing to nothing: two network namespaces, two subnets, no
/// parent, a ping each way. Exits with 1 if a ping failed or anything was left behind. Needs root, `ping` and
/// `nsenter`.
public final class Quickstart {
    private static final int MAIN_TABLE = 254;
    private static final int LINK_SCOPE = 253;

    private final List<String> failures = new ArrayList<>();

    private Quickstart() {}

    public static void main(String[] arguments) throws NetlinkException, IOException, InterruptedException {
        Quickstart quickstart = new Quickstart();
        quickstart.run();
        for (String failure : quickstart.failures) {
            System.out.println("FAILED: " + failure);
        }
        System.exit(quickstart.failures.isEmpty() ? 0 : 1);
    }

    private void run() throws NetlinkException, IOException, InterruptedException {
        try (RouteSocket host = RouteSocket.open();
                NetNamespace a = NetNamespace.create();
                NetNamespace b = NetNamespace.create();
                Ipvlan ipvlan = Ipvlan.open()) {
            List<LinkMessage> before = host.links();

            IpvlanNetwork description = IpvlanNetwork.builder("ipnet210")
                    .l3()
                    .subnet("192.168.214.0/24")
                    .subnet("10.1.214.0/24")
                    .build();
            EndpointSpec first = EndpointSpec.in(Netns.ofPath(a.path())).withAddress("192.168.214.10");
            EndpointSpec second = EndpointSpec.in(Netns.ofPath(b.path())).withAddress("10.1.214.10");

            print(
                    "plan of network '" + description.name() + "'",
                    ipvlan.plan(description).commands());
            ActiveNetwork network = ipvlan.create(description);
            print("plan of the first endpoint", network.plan(first).commands());
            print("plan of the second endpoint", network.plan(second).commands());
            network.attach(first);
            network.attach(second);

            print("inside the first namespace", inside(a));
            print("inside the second namespace", inside(b));
            ping(a, "10.1.214.10");
            ping(b, "192.168.214.10");

            network.endpoints().forEach(endpoint -> endpoint.detach());
            network.delete();
            check("a link is left on the host", before.equals(host.links()));
            check("something is left in the first namespace", inside(a).equals(List.of("link lo down")));
            check("something is left in the second namespace", inside(b).equals(List.of("link lo down")));
            print("removed", failures.isEmpty() ? List.of("everything") : List.of());
        }
    }

    /// Links, addresses and routes of a namespace, as the kernel reports them.
    private static List<String> inside(NetNamespace namespace) throws NetlinkException {
        List<String> lines = new ArrayList<>();
        try (RouteSocket socket = RouteSocket.open(namespace)) {
            for (LinkMessage link : socket.links()) {
                lines.add("link " + link.name() + (link.isUp() ? " up" : " down")
                        + link.info().map(Quickstart::text).orElse(""));
                for (AddressMessage address : socket.addresses()) {
                    if (address.index() == link.index()) {
                        lines.add("  address " + address.address());
                    }
                }
                for (RouteMessage route : socket.routes()) {
                    if (route.table() == MAIN_TABLE && route.device().orElse(0) == link.index()) {
                        lines.add("  route " + text(route, link.name()));
                    }
                }
            }
        }
        return lines;
    }

    private static String text(LinkInfo info) {
        return info instanceof LinkInfo.Ipvlan(int mode, int flags)
                ? " ipvlan " + List.of("l2", "l3", "l3s").get(mode) + " "
                        + List.of("bridge", "private", "vepa").get(flags)
                : " " + info.kind();
    }

    private static String text(RouteMessage route, String device) {
        return (route.destination().length() == 0
                        ? "default"
                        : route.destination().toString())
                + route.gateway().map(gateway -> " via " + gateway).orElse("")
                + " dev " + device
                + (route.scope() == LINK_SCOPE ? " scope link" : "")
                + route.source().map(source -> " src " + source).orElse("");
    }

    private void ping(NetNamespace from, String address) throws IOException, InterruptedException {
        Process ping = new ProcessBuilder(
                        "nsenter", "--net=" + from.path(), "ping", "-n", "-c", "1", "-W", "5", address)
                .redirectErrorStream(true)
                .start();
        String output = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = ping.waitFor();
        Optional<String> time =
                output.lines().filter(line -> line.contains("time=")).findFirst();
        print("ping " + address, List.of(time.orElse(output.strip())));
        check("ping " + address + " ended with " + exit, exit == 0);
    }

    private void check(String failure, boolean holds) {
        if (!holds) {
            failures.add(failure);
        }
    }

    private static void print(String title, List<String> lines) {
        System.out.println(title);
        lines.forEach(line -> System.out.println("  " + line));
    }
}
