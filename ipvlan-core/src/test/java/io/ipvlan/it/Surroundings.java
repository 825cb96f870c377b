package io.ipvlan.it;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.model.Topology;
import io.ipvlan.model.World;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The machines of a topology, each a namespace: the host with its `eth0`, the neighbour at the other end of that
/// wire, a machine beyond, and the guests, as yet without links. Made in a few processes, since each costs more
/// than all pings of a topology together.
final class Surroundings implements AutoCloseable {
    private final Map<String, NetNamespace> namespaces = new LinkedHashMap<>();
    private final Topology topology;

    Surroundings(Topology topology) throws NetlinkException {
        this.topology = topology;
        namespaces.put(Topology.HOST, NetNamespace.current());
        namespaces.put(Topology.NEIGHBOUR, NetNamespace.create());
        namespaces.put(Topology.BEYOND, NetNamespace.create());
        for (int guest = 0; guest < topology.guests().size(); guest++) {
            namespaces.put(World.guest(guest), NetNamespace.create());
        }
        host();
        neighbour();
        beyond();
    }

    NetNamespace of(String machine) {
        return Objects.requireNonNull(namespaces.get(machine), machine);
    }

    private void host() {
        List<String> commands = new ArrayList<>(List.of(
                "link add eth0 type veth peer name eth0 netns "
                        + of(Topology.NEIGHBOUR).path(),
                "link set eth0 up addrgenmode none"));
        addresses("eth0", Topology.HOST_ADDRESSES, commands);
        if (topology.outside().hostDefault()) {
            defaults(Topology.NEIGHBOUR_ADDRESSES, commands);
        }
        run(Topology.HOST, commands, "");
    }

    private void neighbour() {
        // The other end is set up by beyond(), when this end has put it there.
        List<String> commands = new ArrayList<>(List.of(
                "link add eth1 up type veth peer name eth0 netns "
                        + of(Topology.BEYOND).path(),
                "link set eth0 up"));
        String wire = "eth0";
        if (topology.outside().reflects()) {
            wire = "br0"; // a bridge that sends frames back out of the port they came in by
            commands.addAll(List.of(
                    "link add br0 up type bridge",
                    "link set eth0 master br0",
                    "link set eth0 type bridge_slave hairpin on"));
        }
        addresses(wire, topology.neighbourAddresses(), commands);
        addresses("eth1", Topology.UPLINK_ADDRESSES, commands);
        for (IpPrefix prefix : topology.neighbourRoutes()) {
            commands.add("route add " + prefix + " via " + Topology.of(prefix.family(), Topology.HOST_ADDRESSES));
        }
        String forwarding = topology.outside().forwards() ? "1" : "0";
        run(
                Topology.NEIGHBOUR,
                commands,
                "cd /proc/sys/net\n"
                        + ("echo " + forwarding + " >ipv4/ip_forward\n")
                        + ("echo " + forwarding + " >ipv6/conf/all/forwarding\n")
                        // A redirect would make the sender try the direct way next time.
                        + "echo 0 >ipv4/conf/all/send_redirects\n"
                        + ("echo 0 >ipv4/conf/" + wire + "/send_redirects\n"));
    }

    private void beyond() {
        List<String> commands = new ArrayList<>(List.of("link set eth0 up"));
        addresses("eth0", Topology.BEYOND_ADDRESSES, commands);
        defaults(Topology.UPLINK_ADDRESSES, commands);
        run(Topology.BEYOND, commands, "");
    }

    /// Without duplicate address detection, which takes time and which a reflected frame would fail.
    private static void addresses(String link, List<IpCidr> addresses, List<String> commands) {
        addresses.forEach(address -> commands.add("address add " + address + " dev " + link + " nodad"));
    }

    private static void defaults(List<IpCidr> gateways, List<String> commands) {
        for (IpFamily family : IpFamily.values()) {
            IpAddress gateway = Topology.of(family, gateways);
            commands.add("route add default via " + gateway);
        }
    }

    private void run(String machine, List<String> commands, String more) {
        String script = "set -e\nip -batch - <<end\n" + String.join("\n", commands) + "\nend\n" + more;
        Command.run(List.of("nsenter", "--net=" + of(machine).path(), "sh", "-c", script))
                .checked();
    }

    @Override
    public void close() {
        Command.run(List.of("ip", "link", "delete", "eth0")).checked();
        namespaces.values().forEach(NetNamespace::close);
    }
}
