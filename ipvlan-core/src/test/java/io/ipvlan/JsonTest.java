package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Programs write what the library tells them as JSON, with whatever they have for that; here with Jackson.
/// The library has no part in it: its records are written component by component. What a program adds itself,
/// as here: the module for `Optional`, and that addresses, prefixes and durations are written as their texts.
class JsonTest {
    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new Jdk8Module())
            .registerModule(new SimpleModule()
                    .addSerializer(IpAddress.class, ToStringSerializer.instance)
                    .addSerializer(IpPrefix.class, ToStringSerializer.instance)
                    .addSerializer(IpCidr.class, ToStringSerializer.instance)
                    .addSerializer(Duration.class, ToStringSerializer.instance));
    private static final EndpointSpec WEB =
            EndpointSpec.in(Netns.ofName("blue")).withId("web").withAddress("192.168.1.9");
    private static final IpvlanNetwork LAN = IpvlanNetwork.builder("lan")
            .parent("eth0")
            .subnet("192.168.1.0/24")
            .hostAccess()
            .build();

    private static String text(Object value) throws JsonProcessingException {
        return JSON.writeValueAsString(value);
    }

    @Test
    void aPlanIsAListOfSteps() throws JsonProcessingException {
        Optional<Netns> blue = Optional.of(Netns.ofName("blue"));
        Plan plan = new Plan(List.of(
                new Step.CreateVlan("eth0.20", 1000, "eth0", 2, 20, VlanProtocol.DOT1Q, Optional.empty()),
                new Step.CreateIpvlan(
                        "eth0",
                        1001,
                        "eth0.20",
                        1000,
                        Optional.empty(),
                        blue,
                        IpvlanMode.L2,
                        IpvlanFlag.BRIDGE,
                        OptionalInt.of(1400)),
                new Step.SetSysctl("net.ipv6.conf.eth0.disable_ipv6", "1", blue),
                new Step.AddAddress(IpCidr.parse("192.168.20.2/24"), "eth0", 1001, blue),
                new Step.AddRoute(Route.to("0.0.0.0/0").via("192.168.20.1").by("eth0"), 1001, blue)));

        assertEquals("""
                {"steps":[\
                {"name":"eth0.20","index":1000,"lower":"eth0","lowerIndex":2,"id":20,"protocol":"DOT1Q","netns":null},\
                {"name":"eth0","index":1001,"parent":"eth0.20","parentIndex":1000,"parentNetns":null,\
                "netns":{"name":"blue"},"mode":"L2","flag":"BRIDGE","mtu":1400},\
                {"key":"net.ipv6.conf.eth0.disable_ipv6","value":"1","netns":{"name":"blue"}},\
                {"address":"192.168.20.2/24","link":"eth0","index":1001,"netns":{"name":"blue"}},\
                {"route":{"destination":"0.0.0.0/0","gateway":"192.168.20.1","device":"eth0","type":"UNICAST",\
                "metric":null,"table":null,"source":null,"mtu":null,"gatewayOnLink":false,"default":true},\
                "index":1001,"netns":{"name":"blue"}}\
                ]}""", text(plan));
    }

    @Test
    void aDifferenceIsWrittenWithItsRemedy() throws JsonProcessingException {
        Drift drift = new Drift(
                Optional.of("web"),
                "link 'eth0' is down",
                List.of(new Step.SetUp("eth0", 1001, Optional.of(Netns.ofPid(17)))));

        assertEquals(
                "{\"endpoint\":\"web\",\"reason\":\"link 'eth0' is down\","
                        + "\"remedy\":[{\"link\":\"eth0\",\"index\":1001,\"netns\":{\"pid\":17}}]}",
                text(drift));
    }

    @Test
    void aNetworkIsWrittenAsItIs() throws JsonProcessingException {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            ActiveNetwork network = ipvlan.create(LAN);
            network.attach(WEB);
            JsonNode json = JSON.readTree(text(network.inspect()));

            assertEquals("lan", json.at("/description/name").textValue());
            assertEquals("L2", json.at("/description/mode").textValue());
            assertEquals("eth0", json.at("/description/parent/name").textValue());
            assertEquals("PT0S", json.at("/description/coolDown").textValue());
            assertTrue(json.at("/description/hostAccess").booleanValue());
            assertEquals("eth0", json.at("/parent").textValue());
            assertEquals(2, json.at("/parentIndex").intValue());
            assertEquals("192.168.1.0/24", json.at("/subnets/0/prefix").textValue());
            assertEquals("192.168.1.1", json.at("/subnets/0/gateway").textValue());
            assertEquals("192.168.1.2", json.at("/hostAddresses/0").textValue());
            assertEquals(2, json.at("/usage/192.168.1.0~124/held").intValue());
            assertEquals("web", json.at("/endpoints/0/id").textValue());
            assertEquals("192.168.1.9/24", json.at("/endpoints/0/addresses/0").textValue());
        }
    }

    @Test
    void whatWasObservedIsWrittenAsItIs() throws JsonProcessingException {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            ActiveNetwork network = ipvlan.create(LAN);
            Endpoint web = network.attach(WEB);
            JsonNode json = JSON.readTree(text(network.observe()));

            assertEquals(
                    "{\"name\":\"eth0\",\"index\":2,\"up\":true,\"mtu\":1500,\"mode\":null,\"flag\":null,"
                            + "\"addresses\":[\"192.168.1.250/24\"]}",
                    json.at("/parent").toString());
            assertTrue(json.at("/hostAccess/name").textValue().startsWith("ipvl-"));
            assertEquals(
                    "{\"link\":{\"name\":\"eth0\",\"index\":" + web.info().interfaceIndex()
                            + ",\"up\":true,\"mtu\":1500,\"mode\":\"L2\",\"flag\":\"BRIDGE\","
                            + "\"addresses\":[\"192.168.1.9/24\"]},\"routes\":["
                            + text(Route.to("192.168.1.0/24").by("eth0"))
                            + ","
                            + text(Route.to("0.0.0.0/0").via("192.168.1.1").by("eth0"))
                            + "]}",
                    json.at("/endpoints/web").toString());
        }
    }
}
