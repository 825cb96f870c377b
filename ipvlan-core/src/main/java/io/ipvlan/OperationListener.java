package io.ipvlan;

/// Is told of every operation of an engine when it is over: for counts and durations, by phase and by cause
/// of failure. Set with [Ipvlan.Builder#listener].
@FunctionalInterface
public interface OperationListener {
    /// Takes an operation that is over. Called on the thread that carried it out, before its caller gets the
    /// result, so it should be quick; by several threads at once, if several work. It may use the engine,
    /// which then tells it of that as well. What it throws is logged and goes no further.
    ///
    /// @param operation what was done, and what came of it
    void finished(Operation operation);
}
