package io.ipvlan.netlink;

import java.util.List;

/// Requests on their way. What they name by the number of a descriptor cannot be closed meanwhile: the number
/// could be another file's by the time the kernel reads it.
final class HeldRequests implements AutoCloseable {
    private final List<NetlinkRequest> requests;
    private int held;

    private HeldRequests(List<NetlinkRequest> requests) {
        this.requests = requests;
    }

    /// Holds all of them, or none.
    ///
    /// @throws IllegalStateException if something they name is closed
    static HeldRequests of(List<? extends NetlinkRequest> requests) {
        HeldRequests all = new HeldRequests(List.copyOf(requests));
        boolean whole = false;
        try {
            for (; all.held < all.requests.size(); all.held++) {
                all.requests.get(all.held).hold();
            }
            whole = true;
            return all;
        } finally {
            if (!whole) {
                all.close();
            }
        }
    }

    List<NetlinkRequest> list() {
        return requests;
    }

    @Override
    public void close() {
        while (held > 0) {
            requests.get(--held).release();
        }
    }
}
