package io.ipvlan.internal.plan;

import io.ipvlan.internal.ProgramSettings;
import java.util.Optional;

/// How the kernel's objects say that they are ours. A mark is set in the request that makes the object, stays
/// while the object exists, and is shown by `ip -d link`, `ip route` and `ip rule`. What does not carry it is
/// never removed.
public final class Marks {
    /// The group of links: "ipvl" as a number, unless the system property `io.ipvlan.group` says otherwise.
    /// Source: `IFLA_GROUP` in `linux/if_link.h`.
    public static final int GROUP = ProgramSettings.LINK_GROUP;

    /// The protocol of addresses, routes and rules: an "i", unless the system property `io.ipvlan.protocol`
    /// says otherwise. No program is known to use it; those below 5 are the kernel's and the administrator's.
    /// Source: `IFA_PROTO` in `linux/if_addr.h`, `rtm_protocol` in `linux/rtnetlink.h`, `FRA_PROTOCOL` in
    /// `linux/fib_rules.h`.
    public static final int PROTOCOL = ProgramSettings.PROTOCOL;

    private static final String PREFIX = "ipvlan:";
    private static final int ALIAS_LIMIT = 255;

    private Marks() {}

    /// What the alias of a link says: whose it is. The same text always; one that would be too long ends in a
    /// checksum.
    ///
    /// @param endpoint empty for what belongs to the network itself
    public static String alias(String network, Optional<String> endpoint) {
        String text = PREFIX + network + endpoint.map(id -> "/" + id).orElse("");
        if (text.length() <= ALIAS_LIMIT) {
            return text;
        }
        String end = "#" + LinkNames.digest(text);
        return text.substring(0, ALIAS_LIMIT - end.length()) + end;
    }

    /// Whose a link is, as its alias says.
    ///
    /// @return the network, and behind a slash the endpoint; empty if it says nothing
    public static String bearer(String alias) {
        return alias.startsWith(PREFIX) ? alias.substring(PREFIX.length()) : "";
    }
}
