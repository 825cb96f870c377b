package io.ipvlan.netlink;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// An exchange of a netlink socket in a flight recording. Touched by [Flight] only, once there has been one.
@Name("io.ipvlan.netlink.Exchange")
@Label("Netlink Exchange")
@Category({"ipvlan", "Netlink"})
@Description("Requests sent to the kernel together, until the last was answered")
@StackTrace(false)
final class ExchangeEvent extends Event {
    private static final ExchangeEvent PROBE = new ExchangeEvent();

    @Label("Type of First Request")
    String type = "";

    @Label("First Request")
    String request = "";

    @Label("Requests")
    int requests;

    @Label("Bytes Sent")
    @DataAmount
    long bytes;

    @Label("Messages Received")
    int answers;

    @Label("Outcome")
    @Description("done, refused, timed out, closed or malformed")
    String outcome = "";

    @Label("First Error")
    @Description("The name of the first errno; empty if nothing was refused")
    String error = "";

    /// Whether a recording wants it. Allocates nothing.
    static boolean isRecorded() {
        return PROBE.isEnabled();
    }
}
