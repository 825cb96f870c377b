package io.ipvlan.internal.kernel;

import io.ipvlan.Step;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.LinkLookup;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.RouteSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Changes what is there in a namespace: sysctls one by one, everything else that follows one another in one
/// send.
final class Configuration {
    private static final int TRIES = 6;
    private static final Duration PAUSE = Duration.ofMillis(20);

    /// What the kernel says of a thing that is to be deleted and is not there.
    private static final Set<String> GONE = Set.of("ESRCH", "ENOENT", "ENODEV", "EADDRNOTAVAIL");

    private final NetNamespace handle;
    private final RouteSocket socket;
    private final String words;

    Configuration(NetNamespace handle, RouteSocket socket, String words) {
        this.handle = handle;
        this.socket = socket;
        this.words = words;
    }

    /// Carries the steps out.
    ///
    /// @param look a link to look at afterwards
    /// @return that link; empty if it is not there, or none was asked for
    Optional<LinkMessage> apply(List<Step> steps, OptionalInt look) {
        List<Step> together = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.SetSysctl set) {
                send(together, OptionalInt.empty());
                together.clear();
                write(set);
            } else {
                together.add(step);
            }
        }
        return send(together, look);
    }

    private void write(Step.SetSysctl set) {
        try {
            handle.sysctl(set.key(), set.value());
        } catch (NetlinkException.Refused e) {
            if (!isMoot(set, e.errno().name())) {
                throw KernelErrors.settingSysctl(set, NetlinkKernel.error(e), e);
            }
        }
    }

    /// Whether a refusal does not matter: where there is no IPv6 it is off.
    static boolean isMoot(Step.SetSysctl set, String errno) {
        return errno.equals("ENOENT")
                && set.key().endsWith(".disable_ipv6")
                && set.value().equals("1");
    }

    private Optional<LinkMessage> send(List<Step> steps, OptionalInt look) {
        List<Requests.Change> left = Requests.changes(steps);
        List<LinkMessage> seen = new ArrayList<>();
        for (int tries = TRIES; !left.isEmpty() || (look.isPresent() && tries == TRIES); tries--) {
            seen.clear();
            List<Outcome> outcomes = exchange(left, look, seen);
            List<Requests.Change> refused = new ArrayList<>();
            NetlinkException.Refused first = null;
            boolean inUse = false;
            for (int i = 0; i < left.size(); i++) {
                NetlinkException.Refused refusal = outcomes.get(i).refusal().orElse(null);
                if (refusal != null && !isGone(left.get(i).step(), refusal.errno())) {
                    refused.add(left.get(i));
                    first = first == null ? refusal : first;
                    inUse |= refusal.errno().equals(Errno.EADDRINUSE);
                }
            }
            if (first != null && (!inUse || tries == 1 || !pause())) {
                throw KernelErrors.configuring(refused.getFirst().step(), NetlinkKernel.error(first), first);
            }
            left = refused;
        }
        return seen.isEmpty() ? Optional.empty() : Optional.of(seen.getFirst());
    }

    private static boolean isGone(Step step, Errno errno) {
        return (step instanceof Step.DeleteRoute || step instanceof Step.DeleteRule) && GONE.contains(errno.name());
    }

    /// What became of each; a change of which that is unknown fails them all.
    private List<Outcome> exchange(List<Requests.Change> changes, OptionalInt look, List<LinkMessage> seen) {
        try {
            List<NetlinkRequest> requests = new ArrayList<>();
            for (Requests.Change change : changes) {
                requests.add(change.request());
            }
            List<Outcome> outcomes = look.isPresent()
                    ? socket.exchange(requests, LinkLookup.byIndex(look.getAsInt()), seen::add)
                    : socket.exchange(requests);
            for (Outcome outcome : outcomes) {
                NetlinkException failure = outcome.failure().orElse(null);
                if (failure != null && outcome.refusal().isEmpty()) {
                    throw failure;
                }
            }
            return outcomes;
        } catch (NetlinkException e) {
            throw KernelErrors.unknownOutcome("configure", words, e);
        }
    }

    /// @return false if the thread was interrupted meanwhile
    private static boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
