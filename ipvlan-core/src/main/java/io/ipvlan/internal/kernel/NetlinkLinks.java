package io.ipvlan.internal.kernel;

import io.ipvlan.Step;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteSocket;

/// Deletes links, and only the right ones.
final class NetlinkLinks {
    private NetlinkLinks() {}

    /// Deletes a link of one kind. An index is used again after a link is gone, so the kind is looked at
    /// first; a name may have been changed inside a namespace, so it is not. Gone already is success.
    static void delete(RouteSocket socket, Step.DeleteLink step, Class<? extends LinkInfo> kind) {
        try {
            boolean ours = socket.link(step.index())
                    .flatMap(link -> link.info())
                    .filter(kind::isInstance)
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
