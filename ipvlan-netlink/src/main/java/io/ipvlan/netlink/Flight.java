package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.internal.names.MessageShape;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// One exchange as it is watched: by a flight recording ([ExchangeEvent]), or by [RecentExchanges]. While
/// nobody watches there is none, and an exchange costs two reads of a field more.
///
/// The class of an event is not touched before the first recording begins: the JVM registers it then, and loads
/// some 130 classes of the recorder for that, recording or not.
final class Flight {
    /// The module may be missing: an image need not have it, and a module graph has it only if somebody asks.
    /// No lambda, as each costs a program that has just begun some milliseconds.
    private static final boolean HAS_RECORDER = hasRecorder();

    private final @Nullable ExchangeEvent event;
    private final Instant at = Instant.now();
    private final long began = System.nanoTime();
    private int requests;
    private long bytes;
    private int answers;
    private int errno;
    private String outcome = "done";

    private Flight(@Nullable ExchangeEvent event) {
        this.event = event;
    }

    private static boolean hasRecorder() {
        Optional<Module> recorder = ModuleLayer.boot().findModule("jdk.jfr");
        return recorder.isPresent() && Flight.class.getModule().canRead(recorder.get());
    }

    /// Begins to watch an exchange.
    ///
    /// @return null if nobody wants to know
    static @Nullable Flight begin() {
        if (HAS_RECORDER && FlightRecorder.isInitialized() && ExchangeEvent.isRecorded()) {
            ExchangeEvent event = new ExchangeEvent();
            event.begin();
            return new Flight(event);
        }
        return RecentExchanges.areKept() ? new Flight(null) : null;
    }

    /// Notes that requests are being sent.
    void sent(int count, long length) {
        requests = count;
        bytes = length;
    }

    /// Notes a message of the kernel.
    void received() {
        answers++;
    }

    /// Notes a refusal; the first counts.
    void refused(int number) {
        if (errno == 0) {
            errno = number;
            outcome = "refused";
        }
    }

    /// Notes that an answer is missing, or makes no sense.
    void failed(NetlinkException failure) {
        outcome = switch (failure) {
            case NetlinkException.Refused refusal -> {
                errno = refusal.errno().number();
                yield "refused";
            }
            case NetlinkException.TimedOut _ -> "timed out";
            case NetlinkException.Closed _ -> "closed";
            default -> "malformed";
        };
    }

    /// Tells those who watch, if anything was sent.
    void end(NetlinkRequest first) {
        if (requests == 0) {
            return;
        }
        String type = MessageShape.of(Uapi.NETLINK_ROUTE, first.type()).name();
        String error = errno == 0 ? "" : new Errno(errno).name();
        RecentExchanges.add(new RecentExchanges.Exchange(
                at,
                Duration.ofNanos(System.nanoTime() - began),
                type,
                first.toString(),
                requests,
                bytes,
                answers,
                outcome,
                error));
        if (event != null) {
            event.type = type;
            event.request = first.toString();
            event.requests = requests;
            event.bytes = bytes;
            event.answers = answers;
            event.outcome = outcome;
            event.error = error;
            event.commit();
        }
    }
}
