package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.IpvlanException;
import io.ipvlan.internal.engine.Lifeline.Fault;
import io.ipvlan.internal.engine.Operation.Kind;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Lets each call to the kernel and to the store go wrong in turn, in each way, and looks at everything that
/// is left: what was before, or what was wanted. The next attempt succeeds.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FaultContract {
    private final Map<String, Integer> points = new TreeMap<>();

    /// A host as it is before anything was done.
    abstract Scene scene();

    /// What is tried.
    List<Operation> tried() {
        return Operation.all();
    }

    Stream<Arguments> operations() {
        return tried().stream()
                .flatMap(operation -> Stream.of(Fault.values()).map(fault -> Arguments.of(operation, fault)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("operations")
    void nothingIsLeftHalfDone(Operation operation, Fault fault) {
        try (Scene scene = scene()) {
            Picture empty = Picture.of(scene);
            Wholes wholes = Wholes.of(scene, operation, empty);
            int point = 1;
            while (fails(scene, operation, fault, point, wholes)) {
                clear(scene);
                requireSame(empty, Picture.of(scene), operation + ", removed after " + fault + " at " + point);
                point++;
            }
            clear(scene);
            count(operation, point - 1);
        }
    }

    void count(Operation operation, int tried) {
        points.merge(operation.name(), tried, Integer::sum);
    }

    @AfterAll
    void report() {
        int all = points.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println(getClass().getSimpleName() + ": " + all + " points of failure tried: " + points);
    }

    /// What may be there afterwards.
    ///
    /// @param others what may be there besides after the program was killed
    record Wholes(Picture before, Picture after, List<Picture> others) {
        static Wholes of(Scene scene, Operation operation, Picture empty) {
            List<Picture> pictures = new ArrayList<>();
            List<Consumer<Scene>> ways = new ArrayList<>(List.of(_ -> {}, operation.run()));
            ways.addAll(operation.others());
            for (Consumer<Scene> way : ways) {
                operation.prepare().accept(scene);
                way.accept(scene);
                pictures.add(Picture.of(scene));
                clear(scene);
                requireSame(empty, Picture.of(scene), "what is made can be removed");
            }
            return new Wholes(pictures.get(0), pictures.get(1), pictures.subList(2, pictures.size()));
        }

        List<Picture> all() {
            List<Picture> all = new ArrayList<>(others);
            all.add(after);
            all.add(before);
            return all;
        }
    }

    /// Removes all networks.
    static void clear(Scene scene) {
        clear(scene.engine());
    }

    static void clear(Engine engine) {
        for (var network : engine.networks()) {
            network.detachAll();
            network.delete();
        }
    }

    /// Tries one point.
    ///
    /// @return whether there were so many points
    private static boolean fails(Scene scene, Operation operation, Fault fault, int point, Wholes wholes) {
        operation.prepare().accept(scene);
        scene.lifeline.fail(point, fault);
        Throwable failure = run(() -> operation.run().accept(scene));
        boolean hit = scene.lifeline.failed();
        String where = operation + ", " + fault + " at " + point + (failure == null ? "" : ": " + failure) + ": ";
        boolean killed = scene.lifeline.dead();
        if (killed) {
            scene.reopen();
        } else {
            scene.lifeline.heal();
        }
        boolean mends = operation.kind() == Kind.MENDS;
        boolean removes = operation.kind() == Kind.REMOVES;
        List<Picture> allowed;
        if (killed || (hit && mends) || (failure != null && removes)) {
            allowed = wholes.all();
        } else {
            allowed = List.of(failure == null ? wholes.after : wholes.before);
        }
        check(where, hit && (mends || (removes && !killed)), allowed, wholes, Picture.of(scene));
        operation.run().accept(scene);
        requireSame(wholes.after, Picture.of(scene), where + "done again");
        return hit;
    }

    private static void requireSame(Picture expected, Picture now, String where) {
        assertTrue(expected.equals(now), () -> where + ": " + now.differsFrom(expected));
    }

    /// Runs what may fail.
    ///
    /// @return what it was refused with
    static @Nullable Throwable run(Runnable operation) {
        try {
            operation.run();
            return null;
        } catch (IpvlanException e) {
            assertEquals(List.of(), e.leftovers());
            return e;
        } catch (UncheckedIOException | Lifeline.Killed e) {
            return e;
        }
    }

    /// Insists that what is there is whole.
    ///
    /// @param between whether the kernel may be anywhere between before and after
    static void check(String where, boolean between, List<Picture> allowed, Wholes wholes, Picture now) {
        boolean fine = allowed.contains(now)
                || (between
                        && now.isBetween(wholes.before, wholes.after)
                        && allowed.stream().anyMatch(whole -> whole.kept().equals(now.kept())));
        assertTrue(
                fine,
                () -> where + "against before, " + now.differsFrom(wholes.before) + "\nagainst after, "
                        + now.differsFrom(wholes.after));
    }
}
