package io.ipvlan.netlink.route;

import io.ipvlan.netlink.NetlinkException;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// Publishes what watches tell: a watch and a thread for each subscriber. Reads no faster than the
/// subscriber asks for events; those of one who lags behind wait in the kernel's queue, and when that is
/// full are made good by a listing.
final class RoutePublisher implements Flow.Publisher<RouteEvent> {
    private final Opener opener;

    /// Opens a watch.
    @FunctionalInterface
    interface Opener {
        RouteWatch open() throws NetlinkException;
    }

    RoutePublisher(Opener opener) {
        this.opener = opener;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super RouteEvent> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Reading reading = new Reading(subscriber, opener);
        // A platform thread, which waits in the kernel without holding a carrier.
        Thread.ofPlatform().name("ipvlan-watch").daemon().start(reading::run);
    }

    /// One subscription. All signals come from its own thread.
    private static final class Reading implements Flow.Subscription {
        private final Flow.Subscriber<? super RouteEvent> subscriber;
        private final Opener opener;
        private @Nullable RouteWatch watch;
        private long demand;
        private boolean cancelled;
        private @Nullable IllegalArgumentException mistake;

        Reading(Flow.Subscriber<? super RouteEvent> subscriber, Opener opener) {
            this.subscriber = subscriber;
            this.opener = opener;
        }

        void run() {
            try {
                subscriber.onSubscribe(this);
                publish();
            } catch (NetlinkException | IllegalArgumentException | IllegalStateException e) {
                if (!isCancelled()) {
                    subscriber.onError(e);
                }
            } finally {
                cancel();
            }
        }

        private void publish() throws NetlinkException {
            RouteWatch opened = opener.open();
            synchronized (this) {
                watch = opened;
            }
            if (isCancelled()) { // before there was a watch to close
                opened.close();
            }
            while (awaitDemand()) {
                subscriber.onNext(opened.next());
            }
        }

        /// Waits to be asked for an event.
        ///
        /// @return false if there is to be no more
        private synchronized boolean awaitDemand() {
            boolean interrupted = false;
            while (demand == 0 && !cancelled && mistake == null) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true; // the thread's own: only the subscriber can have done it, for itself
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (mistake != null) {
                throw mistake;
            }
            if (demand != Long.MAX_VALUE) { // which stands for all there will ever be
                demand--;
            }
            return !cancelled;
        }

        private synchronized boolean isCancelled() {
            return cancelled;
        }

        @Override
        public synchronized void request(long count) {
            if (count <= 0) {
                mistake = new IllegalArgumentException("a subscriber asks for one event or more, not " + count);
            } else {
                demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            }
            notifyAll();
        }

        @Override
        public void cancel() {
            RouteWatch toClose;
            synchronized (this) {
                cancelled = true;
                toClose = watch;
                notifyAll();
            }
            if (toClose != null) {
                toClose.close();
            }
        }
    }
}
