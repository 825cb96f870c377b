package io.ipvlan;

/// A network that goes when its handle is closed, with all its endpoints. The engine's store remembers it
/// until then: if the program ends without closing it, the next engine on that store removes it when it
/// opens.
public interface EphemeralNetwork extends ActiveNetwork, AutoCloseable {
    /// Detaches every endpoint and deletes the network. Closing twice does nothing.
    ///
    /// @throws IpvlanException if something could not be removed; the rest is removed all the same, and
    ///     further failures are suppressed in it
    /// @throws IllegalStateException if the engine is closed
    @Override
    void close();
}
