package io.ipvlan.ipam;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that goes on when told to.
final class ManualClock implements InstantSource {
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");

    @Override
    public synchronized Instant instant() {
        return now;
    }

    synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }
}
