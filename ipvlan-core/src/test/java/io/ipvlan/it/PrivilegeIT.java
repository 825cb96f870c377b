package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is missing is named, with what to do about it, and nothing is left behind: seen from programs of
/// their own, which lack one thing each.
class PrivilegeIT {
    private static final String NAMESPACE = "privilege";
    private static final String PARENT = "p0";
    private static final String DUMMY = "";
    private static final String ALLOW = "--enable-native-access=ALL-UNNAMED";

    private final Lab lab = new Lab();

    @BeforeEach
    void nameANamespaceAndMakeAParent() {
        lab.link(PARENT + " up type dummy");
        lab.host().run("ip netns add " + NAMESPACE);
    }

    @AfterEach
    void nothingIsLeft() {
        String left = lab.host().run("ip -n " + NAMESPACE + " -o link");
        lab.host().run("ip netns delete " + NAMESPACE);
        lab.close();
        assertTrue(left.lines().allMatch(line -> line.contains("lo:")), left);
    }

    private static void printed(String expected, List<String> wrapper, String jvmOption, String parent) {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                jvmOption,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Attempt.class.getName(),
                NAMESPACE,
                parent);
        Command.Result result =
                Command.run(Stream.concat(wrapper.stream(), java.stream()).toList());
        assertTrue(result.checked().contains(expected), result.output());
    }

    private static List<String> without(String capability) {
        return List.of("setpriv", "--inh-caps=-" + capability, "--bounding-set=-" + capability);
    }

    @Test
    void withEverythingItWorks() {
        printed("done", List.of(), ALLOW, DUMMY);
        printed("done", List.of(), ALLOW, PARENT);
    }

    @Test
    void withoutNetAdminTheCapabilityIsNamed() {
        printed("create dummy link", without("net_admin"), ALLOW, DUMMY);
        printed("the process lacks CAP_NET_ADMIN", without("net_admin"), ALLOW, DUMMY);
        printed("the process lacks CAP_NET_ADMIN", without("net_admin"), ALLOW, PARENT);
    }

    @Test
    void withoutSysAdminTheCapabilityIsNamed() {
        printed(
                "open network namespace 'privilege': the process lacks CAP_SYS_ADMIN",
                without("sys_admin"),
                ALLOW,
                PARENT);
    }

    @Test
    void withoutNativeAccessTheFlagIsNamed() {
        printed("--enable-native-access=ALL-UNNAMED", List.of(), "--illegal-native-access=deny", DUMMY);
    }
}
