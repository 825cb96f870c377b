package io.ipvlan.internal.kernel;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.RecentExchanges;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.LinkQuery;
import io.ipvlan.netlink.route.RouteSocket;
import java.util.List;
import java.util.Optional;

/// Asks what the kernel can, and whether it may be asked at all. Changes nothing and loads no module.
public final class KernelProbe {
    private static final int LOOPBACK_INDEX = 1; // in every namespace

    private KernelProbe() {}

    /// Whether the JVM lets the binding call native code without a warning.
    public static boolean isNativeAccessEnabled() {
        return RouteSocket.class.getModule().isNativeAccessEnabled();
    }

    /// Whether the kernel has a kind of links at this moment: built in, or its module is loaded. Asked for the
    /// links of a kind, the kernel leaves out all others if it knows the kind, and none if it does not: then
    /// the loopback link, which has no kind, is among them.
    ///
    /// @param place where to ask; each namespace answers alike
    /// @return empty if it does not answer
    public static Optional<Boolean> has(Kernel.Namespace place, String kind) {
        Boolean[] known = {true};
        try {
            ((NetlinkNamespace) place).socket().netlink().scan(LinkQuery.all().ofKind(kind), message -> {
                if (message.fixed32(4) == LOOPBACK_INDEX) { // ifi_index of struct ifinfomsg
                    known[0] = false;
                }
            });
            return Optional.of(known[0]);
        } catch (NetlinkException e) {
            return Optional.empty();
        }
    }

    /// Keeps the last exchanges with the kernel, of the whole program.
    ///
    /// @param count how many
    public static void keepExchanges(int count) {
        RecentExchanges.keep(count);
    }

    /// The exchanges that are kept, one in a line, the oldest first.
    public static List<String> recentExchanges() {
        return RecentExchanges.list().stream()
                .map(RecentExchanges.Exchange::toString)
                .toList();
    }

    /// What a link is to ARP, `ARPHRD_*` of `linux/if_arp.h`: 1 for Ethernet.
    ///
    /// @return empty if the link is gone
    public static Optional<Integer> hardwareType(Kernel.Namespace place, int index) {
        try {
            return ((NetlinkNamespace) place).socket().link(index).map(LinkMessage::hardwareType);
        } catch (NetlinkException e) {
            throw NetlinkNamespace.failedToLook("link " + index, e);
        }
    }
}
