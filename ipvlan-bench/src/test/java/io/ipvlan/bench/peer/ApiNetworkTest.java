package io.ipvlan.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Step;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiNetworkTest {
    @AfterEach
    void restore() {
        System.clearProperty("mode");
    }

    @Test
    void anEndpointGetsWhatTheOtherPeersGiveIt() {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            IpvlanNetwork network =
                    ApiNetwork.description().toBuilder().parent("eth0").build();
            List<String> commands = ipvlan.create(network).plan(ApiNetwork.endpoint(7)).steps().stream()
                    .map(Step::command)
                    .filter(command -> command.contains(" addr") || command.contains(" route"))
                    .toList();
            assertEquals(
                    List.of(
                            "ip -n b7 address add 10.100.0.1/16 dev eth0",
                            "ip -n b7 route add default via 10.100.255.254 dev eth0 proto 105"),
                    commands);
        }
    }

    @Test
    void aPropertySaysTheMode() {
        System.setProperty("mode", "l3s");

        assertEquals(IpvlanMode.L3S, ApiNetwork.description().mode());
    }

    @Test
    void endpointsAreInTheNamespacesOfThePool() {
        assertEquals(
                "b0 b1 b2",
                String.join(
                        " ",
                        ApiNetwork.endpoints(3).stream()
                                .map(endpoint -> endpoint.id().orElseThrow())
                                .toList()));
    }
}
