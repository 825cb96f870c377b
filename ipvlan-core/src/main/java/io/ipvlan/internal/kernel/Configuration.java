package io.ipvlan.internal.kernel;

import io.ipvlan.Step;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.RouteSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    void apply(List<Step> steps) {
        List<Step> together = new ArrayList<>();
        List<Step.SetSysctl> sysctls = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.SetSysctl set) {
                send(together);
                together.clear();
                sysctls.add(set);
            } else {
                write(sysctls);
                sysctls.clear();
                together.add(step);
            }
        }
        write(sysctls);
        send(together);
    }

    /// On one visit to the namespace.
    private void write(List<Step.SetSysctl> sysctls) {
        if (sysctls.isEmpty()) {
            return;
        }
        for (Step.SetSysctl set : sysctls) {
            try {
                handle.sysctl(set.key(), set.value());
            } catch (NetlinkException.Refused e) {
                boolean offAnyway = set.key().endsWith(".disable_ipv6")
                        && set.value().equals("1")
                        && e.errno().name().equals("ENOENT");
                if (!offAnyway) {
                    throw KernelErrors.settingSysctl(set, NetlinkKernel.error(e), e);
                }
            }
        }
    }

    private void send(List<Step> steps) {
        List<Step> left = List.copyOf(steps);
        for (int tries = TRIES; !left.isEmpty(); tries--) {
            List<Outcome> outcomes = exchange(left);
            List<Step> refused = new ArrayList<>();
            NetlinkException.Refused first = null;
            boolean inUse = false;
            for (int i = 0; i < outcomes.size(); i++) {
                NetlinkException.Refused refusal = outcomes.get(i).refusal().orElse(null);
                if (refusal != null && !isGone(left.get(i), refusal.errno())) {
                    refused.add(left.get(i));
                    first = first == null ? refusal : first;
                    inUse |= refusal.errno().equals(Errno.EADDRINUSE);
                }
            }
            if (first != null && (!inUse || tries == 1 || !pause())) {
                throw KernelErrors.configuring(refused.getFirst(), NetlinkKernel.error(first), first);
            }
            left = refused;
        }
    }

    private static boolean isGone(Step step, Errno errno) {
        return (step instanceof Step.DeleteRoute || step instanceof Step.DeleteRule) && GONE.contains(errno.name());
    }

    /// What became of each; a step of which that is unknown fails them all.
    private List<Outcome> exchange(List<Step> steps) {
        try {
            List<Outcome> outcomes =
                    socket.exchange(steps.stream().map(Requests::change).toList());
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
