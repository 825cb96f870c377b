package io.ipvlan;

/// A watch for differences between networks and the kernel, that goes on until it is closed: see
/// [Ipvlan#watch]. Safe for several threads.
public interface DriftWatch extends AutoCloseable {
    /// Ends the watch, and waits until its listener is not being called any more, unless it is the listener
    /// who ends it. Closing twice does nothing. Closing the engine closes its watches.
    @Override
    void close();
}
