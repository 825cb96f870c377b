package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.Wires;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The requests of this library against those `ip` sends for the same: they mean the same, but for what
/// `differences.txt` lists with a reason.
class GoldenRequestsTest {
    private static final int DUMP = 0x300;
    private static final Map<String, List<GoldenRequest.Difference>> DIFFERENCES = GoldenRequest.differences();

    private static NetNamespace namespace;
    private static Map<String, NetlinkRequest> requests;

    @BeforeAll
    static void makeTheRequests() throws Exception {
        namespace = NetNamespace.current();
        requests = SameRequests.in(namespace);
    }

    @AfterAll
    static void closeTheNamespace() {
        namespace.close();
    }

    static List<GoldenRequest> all() {
        return GoldenRequest.all();
    }

    /// What this library writes, with the number of the namespace's descriptor left out.
    private static List<String> ours(GoldenRequest golden) {
        NetlinkRequest request =
                Objects.requireNonNull(requests.get(golden.name()), () -> "SameRequests lacks " + golden.name());
        boolean listing = golden.type() % 4 == 2 && (golden.flags() & DUMP) == DUMP;
        String descriptor = " = " + HexFormat.of().toHexDigits(Integer.reverseBytes(namespace.descriptor()));
        return WireLines.of(request.type(), request.flags() | (listing ? DUMP : 0), Wires.bytes(Wires.bodyOf(request)))
                .stream()
                .map(line -> line.matches("(18\\.2\\.1\\.28|28|3)" + descriptor)
                        ? line.replace(descriptor, " = descriptor")
                        : line)
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aRequestMeansWhatThatOfIpMeans(GoldenRequest golden) {
        List<String> expected = new ArrayList<>(golden.lines());
        for (GoldenRequest.Difference difference : DIFFERENCES.getOrDefault(golden.name(), List.of())) {
            difference.ip().forEach(line -> assertTrue(expected.remove(line), () -> "not said by ip: " + line));
            expected.addAll(difference.ours());
        }
        Collections.sort(expected);

        assertEquals(String.join("\n", expected), String.join("\n", ours(golden)), golden.command());
    }

    @Test
    void everyRequestIsOneThatIpMakes() {
        assertEquals(
                new TreeSet<>(requests.keySet()),
                all().stream().map(GoldenRequest::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everyDifferenceHasAReasonAndConcernsARequest() {
        assertEquals(
                List.of(),
                DIFFERENCES.keySet().stream()
                        .filter(name -> !requests.containsKey(name))
                        .toList());
        for (List<GoldenRequest.Difference> differences : DIFFERENCES.values()) {
            for (GoldenRequest.Difference difference : differences) {
                assertTrue(difference.reason().length() > 20, difference::toString);
                assertFalse(difference.ip().isEmpty() && difference.ours().isEmpty(), difference::toString);
            }
        }
    }
}
