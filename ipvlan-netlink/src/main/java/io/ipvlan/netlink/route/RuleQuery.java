package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import org.jspecify.annotations.Nullable;

/// A question for the rules. The kernel has no filter but the family. Source: `fib_nl_dumprule` in the
/// kernel's `net/core/fib_rules.c`.
///
/// @param family the family; null for both
record RuleQuery(@Nullable IpFamily family) implements NetlinkRequest {
    @Override
    public int type() {
        return Uapi.RTM_GETRULE;
    }

    @Override
    public void writeTo(AttributeWriter to) {
        to.fixed32(family == null ? 0 : Wire.number(family)).fixed32(0).fixed32(0);
    }

    @Override
    public String toString() {
        return "list the rules" + (family == null ? "" : " of " + family);
    }
}
