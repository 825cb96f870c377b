package io.ipvlan.internal.plan;

import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.Violation;
import java.util.List;
import java.util.regex.Pattern;

/// Finds every fault of a reference to a parent that can be found without looking at a host.
final class ParentValidator {
    private static final int LARGEST_VLAN = 4094;
    private static final Pattern MAC = Pattern.compile("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}");

    private ParentValidator() {}

    static void check(Parent parent, List<Violation> found) {
        if (parent instanceof Parent.In(Netns _, Parent inner)) {
            checkInside(inner, found);
        } else {
            checkInside(parent, found);
        }
    }

    private static void checkInside(Parent parent, List<Violation> found) {
        switch (parent) {
            case Parent.Link(String name) -> name("parent '" + name + "'", name, found);
            case Parent.Index(int index) -> {
                if (index <= 0) {
                    found.add(new Violation("parent index " + index, "an index is positive"));
                }
            }
            case Parent.Mac(String address) -> {
                if (!MAC.matcher(address).matches()) {
                    found.add(new Violation(
                            "parent address '" + address + "'",
                            "it must be six pairs of hexadecimal digits with colons between them"));
                }
            }
            case Parent.Vlan vlan -> vlan(vlan, found);
            case Parent.In _ ->
                found.add(new Violation(
                        "parent " + parent, "a namespace inside a namespace: say in(...) once, outermost"));
            case Parent.DefaultRoute() -> {}
            case Parent.Dummy() -> {}
        }
    }

    private static void name(String setting, String name, List<Violation> found) {
        // The long name of a VLAN link may be an alternative name.
        LinkNames.alternativeProblem(name)
                .ifPresent(reason -> found.add(new Violation(setting, "no link can have this name: " + reason)));
        if (name.equals("lo")) {
            found.add(new Violation(
                    setting, "the loopback link cannot be a parent; leave the parent out to get a dummy link"));
        }
    }

    private static void vlan(Parent.Vlan vlan, List<Violation> found) {
        String setting = "parent " + vlan;
        if (vlan.id() < 1 || vlan.id() > LARGEST_VLAN) {
            found.add(new Violation(setting, "the number of a VLAN is 1 to " + LARGEST_VLAN));
        }
        vlan.name()
                .flatMap(LinkNames::problem)
                .ifPresent(reason -> found.add(new Violation(setting, "its link cannot have this name: " + reason)));
        if (vlan.lower() instanceof Parent.Dummy) {
            found.add(new Violation(setting, "a VLAN on a dummy link leads nowhere: use the dummy link itself"));
        }
        checkInside(vlan.lower(), found);
    }
}
