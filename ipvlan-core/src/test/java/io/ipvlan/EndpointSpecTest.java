package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointSpecTest {
    private static final Netns BLUE = Netns.ofName("blue");
    private static final EndpointSpec PLAIN = EndpointSpec.in(BLUE);

    @Test
    void everythingButTheNamespaceHasADefault() {
        assertEquals(new EndpointSpec(BLUE, Optional.empty(), List.of(), Optional.empty(), true), PLAIN);
    }

    @Test
    void eachSettingChangesACopy() {
        EndpointSpec all = PLAIN.withId("web-1")
                .withAddress("192.168.214.10")
                .withAddress(IpAddress.parse("2001:db8::10"))
                .withInterfaceName("eth1")
                .withoutDefaultRoute();

        assertEquals(
                new EndpointSpec(
                        BLUE,
                        Optional.of("web-1"),
                        List.of(IpAddress.parse("192.168.214.10"), IpAddress.parse("2001:db8::10")),
                        Optional.of("eth1"),
                        false),
                all);
        assertEquals(EndpointSpec.in(BLUE), PLAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "-a", "a b", ".."})
    void anIdOfOtherCharactersIsRefusedByName(String id) {
        String refused = Refusal.of(IllegalArgumentException.class, () -> PLAIN.withId(id));

        assertTrue(refused.startsWith("'" + id + "' cannot be the id of an endpoint"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sixteen-bytes-xx", "a/b", "eth%d", "."})
    void anInterfaceNameThatNoLinkCanHaveIsRefusedByName(String name) {
        String refused = Refusal.of(IllegalArgumentException.class, () -> PLAIN.withInterfaceName(name));

        assertTrue(refused.startsWith("'" + name + "' cannot name a link"));
    }

    @Test
    void anAddressIsAskedForOnce() {
        EndpointSpec one = PLAIN.withAddress("2001:db8::1");

        String refused = Refusal.of(IllegalArgumentException.class, () -> one.withAddress("2001:0db8:0::1"));
        assertTrue(refused.contains("2001:db8::1"), refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.214.10/24", "192.168.214", "localhost", ""})
    void anAddressIsPlain(String text) {
        assertFalse(Refusal.of(IllegalArgumentException.class, () -> PLAIN.withAddress(text))
                .isEmpty());
    }

    @Test
    void theListOfAddressesIsItsOwn() {
        List<IpAddress> addresses = new ArrayList<>(List.of(IpAddress.parse("10.0.0.1")));
        EndpointSpec spec = new EndpointSpec(BLUE, Optional.empty(), addresses, Optional.empty(), true);
        addresses.clear();

        assertEquals(List.of(IpAddress.parse("10.0.0.1")), spec.addresses());
    }
}
