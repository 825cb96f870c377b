package io.ipvlan.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// An operation of an engine in a flight recording. Touched by [Watch] only, once there has been one.
@Name("io.ipvlan.Operation")
@Label("ipvlan Operation")
@Category("ipvlan")
@Description("An operation of an engine, from the call to its end")
@StackTrace(false)
final class OperationEvent extends Event {
    private static final OperationEvent PROBE = new OperationEvent();

    @Label("Operation")
    String operation = "";

    @Label("Network")
    String network = "";

    @Label("Endpoint")
    String endpoint = "";

    @Label("Outcome")
    @Description("done, or the kind of exception")
    String outcome = "";

    @Label("Kernel Error")
    @Description("The name of the errno; empty if the kernel refused nothing")
    String kernelError = "";

    /// Whether a recording wants it. Allocates nothing.
    static boolean isRecorded() {
        return PROBE.isEnabled();
    }
}
