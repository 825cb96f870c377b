package io.ipvlan.netlink;

import java.lang.foreign.MemorySegment;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Prints datagrams, a line for each message: `netlink[7] 13:02:11.123456 > RTM_NEWLINK ...`, with the socket's
/// descriptor, the time of day, and `>` for what is sent or `<` for what is received. Used by [Trace] only.
final class TracePrinter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);

    /// Where lines go: to standard error, unless a test wants them.
    private static volatile Consumer<String> sink = line -> System.err.println(line);

    private TracePrinter() {}

    /// Sends the lines elsewhere.
    ///
    /// @return where they went before
    static Consumer<String> printTo(Consumer<String> newSink) {
        Consumer<String> before = sink;
        sink = newSink;
        return before;
    }

    static void print(Transport transport, char direction, MemorySegment datagram, long length) {
        if (length > 0) {
            int descriptor = transport.descriptor();
            String start = "netlink[" + (descriptor < 0 ? "-" : Integer.toString(descriptor)) + "] "
                    + TIME.format(LocalTime.now(ZoneId.systemDefault())) + " " + direction + " ";
            describe(transport, datagram, length).forEach(line -> sink.accept(start + line));
        }
    }

    /// A fault of the description is no fault of the call that is traced: it is printed instead.
    private static List<String> describe(Transport transport, MemorySegment datagram, long length) {
        try {
            return DatagramText.lines(datagram.asSlice(0, length), transport.protocol());
        } catch (RuntimeException e) {
            return List.of(length + " bytes that could not be described: " + e);
        }
    }
}
