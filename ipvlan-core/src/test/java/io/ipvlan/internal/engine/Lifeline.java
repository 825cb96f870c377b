package io.ipvlan.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// What every call to a kernel and to a store passes through. It counts them, and lets one go wrong, or ends
/// the program there.
final class Lifeline {
    /// What goes wrong.
    enum Fault {
        /// A definite refusal: nothing happens.
        REFUSED,
        /// It happens, and nobody says so.
        UNANSWERED,
        /// The program ends, and nothing happens.
        KILLED_BEFORE,
        /// It happens, and the program ends.
        KILLED_AFTER;

        boolean kills() {
            return this == KILLED_BEFORE || this == KILLED_AFTER;
        }

        boolean takesEffect() {
            return this == UNANSWERED || this == KILLED_AFTER;
        }
    }

    /// The end of the program: from then on nothing it does changes anything.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("the program was killed", null, false, false);
        }
    }

    private int passed;
    private int first = Integer.MAX_VALUE;
    private int last = Integer.MAX_VALUE;
    private Fault fault = Fault.REFUSED;
    private boolean dead;
    private Runnable end = () -> {};
    private volatile Runnable before = () -> {};
    private boolean failed;

    /// Lets one point from now on go wrong, the first being 1.
    void fail(int point, Fault kind) {
        fail(point, point, kind);
    }

    /// Lets that point and all after it go wrong.
    void failFrom(int point, Fault kind) {
        fail(point, Integer.MAX_VALUE, kind);
    }

    private synchronized void fail(int from, int to, Fault kind) {
        passed = 0;
        first = from;
        last = to;
        fault = kind;
        failed = false;
    }

    /// What happens when the program is killed.
    void atTheEnd(Runnable action) {
        end = action;
    }

    /// What whoever comes to a point does first.
    void beforeEach(Runnable action) {
        before = action;
    }

    /// Nothing goes wrong any more; another program may begin.
    synchronized void heal() {
        fail(Integer.MAX_VALUE, Integer.MAX_VALUE, Fault.REFUSED);
        dead = false;
    }

    /// How many points were passed since something was last said about them.
    synchronized int passed() {
        return passed;
    }

    /// Whether something went wrong.
    synchronized boolean failed() {
        return failed;
    }

    synchronized boolean dead() {
        return dead;
    }

    /// Passes points.
    ///
    /// @return which of them goes wrong, from 0
    private synchronized OptionalInt pass(int points) {
        if (dead) {
            throw new Killed();
        }
        int before = passed;
        passed += points;
        int hit = Math.max(first - before - 1, 0);
        if (hit >= points || before + hit + 1 > last) {
            return OptionalInt.empty();
        }
        failed = true;
        dead = fault.kills();
        return OptionalInt.of(hit);
    }

    /// What a failure looks like to whoever called.
    interface Failures {
        /// The failure of a call.
        ///
        /// @param answered whether it was definitely refused
        RuntimeException of(boolean answered);
    }

    /// A call.
    <T> T call(Supplier<T> action, Failures failures) {
        before.run();
        boolean wrong = pass(1).isPresent();
        if (wrong && !fault.takesEffect()) {
            throw failure(failures);
        }
        T result = action.get();
        if (wrong) {
            throw failure(failures);
        }
        return result;
    }

    /// What becomes of several things asked for at once, each a point of its own.
    ///
    /// @param done those that take effect
    /// @param wrong which goes wrong, from 0
    record Several<T>(List<T> done, OptionalInt wrong) {}

    /// Several things at once. A refusal does not keep those behind from taking effect; anything else does.
    <T> Several<T> several(List<T> things) {
        before.run();
        OptionalInt wrong = pass(things.size());
        if (wrong.isEmpty()) {
            return new Several<>(things, wrong);
        }
        List<T> done = new ArrayList<>(things);
        if (fault == Fault.REFUSED) {
            done.remove(wrong.getAsInt());
        } else {
            int end = wrong.getAsInt() + (fault.takesEffect() ? 1 : 0);
            done.subList(end, done.size()).clear();
        }
        return new Several<>(done, wrong);
    }

    /// The failure of what [#several] said goes wrong.
    RuntimeException failure(Failures failures) {
        if (fault.kills()) {
            end.run();
            throw new Killed();
        }
        return failures.of(!fault.takesEffect());
    }
}
