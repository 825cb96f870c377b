package io.ipvlan.netlink.internal;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.route.AddressFlag;
import io.ipvlan.netlink.route.AddressGeneration;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.NeighbourFlag;
import io.ipvlan.netlink.route.NeighbourState;
import io.ipvlan.netlink.route.OperationalState;
import io.ipvlan.netlink.route.RouteMetrics;
import io.ipvlan.netlink.route.RouteProtocol;
import io.ipvlan.netlink.route.RouteScope;
import io.ipvlan.netlink.route.RouteTable;
import io.ipvlan.netlink.route.RouteType;
import io.ipvlan.netlink.route.RuleAction;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The numbers typed into the main sources against those of the C headers, which a C program wrote down for
/// each processor: see `src/test/resources/abi`. A number has to be right for all of them, as nothing is
/// chosen when the library runs.
class AbiTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/abi");
    private static final Map<String, Map<String, Long>> FACTS = new TreeMap<>();

    @BeforeAll
    static void readTheFacts() throws IOException {
        Map<String, Long> first = read("x86-64.txt", "# gcc ");
        Map<String, Long> second = read("aarch64.txt", "# aarch64-linux-gnu-gcc ");
        assertEquals(first.keySet(), second.keySet(), "make both files anew when facts.c changes");
        FACTS.put("x86-64", first);
        FACTS.put("aarch64", second);
    }

    private static Map<String, Long> read(String file, String compiler) throws IOException {
        List<String> lines = Files.readAllLines(DIRECTORY.resolve(file));
        assertTrue(lines.getFirst().startsWith(compiler), "the first line says how the file was made");
        Map<String, Long> facts = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", 2);
            assertEquals(null, facts.put(words[0], Long.valueOf(words[1])), "twice: " + words[0]);
        }
        return facts;
    }

    static Stream<Field> uapi() {
        return Arrays.stream(Uapi.class.getFields());
    }

    static Stream<Field> errnos() {
        return Arrays.stream(Errno.class.getFields()).filter(field -> Modifier.isStatic(field.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("uapi")
    void aConstantOfTheKernelIsWhatTheHeadersSay(Field constant) throws IllegalAccessException {
        assertFact(constant.getName(), ((Number) constant.get(null)).longValue());
    }

    @ParameterizedTest
    @MethodSource("errnos")
    void anErrorNumberIsWhatTheHeadersSay(Field constant) throws IllegalAccessException {
        assertFact(constant.getName(), ((Errno) constant.get(null)).number());
    }

    @Test
    void theStateACallCapturesIsErrnoAndNothingElse() {
        MemoryLayout state = Linker.Option.captureStateLayout();

        assertEquals(Libc.ERRNO_SIZE, state.byteSize());
        assertEquals(0, state.byteOffset(MemoryLayout.PathElement.groupElement("errno")));
    }

    @Test
    void theModesAndFlagsOfIpvlanAreWhatTheHeadersSay() {
        assertAll(
                () -> assertFact("IPVLAN_MODE_L2", LinkInfo.Ipvlan.L2),
                () -> assertFact("IPVLAN_MODE_L3", LinkInfo.Ipvlan.L3),
                () -> assertFact("IPVLAN_MODE_L3S", LinkInfo.Ipvlan.L3S),
                () -> assertFact("IPVLAN_F_PRIVATE", LinkInfo.Ipvlan.PRIVATE),
                () -> assertFact("IPVLAN_F_VEPA", LinkInfo.Ipvlan.VEPA),
                () -> assertEquals(0, LinkInfo.Ipvlan.BRIDGE, "no flag at all"));
    }

    @Test
    void theNumbersOfTheMessagesAreWhatTheHeadersSay() {
        Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("VLAN_FLAG_REORDER_HDR", LinkInfo.Vlan.REORDER_HEADER);
        ours.put("VLAN_FLAG_GVRP", LinkInfo.Vlan.GVRP);
        ours.put("VLAN_FLAG_LOOSE_BINDING", LinkInfo.Vlan.LOOSE_BINDING);
        ours.put("VLAN_FLAG_MVRP", LinkInfo.Vlan.MVRP);
        ours.put("VLAN_FLAG_BRIDGE_BINDING", LinkInfo.Vlan.BRIDGE_BINDING);
        ours.put("MACVLAN_MODE_PRIVATE", LinkInfo.Macvlan.PRIVATE);
        ours.put("MACVLAN_MODE_VEPA", LinkInfo.Macvlan.VEPA);
        ours.put("MACVLAN_MODE_BRIDGE", LinkInfo.Macvlan.BRIDGE);
        ours.put("MACVLAN_MODE_PASSTHRU", LinkInfo.Macvlan.PASSTHRU);
        ours.put("MACVLAN_MODE_SOURCE", LinkInfo.Macvlan.SOURCE);
        ours.put("MACVLAN_FLAG_NOPROMISC", LinkInfo.Macvlan.NO_PROMISCUITY);
        ours.put("IF_OPER_UNKNOWN", OperationalState.UNKNOWN);
        ours.put("IF_OPER_NOTPRESENT", OperationalState.NOT_PRESENT);
        ours.put("IF_OPER_DOWN", OperationalState.DOWN);
        ours.put("IF_OPER_LOWERLAYERDOWN", OperationalState.LOWER_LAYER_DOWN);
        ours.put("IF_OPER_TESTING", OperationalState.TESTING);
        ours.put("IF_OPER_DORMANT", OperationalState.DORMANT);
        ours.put("IF_OPER_UP", OperationalState.UP);
        ours.put("IN6_ADDR_GEN_MODE_EUI64", AddressGeneration.EUI64);
        ours.put("IN6_ADDR_GEN_MODE_NONE", AddressGeneration.NONE);
        ours.put("IN6_ADDR_GEN_MODE_STABLE_PRIVACY", AddressGeneration.STABLE_PRIVACY);
        ours.put("IN6_ADDR_GEN_MODE_RANDOM", AddressGeneration.RANDOM);
        ours.put("IFA_F_SECONDARY", AddressFlag.SECONDARY);
        ours.put("IFA_F_NODAD", AddressFlag.NO_DETECTION);
        ours.put("IFA_F_OPTIMISTIC", AddressFlag.OPTIMISTIC);
        ours.put("IFA_F_DADFAILED", AddressFlag.DETECTION_FAILED);
        ours.put("IFA_F_HOMEADDRESS", AddressFlag.HOME);
        ours.put("IFA_F_DEPRECATED", AddressFlag.DEPRECATED);
        ours.put("IFA_F_TENTATIVE", AddressFlag.TENTATIVE);
        ours.put("IFA_F_PERMANENT", AddressFlag.PERMANENT);
        ours.put("IFA_F_MANAGETEMPADDR", AddressFlag.MANAGE_TEMPORARY);
        ours.put("IFA_F_NOPREFIXROUTE", AddressFlag.NO_PREFIX_ROUTE);
        ours.put("IFA_F_MCAUTOJOIN", AddressFlag.JOIN_MULTICAST);
        ours.put("IFA_F_STABLE_PRIVACY", AddressFlag.STABLE_PRIVACY);
        ours.put("RT_SCOPE_UNIVERSE", RouteScope.UNIVERSE);
        ours.put("RT_SCOPE_SITE", RouteScope.SITE);
        ours.put("RT_SCOPE_LINK", RouteScope.LINK);
        ours.put("RT_SCOPE_HOST", RouteScope.HOST);
        ours.put("RT_SCOPE_NOWHERE", RouteScope.NOWHERE);
        ours.put("RT_TABLE_DEFAULT", RouteTable.DEFAULT);
        ours.put("RT_TABLE_MAIN", RouteTable.MAIN);
        ours.put("RT_TABLE_LOCAL", RouteTable.LOCAL);
        ours.put("RTN_UNSPEC", RouteType.UNSPECIFIED);
        ours.put("RTN_UNICAST", RouteType.UNICAST);
        ours.put("RTN_LOCAL", RouteType.LOCAL);
        ours.put("RTN_BROADCAST", RouteType.BROADCAST);
        ours.put("RTN_ANYCAST", RouteType.ANYCAST);
        ours.put("RTN_MULTICAST", RouteType.MULTICAST);
        ours.put("RTN_BLACKHOLE", RouteType.BLACKHOLE);
        ours.put("RTN_UNREACHABLE", RouteType.UNREACHABLE);
        ours.put("RTN_PROHIBIT", RouteType.PROHIBIT);
        ours.put("RTN_THROW", RouteType.THROW);
        ours.put("RTPROT_UNSPEC", RouteProtocol.UNSPECIFIED);
        ours.put("RTPROT_REDIRECT", RouteProtocol.REDIRECT);
        ours.put("RTPROT_KERNEL", RouteProtocol.KERNEL);
        ours.put("RTPROT_BOOT", RouteProtocol.BOOT);
        ours.put("RTPROT_STATIC", RouteProtocol.STATIC);
        ours.put("RTPROT_RA", RouteProtocol.ROUTER_ADVERTISEMENT);
        ours.put("RTPROT_DHCP", RouteProtocol.DHCP);
        ours.put("RTPROT_BGP", RouteProtocol.BGP);
        ours.put("RTPROT_OSPF", RouteProtocol.OSPF);
        ours.put("RTAX_MTU", RouteMetrics.MTU);
        ours.put("RTAX_WINDOW", RouteMetrics.WINDOW);
        ours.put("RTAX_RTT", RouteMetrics.ROUND_TRIP_TIME);
        ours.put("RTAX_RTTVAR", RouteMetrics.ROUND_TRIP_VARIANCE);
        ours.put("RTAX_SSTHRESH", RouteMetrics.SLOW_START_THRESHOLD);
        ours.put("RTAX_CWND", RouteMetrics.CONGESTION_WINDOW);
        ours.put("RTAX_ADVMSS", RouteMetrics.ADVERTISED_SEGMENT);
        ours.put("RTAX_REORDERING", RouteMetrics.REORDERING);
        ours.put("RTAX_HOPLIMIT", RouteMetrics.HOP_LIMIT);
        ours.put("RTAX_INITCWND", RouteMetrics.INITIAL_CONGESTION_WINDOW);
        ours.put("RTAX_FEATURES", RouteMetrics.FEATURES);
        ours.put("RTAX_RTO_MIN", RouteMetrics.MINIMUM_RETRANSMISSION);
        ours.put("RTAX_INITRWND", RouteMetrics.INITIAL_RECEIVE_WINDOW);
        ours.put("RTAX_QUICKACK", RouteMetrics.QUICK_ACKNOWLEDGEMENT);
        ours.put("RTAX_FASTOPEN_NO_COOKIE", RouteMetrics.FAST_OPEN_WITHOUT_COOKIE);
        ours.put("FR_ACT_UNSPEC", RuleAction.UNSPECIFIED);
        ours.put("FR_ACT_TO_TBL", RuleAction.TABLE);
        ours.put("FR_ACT_GOTO", RuleAction.GOTO);
        ours.put("FR_ACT_NOP", RuleAction.NOTHING);
        ours.put("FR_ACT_BLACKHOLE", RuleAction.BLACKHOLE);
        ours.put("FR_ACT_UNREACHABLE", RuleAction.UNREACHABLE);
        ours.put("FR_ACT_PROHIBIT", RuleAction.PROHIBIT);
        ours.put("NUD_NONE", NeighbourState.NONE);
        ours.put("NUD_INCOMPLETE", NeighbourState.INCOMPLETE);
        ours.put("NUD_REACHABLE", NeighbourState.REACHABLE);
        ours.put("NUD_STALE", NeighbourState.STALE);
        ours.put("NUD_DELAY", NeighbourState.DELAY);
        ours.put("NUD_PROBE", NeighbourState.PROBE);
        ours.put("NUD_FAILED", NeighbourState.FAILED);
        ours.put("NUD_NOARP", NeighbourState.NO_ARP);
        ours.put("NUD_PERMANENT", NeighbourState.PERMANENT);
        ours.put("NTF_USE", NeighbourFlag.USE);
        ours.put("NTF_PROXY", NeighbourFlag.PROXY);
        ours.put("NTF_EXT_LEARNED", NeighbourFlag.EXTERNALLY_LEARNED);
        ours.put("NTF_OFFLOADED", NeighbourFlag.OFFLOADED);
        ours.put("NTF_ROUTER", NeighbourFlag.ROUTER);
        ours.put("IFALIASZ", LinkRequest.ALIAS_LIMIT + 1);
        ours.put("ALTIFNAMSIZ", 127 + 1); // LinkNames.ALTERNATIVE_LIMIT
        ours.put("STATS64_SIZE_OF_TEN", 10 * 8); // where LinkStatistics stops
        ours.put("STATS64_OFFSET_NO_HANDLER", 23 * 8); // and goes on
        assertAll(ours.entrySet().stream().map(our -> () -> assertFact(our.getKey(), our.getValue())));
    }

    @Test
    void theLongestNameLeavesRoomForItsZeroByte() {
        assertFact("IFNAMSIZ", LinkRequest.NAME_LIMIT + 1);
    }

    private static void assertFact(String name, long value) {
        FACTS.forEach((processor, facts) -> {
            Long fact = facts.get(name);
            assertNotNull(fact, () -> "facts.c does not ask for " + name + " on " + processor);
            assertEquals(fact, value, () -> name + " on " + processor);
        });
    }
}
