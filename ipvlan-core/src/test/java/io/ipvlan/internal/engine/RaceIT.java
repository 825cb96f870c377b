package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.ip.IpCidr;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// On the real kernel something happens at a random moment while an endpoint comes or goes. Either that is
/// done, or it is refused and nothing has changed; what is broken can be mended; and in the end the host is
/// as it was. `-Drace.seed=` repeats the moments, as far as that can be.
class RaceIT {
    private static final int ROUNDS = 25;
    private static final int LONGEST_DELAY = 4_000_000; // nanoseconds; an attach takes some two milliseconds here
    private static final int STRANGE = 77;
    private static final IpvlanNetwork NETWORK = IpvlanNetwork.builder("raced")
            .l2()
            .subnet("10.9.0.0/24")
            .hostAccess()
            .build();

    /// What happens.
    enum Accident {
        THE_NAMESPACE_DIES,
        THE_PARENT_GOES,
        A_STRANGER_FLIPS_THE_MODE,
        A_STRANGER_TAKES_THE_ADDRESS
    }

    private static void happen(Accident accident, Scene scene) {
        switch (accident) {
            case THE_NAMESPACE_DIES -> scene.die(0);
            case THE_PARENT_GOES -> scene.deleteFromHost(parent(scene));
            case A_STRANGER_FLIPS_THE_MODE -> stranger(scene, IpvlanMode.L3, "10.99.0.1/24");
            case A_STRANGER_TAKES_THE_ADDRESS -> stranger(scene, IpvlanMode.L2, "10.9.0.3/24");
        }
    }

    private static String parent(Scene scene) {
        return scene.network(NETWORK.name()).inspect().parent();
    }

    /// Makes a child link on the network's parent, which is none of ours.
    private static void stranger(Scene scene, IpvlanMode mode, String address) {
        Optional<Netns> where = Optional.of(scene.stranger());
        String parent = parent(scene);
        try (Kernel.Namespace place = scene.witness().open(where);
                Kernel.Namespace host = scene.witness().open(Optional.empty())) {
            host.createChild(
                    new Step.CreateIpvlan(
                            "strange",
                            STRANGE,
                            parent,
                            host.observe().link(parent).orElseThrow().index(),
                            Optional.empty(),
                            where,
                            mode,
                            IpvlanFlag.BRIDGE,
                            OptionalInt.empty()),
                    place);
            place.configure(List.of(new Step.AddAddress(IpCidr.parse(address), "strange", STRANGE, where)));
        } catch (IpvlanException e) {
            // The endpoint was first to have the address.
        }
    }

    private static void strangerLeaves(Scene scene) {
        try (Kernel.Namespace place = scene.witness().open(Optional.of(scene.stranger()))) {
            place.delete(new Step.DeleteLink("strange", STRANGE, Optional.of(scene.stranger())));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverIsFirstNothingIsLeft(Accident accident) throws ExecutionException, InterruptedException {
        Random random = new Random(Long.getLong("race.seed", accident.name().hashCode()));
        int refused = 0;
        int broken = 0;
        try (Scene scene = new Scene(new NetlinkHost())) {
            Picture before = Picture.of(scene);
            for (int round = 0; round < ROUNDS; round++) {
                ActiveNetwork network = scene.engine().create(NETWORK);
                EndpointSpec spec = EndpointSpec.in(scene.place(0)).withId("e");
                boolean leaving = random.nextBoolean();
                Optional<Endpoint> there = leaving ? Optional.of(network.attach(spec)) : Optional.empty();
                FutureTask<Void> happening = happening(scene, accident, random.nextInt(LONGEST_DELAY));
                boolean done = ends(() -> there.ifPresentOrElse(Endpoint::detach, () -> network.attach(spec)));
                happening.get();

                assertEquals(leaving == done ? 0 : 1, network.endpoints().size(), accident + " in round " + round);
                refused += done ? 0 : 1;
                broken += network.verify().isEmpty() ? 0 : 1;
                if (accident == Accident.THE_NAMESPACE_DIES) {
                    network.detachAll(); // nothing else can be done about it
                }
                assertEquals(List.of(), network.repair(), accident + " in round " + round);
                strangerLeaves(scene);
                network.detachAll();
                network.delete();
                Picture after = Picture.of(scene);
                assertTrue(before.equals(after), () -> accident + ": " + after.differsFrom(before));
            }
        }
        System.out.println("RaceIT: " + accident + " " + ROUNDS + " times: " + refused + " times refused, " + broken
                + " times to be mended");
    }

    private static FutureTask<Void> happening(Scene scene, Accident accident, int delay) {
        FutureTask<Void> happening = new FutureTask<>(
                () -> {
                    LockSupport.parkNanos(delay);
                    happen(accident, scene);
                },
                null);
        Thread.ofPlatform().daemon().start(happening);
        return happening;
    }

    /// @return false if it was refused
    private static boolean ends(Runnable operation) {
        try {
            operation.run();
            return true;
        } catch (IpvlanException e) {
            assertEquals(List.of(), e.leftovers(), e::toString);
            return false;
        }
    }
}
