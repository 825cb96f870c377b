package io.ipvlan.netlink.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpCidr;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.ScriptedSocket;
import io.ipvlan.netlink.route.AddressRequest;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteEvent;
import io.ipvlan.netlink.route.RouteSocket;
import io.ipvlan.netlink.route.RouteWatch;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What `docs/netlink.md` shows is what is compiled and run: here what needs no kernel, the rest by
/// [DocumentationIT].
class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

    @Test
    void everyListingOfThePageIsOneThatRuns() {
        List<String> listings = Page.listings();

        assertTrue(listings.size() > 10, "the page shows too little");
        for (String listing : listings) {
            assertTrue(Page.regions().contains(listing), () -> "runs nowhere:\n" + listing);
        }
        assertEquals(new TreeSet<>(Page.regions()), new TreeSet<>(listings), "what is marked is shown");
    }

    @Test
    void everyOutputOfThePageIsComparedWithARealOne() {
        String sources = Page.sources();

        assertTrue(!Page.outputs().isEmpty());
        for (String name : Page.outputs().keySet()) {
            assertTrue(sources.contains("Page.output(\"" + name + "\")"), () -> "compared nowhere: '" + name + "'");
        }
    }

    @Test
    void everyLinkOfThePageLeadsToAFile() {
        for (Matcher link = LINK.matcher(Page.read(Page.FILE)); link.find(); ) {
            assertTrue(Files.exists(Page.FILE.resolveSibling(link.group(1))), link::group);
        }
    }

    @Test
    void theDependencyHasTheVersionOfThisBuild() {
        assertEquals(first(VERSION, Page.read(Page.ROOT.resolve("pom.xml"))), first(VERSION, Page.read(Page.FILE)));
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertTrue(matcher.find(), pattern::pattern);
        return matcher.group(1);
    }

    @Test
    void aKernelIsPlayed() throws NetlinkException {
        // [scripted]
        AddressRequest address = AddressRequest.add(7, IpCidr.parse("10.0.0.1/24"));
        ScriptedSocket kernel = new ScriptedSocket()
                .answers(LinkRequest.create("eth0", new LinkInfo.Dummy()).withIndex(7))
                .refuses(Errno.EEXIST, "Address already assigned");
        try (RouteSocket socket = RouteSocket.over(kernel.socket())) {
            assertEquals(7, socket.link("eth0").orElseThrow().index());

            var refused = assertThrows(NetlinkException.Refused.class, () -> socket.send(address));
            assertEquals(Errno.EEXIST, refused.errno());
        }
        assertTrue(kernel.sent().getLast().is(address));
        // [/scripted]
    }

    @Test
    void eventsArePlayed() throws NetlinkException {
        // [told]
        LinkRequest eth0 = LinkRequest.create("eth0", new LinkInfo.Dummy()).withIndex(7);
        ScriptedSocket kernel = new ScriptedSocket()
                .answers() // the first listing: no links
                .answers(eth0); // the listing after the gap
        try (RouteWatch watch =
                RouteWatch.builder().links().over(kernel.listener(), RouteSocket.over(kernel.socket()))) {
            assertEquals(new RouteEvent.Listing(false), watch.next());
            assertEquals(new RouteEvent.Complete(), watch.next());

            kernel.tells(eth0, LinkRequest.delete(7));
            assertTrue(watch.next() instanceof RouteEvent.Present present && present.object() instanceof LinkMessage);
            assertTrue(watch.next() instanceof RouteEvent.Gone gone && gone.object() instanceof LinkMessage);

            kernel.losesEvents();
            assertEquals(new RouteEvent.Listing(true), watch.next());
            assertTrue(watch.next() instanceof RouteEvent.Present);
            assertEquals(new RouteEvent.Complete(), watch.next());
        }
        // [/told]
    }
}
