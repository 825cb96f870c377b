package io.ipvlan;

import java.util.List;

/// Hears of differences between networks and the kernel: see [Ipvlan#watch]. Called on the thread of the
/// watch, which waits meanwhile; what it throws is logged and otherwise passed over.
@FunctionalInterface
public interface DriftListener {
    /// What differs about a network has changed.
    ///
    /// @param network the network
    /// @param drifts everything that differs now, as [ActiveNetwork#verify] has it; empty once everything is
    ///     as it should be again
    void changed(ActiveNetwork network, List<Drift> drifts);

    /// A network could not be looked at, or not be mended. It is tried again.
    ///
    /// @param network the network
    /// @param failure why not
    default void failed(ActiveNetwork network, RuntimeException failure) {}
}
