package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.EndpointSpec;
import io.ipvlan.Garbage;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.OwnedLink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the kernel knows of networks and endpoints when nobody else does any more.
class LostStoreIT {
    private static final IpvlanNetwork NETWORK = IpvlanNetwork.builder("lost")
            .l3()
            .parent("p0")
            .subnet("10.6.0.0/24")
            .build();
    private static final Netns RED = Netns.ofName("lost-red");
    private static final Netns BLUE = Netns.ofName("lost-blue");

    private final Lab lab = new Lab();

    @BeforeEach
    void nameTwoNamespaces() {
        lab.link("p0 up type dummy");
        lab.host().run("ip netns add " + RED);
        lab.host().run("ip netns add " + BLUE);
    }

    @AfterEach
    void nothingIsLeft() {
        lab.host().run("ip netns delete " + RED);
        lab.host().run("ip netns delete " + BLUE);
        lab.close();
    }

    /// An engine that forgets everything when it is closed.
    private static void attachAndForget() {
        try (Ipvlan first = Ipvlan.open()) {
            first.create(NETWORK)
                    .attachAll(List.of(
                            EndpointSpec.in(RED).withId("red"),
                            EndpointSpec.in(BLUE).withId("blue")));
        }
    }

    private String links(Netns netns) {
        return lab.host().run("ip -n " + netns + " link");
    }

    @Test
    void theKernelTellsWhoseItsLinksAre() {
        attachAndForget();
        assertTrue(links(RED).contains("alias ipvlan:lost/red"), links(RED));

        try (Ipvlan second = Ipvlan.open()) {
            List<OwnedLink> owned = second.ownedLinks();
            assertEquals(
                    Set.of(Optional.of("blue"), Optional.of("red")),
                    Set.copyOf(owned.stream().map(OwnedLink::endpoint).toList()));
            for (OwnedLink link : owned) {
                assertEquals(Optional.of("lost"), link.network());
                assertEquals(1, link.addresses().size());
                lab.host().run(link.deletion());
            }
            assertEquals(List.of(), second.ownedLinks());
        }
    }

    @Test
    void whatNobodyRemembersIsRemovedUnlessItLives() {
        attachAndForget();
        lab.host().run("ip -n " + RED + " link add stranger type dummy");
        try (Ipvlan second = Ipvlan.open()) {
            assertTrue(second.collect(Set.of(), Duration.ZERO).isEmpty(), "of networks it does not know nothing is");
            second.create(NETWORK);

            Garbage garbage = second.garbage(Set.of("blue"), Duration.ZERO);
            assertTrue(links(RED).contains("ipvlan:lost/red"), "that was only a look");
            assertEquals(garbage, second.collect(Set.of("blue"), Duration.ZERO));
            assertEquals(
                    List.of(Optional.of("red")),
                    garbage.links().stream().map(OwnedLink::endpoint).toList());
            assertTrue(!links(RED).contains("ipvlan:") && links(RED).contains("stranger"), links(RED));
            assertTrue(links(BLUE).contains("ipvlan:lost/blue"), links(BLUE));

            second.collect(Set.of(), Duration.ZERO);
            assertTrue(!links(BLUE).contains("ipvlan:"), links(BLUE));
        }
    }
}
