package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What several threads saw of a pool could have happened one call after the other: for every short history an
/// order of its calls is looked for that a model of the pool could have answered so, and that keeps those apart
/// which did not overlap in time.
class LinearizabilityTest {
    private static final int THREADS = 3;
    private static final int CALLS = 5;
    private static final int ROUNDS = 150;
    /// Four usable addresses for three threads: they fight for the last ones.
    private static final Subnet SUBNET =
            Subnet.of("10.0.0.0/29").withGateway("10.0.0.1").withExcluded("10.0.0.6/32");

    private static final String EXHAUSTED = "exhausted";
    private static final String REFUSED = "refused";
    private static final String DONE = "done";

    /// @param kind what was called
    /// @param argument the address it named, if any
    /// @param answer the address handed out, or one of the words above
    /// @param begin when it began, in ticks of a common counter
    /// @param end when it was answered
    record Call(String kind, @Nullable IpAddress argument, String owner, String answer, long begin, long end) {}

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"LOWEST", "NEXT", "STICKY"})
    void everyHistoryOfThreadsIsOneOfCallsInSomeOrder(Strategy strategy) throws Exception {
        Random seeds = new Random(214);
        for (int round = 0; round < ROUNDS; round++) {
            AddressPool pool = AddressPool.of(SUBNET, PoolOptions.of(strategy));
            List<Call> history = run(pool, seeds);
            assertTrue(isLinearizable(history, strategy), () -> "no order of these calls explains them: " + history);
            Set<IpAddress> held = new HashSet<>();
            pool.leases().forEach(lease -> assertTrue(held.add(lease.address().address())));
            assertEquals(4 - held.size(), pool.free(), "none lost");
        }
    }

    private static List<Call> run(AddressPool pool, Random seeds) throws Exception {
        AtomicLong ticks = new AtomicLong();
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<FutureTask<List<Call>>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            String owner = "owner-" + thread;
            long seed = seeds.nextLong();
            FutureTask<List<Call>> task = new FutureTask<>(() -> {
                start.await();
                return calls(pool, owner, new Random(seed), ticks);
            });
            tasks.add(task);
            Thread.ofPlatform().daemon().start(task);
        }
        List<Call> history = new ArrayList<>();
        for (FutureTask<List<Call>> task : tasks) {
            history.addAll(task.get(20, TimeUnit.SECONDS));
        }
        return history;
    }

    private static List<Call> calls(AddressPool pool, String owner, Random random, AtomicLong ticks) {
        List<Call> calls = new ArrayList<>();
        List<Lease> mine = new ArrayList<>();
        for (int count = 0; count < CALLS; count++) {
            IpAddress wanted = SUBNET.prefix().first().plus(2 + random.nextInt(4));
            int kind = random.nextInt(mine.isEmpty() ? 2 : 4);
            long begin = ticks.incrementAndGet();
            if (kind == 0) {
                String answer = take(() -> pool.allocate(owner), mine);
                calls.add(new Call("any", null, owner, answer, begin, ticks.incrementAndGet()));
            } else if (kind == 1) {
                String answer = take(() -> pool.allocate(wanted, owner), mine);
                calls.add(new Call("request", wanted, owner, answer, begin, ticks.incrementAndGet()));
            } else {
                Lease lease = mine.remove(random.nextInt(mine.size()));
                pool.release(lease);
                IpAddress gone = lease.address().address();
                calls.add(new Call("release", gone, owner, DONE, begin, ticks.incrementAndGet()));
            }
        }
        return calls;
    }

    private static String take(Supplier<Lease> call, List<Lease> mine) {
        try {
            Lease lease = call.get();
            mine.add(lease);
            return lease.address().address().toString();
        } catch (IpamException.PoolExhausted e) {
            return EXHAUSTED;
        } catch (IpamException.AddressInUse e) {
            return REFUSED;
        }
    }

    private static boolean isLinearizable(List<Call> history, Strategy strategy) {
        return search(history, new BitSet(), List.of(), strategy, new HashMap<>());
    }

    /// Tries every call that no other must come before; the model is played anew for each order.
    private static boolean search(
            List<Call> history, BitSet done, List<Call> order, Strategy strategy, Map<String, Boolean> seen) {
        if (done.cardinality() == history.size()) {
            return true;
        }
        ModelPool model = new ModelPool(SUBNET, strategy, 0);
        order.forEach(call -> play(model, call));
        Boolean known = seen.get(done + model.fingerprint());
        if (known != null) {
            return known;
        }
        boolean possible = false;
        for (int at = done.nextClearBit(0); at < history.size() && !possible; at = done.nextClearBit(at + 1)) {
            Call call = history.get(at);
            boolean mayBeNext = true;
            for (int other = done.nextClearBit(0); other < history.size(); other = done.nextClearBit(other + 1)) {
                mayBeNext &= history.get(other).end >= call.begin || other == at;
            }
            if (mayBeNext && call.answer.equals(answer(model, call))) {
                BitSet more = (BitSet) done.clone();
                more.set(at);
                List<Call> longer = new ArrayList<>(order);
                longer.add(call);
                possible = search(history, more, longer, strategy, seen);
            }
        }
        seen.put(done + model.fingerprint(), possible);
        return possible;
    }

    private static String answer(ModelPool model, Call call) {
        if (call.argument == null) {
            Set<IpAddress> choices = model.choices(call.owner);
            return choices.isEmpty() ? EXHAUSTED : choices.iterator().next().toString();
        }
        if (call.kind.equals("request")) {
            return model.isHeld(call.argument) ? REFUSED : call.argument.toString();
        }
        return model.isHeldBy(call.argument, call.owner) ? DONE : REFUSED;
    }

    private static void play(ModelPool model, Call call) {
        if (call.answer.equals(EXHAUSTED) || call.answer.equals(REFUSED)) {
            return;
        }
        if (call.kind.equals("release") && call.argument != null) {
            model.release(call.argument);
        } else {
            model.lease(IpAddress.parse(call.answer), call.owner, Optional.empty(), call.argument == null);
        }
    }
}
