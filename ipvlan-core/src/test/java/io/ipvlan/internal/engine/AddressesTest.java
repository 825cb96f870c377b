package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.AddressException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.ipam.IpamException;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which addresses endpoints get, seen from outside.
class AddressesTest {
    private final Ipvlan ipvlan = Ipvlan.inMemory();
    private int namespaces;

    @AfterEach
    void close() {
        ipvlan.close();
    }

    private EndpointSpec fresh(String... addresses) {
        EndpointSpec spec = EndpointSpec.in(Netns.ofName("ns" + namespaces++));
        for (String address : addresses) {
            spec = spec.withAddress(address);
        }
        return spec;
    }

    private List<String> attach(ActiveNetwork network, String... addresses) {
        return Bench.addresses(network.attach(fresh(addresses)));
    }

    private AddressException refused(ActiveNetwork network, String... addresses) {
        return assertThrows(AddressException.class, () -> network.attach(fresh(addresses)));
    }

    private ActiveNetwork network(String... subnets) {
        IpvlanNetwork.Builder builder = IpvlanNetwork.builder("n").l3();
        List.of(subnets).forEach(builder::subnet);
        return ipvlan.create(builder.build());
    }

    @Test
    void eachFamilyOfTheNetworkGetsOneAddress() {
        ActiveNetwork network = network("2001:db8:1::/64", "10.1.0.0/24", "10.2.0.0/24", "2001:db8:2::/64");

        assertEquals(List.of("10.1.0.1/24", "2001:db8:1::1/64"), attach(network));
        assertEquals(List.of("10.1.0.2/24", "2001:db8:1::2/64"), attach(network));
    }

    @Test
    void anAddressAskedForReplacesOnlyThatOfItsFamily() {
        ActiveNetwork network = network("10.1.0.0/24", "10.2.0.0/24", "2001:db8:1::/64");

        assertEquals(List.of("10.2.0.9/24", "2001:db8:1::1/64"), attach(network, "10.2.0.9"));
        assertEquals(List.of("2001:db8:1::9/64", "10.1.0.1/24"), attach(network, "2001:db8:1::9"));
        assertEquals(List.of("2001:db8:1::8/64", "10.1.0.8/24"), attach(network, "2001:db8:1::8", "10.1.0.8"));
        assertEquals(
                List.of("10.1.0.7/24", "10.2.0.7/24", "2001:db8:1::2/64"), attach(network, "10.1.0.7", "10.2.0.7"));
    }

    @Test
    void anAddressOutsideEverySubnetIsRefusedShowingThem() {
        ActiveNetwork network = network("10.1.0.0/24", "10.2.0.0/24");

        assertEquals(
                "lease address 10.3.0.1 in network 'n': it lies outside every one of the subnets [10.1.0.0/24,"
                        + " 10.2.0.0/24]",
                refused(network, "10.3.0.1").getMessage());
        assertTrue(refused(network, "2001:db8::1").reason().contains("outside every one of the subnets"));
    }

    @Test
    void anAddressThatIsTakenIsRefusedNamingItsHolder() {
        ActiveNetwork network = network("10.1.0.0/24");
        network.attach(fresh("10.1.0.9").withId("web-1"));

        AddressException refused = refused(network, "10.1.0.9");
        assertTrue(refused.reason().contains("held by 'web-1'"), refused::reason);
        assertInstanceOf(IpamException.AddressInUse.class, refused.getCause());
    }

    @Test
    void anAddressThatNoEndpointCanHaveIsRefused() {
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("lan")
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .build());

        assertTrue(refused(network, "192.168.1.0").reason().contains("network address"));
        assertTrue(refused(network, "192.168.1.255").reason().contains("broadcast address"));
        assertTrue(refused(network, "192.168.1.1").reason().contains("gateway"));
        assertTrue(refused(network, "192.168.1.250").reason().contains("withheld"), "the parent's own");
    }

    @Test
    void onASharedSegmentTheParentsAddressIsNeverGivenOut() {
        Subnet narrow = Subnet.of("192.168.1.0/24").withRange("192.168.1.249-192.168.1.251");
        ActiveNetwork network = ipvlan.create(
                IpvlanNetwork.builder("lan").parent("eth0").subnet(narrow).build());

        assertEquals(List.of("192.168.1.249/24"), attach(network));
        assertEquals(List.of("192.168.1.251/24"), attach(network));
        assertInstanceOf(IpamException.PoolExhausted.class, refused(network).getCause());
    }

    @Test
    void aFullSubnetIsFollowedByTheNext() {
        ActiveNetwork network = network("10.1.0.0/30", "10.2.0.0/31");
        List<String> given = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            given.addAll(attach(network));
        }

        assertEquals(List.of("10.1.0.1/30", "10.1.0.2/30", "10.2.0.0/31", "10.2.0.1/31"), given);
        AddressException refused = refused(network);
        assertTrue(refused.getMessage().contains("[10.1.0.0/30, 10.2.0.0/31]"), refused::getMessage);
    }

    @Test
    void whatWasTakenBeforeARefusalIsGivenBack() {
        ActiveNetwork network = network("10.1.0.0/30", "2001:db8::/64");
        refused(network, "2001:db8::1", "10.1.0.1", "10.1.0.3");

        assertEquals(List.of("10.1.0.1/30", "2001:db8::1/64"), attach(network));
        attach(network, "10.1.0.2", "2001:db8::2");
        // Its IPv6 address could be had, and no IPv4 one is left.
        refused(network, "2001:db8::3");
        network.endpoints().getFirst().detach();
        assertTrue(attach(network, "2001:db8::3").contains("2001:db8::3/64"));
    }

    @Test
    void aFreedAddressIsGivenOutAgain() {
        ActiveNetwork network = network("2001:db8::/64");
        for (int round = 0; round < 3; round++) {
            EndpointSpec spec = fresh("2001:db8::10").withId("a");
            assertEquals(List.of("2001:db8::10/64"), Bench.addresses(network.attach(spec)));
            network.endpoints().getFirst().detach();
        }
        assertEquals(List.of("2001:db8::1/64"), attach(network));
    }

    @Test
    void aReservedAddressIsGivenOutOnRequestOnly() {
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("n")
                .subnet(Subnet.of("10.1.0.0/30").withReserved("10.1.0.1"))
                .build());

        assertEquals(List.of("10.1.0.2/30"), attach(network));
        refused(network);
        assertEquals(List.of("10.1.0.1/30"), attach(network, "10.1.0.1"));
    }
}
