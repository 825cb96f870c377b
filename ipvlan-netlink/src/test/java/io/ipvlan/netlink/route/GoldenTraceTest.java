package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.DatagramTexts;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a trace shows of messages of a real kernel.
class GoldenTraceTest {
    static List<GoldenMessage> all() {
        return GoldenMessage.all();
    }

    private static String trace(String name) {
        GoldenMessage golden = all().stream()
                .filter(message -> message.name().equals("7.2.7/" + name))
                .findFirst()
                .orElseThrow();
        return DatagramTexts.of(golden.type(), golden.body());
    }

    @ParameterizedTest
    @MethodSource("all")
    void everythingThisKernelSendsHasAName(GoldenMessage golden) {
        String line = DatagramTexts.of(golden.type(), golden.body());

        assertFalse(line.contains("malformed"), line);
        assertFalse(line.matches(".*[ {]\\d+[={].*"), line);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyTruncationIsDescribed(GoldenMessage golden) {
        for (int length = 0; length < golden.body().length; length++) {
            String line = DatagramTexts.ofCut(golden.type(), golden.body(), 16 + length);

            assertTrue(line.endsWith(" are left)"), line);
        }
    }

    @Test
    void aRowOfAddresses() {
        assertEquals(
                "RTM_NEWADDR NLM_F_MULTI seq 1 port 4711 {ifa_family=AF_INET, ifa_prefixlen=24, ifa_flags=0,"
                        + " ifa_scope=RT_SCOPE_LINK, ifa_index=2} IFA_ADDRESS=10.3.0.1, IFA_LOCAL=10.3.0.1,"
                        + " IFA_BROADCAST=10.3.0.255, IFA_LABEL=\"d0:front\", IFA_FLAGS=IFA_F_NOPREFIXROUTE,"
                        + " IFA_RT_PRIORITY=7, IFA_CACHEINFO=[900000, 1000000, 441, 441]",
                trace("address-everything"));
    }

    @Test
    void aRowOfRoutes() {
        assertEquals(
                "RTM_NEWROUTE NLM_F_MULTI seq 1 port 4711 {rtm_family=AF_INET, rtm_dst_len=16, rtm_src_len=0,"
                        + " rtm_tos=0, rtm_table=RT_TABLE_MAIN, rtm_protocol=RTPROT_BOOT, rtm_scope=RT_SCOPE_LINK,"
                        + " rtm_type=RTN_UNICAST, rtm_flags=0} RTA_TABLE=254, RTA_DST=10.12.0.0,"
                        + " RTA_METRICS={RTAX_LOCK=4, RTAX_MTU=1400, RTAX_ADVMSS=1360, RTAX_HOPLIMIT=9,"
                        + " RTAX_CC_ALGO=\"reno\"}, RTA_OIF=2",
                trace("route-metrics"));
    }

    @Test
    void aRowOfRules() {
        assertEquals(
                "RTM_NEWRULE NLM_F_MULTI seq 1 port 4711 {family=AF_INET, dst_len=0, src_len=0, tos=0, table=200,"
                        + " action=FR_ACT_TO_TBL, flags=0} FRA_TABLE=200, FRA_SUPPRESS_PREFIXLEN=-1, FRA_PROTOCOL=0,"
                        + " FRA_PRIORITY=102, FRA_UID_RANGE=[1000, 2000], FRA_SPORT_RANGE=[80, 81],"
                        + " FRA_DPORT_RANGE=[443, 443], FRA_DPORT_MASK=65535, FRA_IP_PROTO=6",
                trace("rule-ports"));
    }

    @Test
    void aRowOfNeighbours() {
        assertEquals(
                "RTM_NEWNEIGH NLM_F_MULTI seq 1 port 4711 {ndm_family=AF_INET, ndm_ifindex=2,"
                        + " ndm_state=NUD_REACHABLE, ndm_flags=NTF_EXT_LEARNED, ndm_type=RTN_UNICAST}"
                        + " NDA_DST=10.0.0.6, NDA_LLADDR=02:00:00:00:00:09, NDA_PROBES=0, NDA_CACHEINFO=[0, 0, 0, 1]",
                trace("neighbour-learned"));
    }

    @Test
    void aRowOfNamespaces() {
        assertEquals(
                "RTM_NEWNSID NLM_F_MULTI seq 1 port 4711 {rtgen_family=AF_UNSPEC} NETNSA_NSID=5",
                trace("namespace-id"));
    }
}
