package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/// The machines of one test. Closing it insists that the host is as it was: a test that leaves something
/// fails.
final class Lab implements AutoCloseable {
    private final Machine host = Machine.host();
    private final List<Machine> machines = new ArrayList<>();
    private final List<String> links = new ArrayList<>();
    private final String before = host.picture();

    Machine host() {
        return host;
    }

    Machine machine() {
        Machine machine = Machine.create();
        machines.add(machine);
        return machine;
    }

    /// The segment of the manual: the host's `eth0` with 192.168.1.250/24, and a machine with 192.168.1.1/24
    /// at the other end of the wire.
    ///
    /// @return the other machine
    Machine segment() {
        Machine other = machine();
        link("eth0 type veth peer name eth0 netns " + other.namespace().path());
        host.run("ip address add 192.168.1.250/24 dev eth0");
        host.run("ip link set eth0 addrgenmode none"); // such an address would come a second later, in mid-test
        host.run("ip link set eth0 up");
        other.run("ip address add 192.168.1.1/24 dev eth0");
        other.run("ip link set eth0 up");
        return other;
    }

    /// Makes a link on the host, which goes with the lab.
    void link(String nameAndType) {
        host.run("ip link add " + nameAndType);
        links.add(nameAndType.substring(0, nameAndType.indexOf(' ')));
    }

    @Override
    public void close() {
        links.forEach(link -> host.run("ip link delete " + link));
        machines.forEach(Machine::close);
        assertEquals(before, host.picture(), "something was left behind on the host");
    }
}
