package io.ipvlan.internal.kernel;

import io.ipvlan.Step;
import io.ipvlan.internal.plan.Marks;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteSocket;

/// Deletes links, and only the right ones.
final class NetlinkLinks {
    private NetlinkLinks() {}

    /// Deletes a link that carries our mark. Gone already is success.
    static void delete(RouteSocket socket, Step.DeleteLink step) {
        try {
            boolean ours = socket.link(step.index())
                    .filter(link -> link.group() == Marks.GROUP)
                    .isPresent();
            if (ours) {
                socket.send(LinkRequest.delete(step.index()));
            }
        } catch (NetlinkException.Refused e) {
            if (!e.errno().equals(Errno.ENODEV)) {
                throw KernelErrors.deleting(step, NetlinkKernel.error(e), e);
            }
        } catch (NetlinkException e) {
            throw KernelErrors.unknownOutcome("delete link", "'" + step.name() + "'", e);
        }
    }
}
