package io.ipvlan.netlink;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Runs native calls that may wait for long. A virtual thread that waits in native code holds its carrier, of
/// which there are as many as processors; so for virtual threads such a call is made by a platform thread of
/// its own, and the virtual one waits for that.
final class OffCarrier {
    private OffCarrier() {}

    static int call(IntSupplier waiting) {
        return Thread.currentThread().isVirtual() ? callElsewhere(waiting) : waiting.getAsInt();
    }

    private static int callElsewhere(IntSupplier waiting) {
        AtomicReference<@Nullable Integer> result = new AtomicReference<>();
        Thread thread =
                Thread.ofPlatform().name("ipvlan-netlink-wait").daemon().start(() -> result.set(waiting.getAsInt()));
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // the memory it works with is lent until it ends
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Integer answer = result.get();
        if (answer == null) {
            throw new IllegalStateException("the waiting thread died");
        }
        return answer;
    }
}
