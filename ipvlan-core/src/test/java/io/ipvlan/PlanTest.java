package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Step CREATE = new Step.CreateDummy("d0", 7, Optional.empty());
    private static final Step DELETE = new Step.DeleteLink("d0", 3, Optional.empty());

    @Test
    void itIsReadLineByLine() {
        Plan plan = new Plan(List.of(CREATE, DELETE));

        assertEquals("create dummy link d0, up\ndelete link d0", plan.toString());
        assertEquals(
                List.of("ip link add d0 index 7 group 1768978028 up type dummy", "ip link delete d0"), plan.commands());
    }

    @Test
    void anEmptyPlanSaysSo() {
        assertEquals("nothing to change", new Plan(List.of()).toString());
        assertEquals(List.of(), new Plan(List.of()).commands());
    }

    @Test
    void itsStepsAreItsOwn() {
        List<Step> steps = new ArrayList<>(List.of(CREATE));
        Plan plan = new Plan(steps);
        steps.clear();

        assertEquals(List.of(CREATE), plan.steps());
    }

    /// Users switch over steps without a default; a new kind of step shall break this test, not only them.
    @Test
    void theKindsOfStepsAreKnown() {
        String kind = switch (CREATE) {
            case Step.CreateDummy _ -> "dummy";
            case Step.CreateVlan _ -> "vlan";
            case Step.CreateIpvlan _ -> "child";
            case Step.AddAlternativeName _ -> "name";
            case Step.SetAlias _ -> "alias";
            case Step.SetUp _ -> "up";
            case Step.SetMtu _ -> "mtu";
            case Step.SetPort _ -> "port";
            case Step.SetSysctl _ -> "sysctl";
            case Step.AddAddress _ -> "address";
            case Step.AddRoute _ -> "route";
            case Step.AddRule _ -> "rule";
            case Step.DeleteRoute _ -> "delete route";
            case Step.DeleteRule _ -> "delete rule";
            case Step.DeleteLink _ -> "delete";
        };

        assertEquals("dummy", kind);
    }
}
