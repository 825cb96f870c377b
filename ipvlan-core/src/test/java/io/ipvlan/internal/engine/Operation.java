package io.ipvlan.internal.engine;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.Route;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Something a program does with the library. Doing it again when it is done, or done in part, finishes it.
///
/// @param name what it is
/// @param kind what may be seen of it when it was not finished
/// @param prepare what is done before
/// @param run the operation
/// @param others what leads from the same preparation to whatever else may be there after it was killed
record Operation(String name, Kind kind, Consumer<Scene> prepare, Consumer<Scene> run, List<Consumer<Scene>> others) {
    enum Kind {
        /// It leaves all or nothing.
        MAKES,
        /// If it is refused, some of it may be gone; the engine still knows it then, to remove the rest. If it
        /// is killed, the next engine removes the rest.
        REMOVES,
        /// It leaves no more than it finds, and no less than was there.
        MENDS
    }

    private static final IpvlanNetwork DUMMY =
            IpvlanNetwork.builder("dummy").l3().subnet("10.1.0.0/24").build();
    private static final IpvlanNetwork DUAL = IpvlanNetwork.builder("dual")
            .l3()
            .internal()
            .subnet("10.1.0.0/24")
            .subnet("10.2.0.0/24")
            .subnet("2001:db8::/64")
            .autoSubnet(IpFamily.IPV4)
            .build();
    private static final IpvlanNetwork LAN =
            IpvlanNetwork.builder("lan").parent("eth0").subnet("192.168.1.0/24").build();
    private static final IpvlanNetwork ROUTED = IpvlanNetwork.builder("routed")
            .l3()
            .parent("eth0")
            .subnet("10.3.0.0/24")
            .build();
    private static final IpvlanNetwork VLAN =
            IpvlanNetwork.builder("vlan").parent("eth0.7").subnet("10.7.0.0/24").build();
    private static final IpvlanNetwork NESTED = IpvlanNetwork.builder("nested")
            .parent(Parent.vlan(Parent.vlan("eth0", 100), 5))
            .subnet("10.5.0.0/24")
            .build();
    private static final IpvlanNetwork REACHED = LAN.toBuilder().hostAccess().build();
    private static final IpvlanNetwork STICKY =
            DUMMY.toBuilder().strategy(Strategy.STICKY).build();
    private static final IpvlanNetwork RESTING =
            DUMMY.toBuilder().coolDown(Duration.ofHours(1)).build();

    /// What an endpoint asks for.
    private enum Wish implements Function<Scene, EndpointSpec> {
        PLAIN,
        POLICY;

        @Override
        public EndpointSpec apply(Scene scene) {
            EndpointSpec web = EndpointSpec.in(scene.place(0)).withId("web");
            return this == PLAIN
                    ? web
                    : web.withSourceRules()
                            .withRoute(Route.blackhole("10.99.0.0/16"))
                            .withSysctl("net.ipv4.conf.IFNAME.arp_notify", "1");
        }
    }

    /// All of them.
    static List<Operation> all() {
        List<Operation> all = new ArrayList<>();
        for (IpvlanNetwork network : List.of(DUMMY, DUAL, ROUTED, VLAN, NESTED, REACHED)) {
            all.add(create(network));
            all.add(delete(network));
        }
        all.add(makes("an ephemeral network", _ -> {}, scene -> {
            if (scene.engine().find("dummy").isEmpty()) {
                scene.engine().ephemeral(DUMMY);
            }
        }));
        for (IpvlanNetwork network : List.of(DUMMY, DUAL, LAN, ROUTED, VLAN, REACHED)) {
            all.add(attach(network, Wish.PLAIN));
            all.add(detach(network, Wish.PLAIN));
        }
        all.add(attach(REACHED, Wish.POLICY));
        all.add(detach(REACHED, Wish.POLICY));
        for (IpvlanNetwork network : List.of(STICKY, RESTING)) {
            all.add(detach(network, Wish.PLAIN));
            all.add(deleteWithDeparted(network));
        }
        all.add(returns(STICKY));
        all.addAll(many("in three namespaces", 1));
        all.addAll(many("in one namespace", 0));
        all.add(deleteWithDead());
        all.add(ensure());
        all.add(repair("the parent is gone", scene -> scene.deleteFromHost("eth0.7")));
        all.add(repair("a link is gone", scene -> scene.empty(0)));
        return all;
    }

    private static Operation makes(String name, Consumer<Scene> prepare, Consumer<Scene> run) {
        return new Operation(name, Kind.MAKES, prepare, run, List.of());
    }

    private static Operation removes(String name, Consumer<Scene> prepare, Consumer<Scene> run) {
        return new Operation(name, Kind.REMOVES, prepare, run, List.of());
    }

    private static Operation create(IpvlanNetwork network) {
        return makes("create " + network.name(), _ -> {}, creating(network));
    }

    private static Consumer<Scene> creating(IpvlanNetwork network) {
        return scene -> {
            if (scene.engine().find(network.name()).isEmpty()) {
                scene.engine().create(network);
            }
        };
    }

    private static Operation delete(IpvlanNetwork network) {
        return removes("delete " + network.name(), creating(network), deleting(network));
    }

    private static Consumer<Scene> deleting(IpvlanNetwork network) {
        return scene -> scene.engine().find(network.name()).ifPresent(ActiveNetwork::delete);
    }

    private static Consumer<Scene> attaching(IpvlanNetwork network, Wish wish) {
        return scene -> {
            if (find(scene, network, "web").isEmpty()) {
                scene.network(network.name()).attach(wish.apply(scene));
            }
        };
    }

    private static Optional<Endpoint> find(Scene scene, IpvlanNetwork network, String id) {
        return scene.network(network.name()).endpoints().stream()
                .filter(endpoint -> endpoint.id().equals(id))
                .findFirst();
    }

    private static Consumer<Scene> detaching(IpvlanNetwork network, String id) {
        return scene -> find(scene, network, id).ifPresent(Endpoint::detach);
    }

    /// Beside another endpoint.
    private static Consumer<Scene> inUse(IpvlanNetwork network) {
        return creating(network)
                .andThen(scene -> scene.network(network.name())
                        .attach(EndpointSpec.in(scene.place(1)).withId("other")));
    }

    private static Operation attach(IpvlanNetwork network, Wish wish) {
        return makes("attach to " + words(network, wish), inUse(network), attaching(network, wish));
    }

    private static Operation detach(IpvlanNetwork network, Wish wish) {
        return removes(
                "detach from " + words(network, wish),
                inUse(network).andThen(attaching(network, wish)),
                detaching(network, "web"));
    }

    private static String words(IpvlanNetwork network, Wish wish) {
        return (network.hostAccess() ? "reached " : "")
                + network.name()
                + (network.strategy() == Strategy.STICKY ? ", sticky" : "")
                + (network.coolDown().isPositive() ? ", cooling down" : "")
                + (wish == Wish.POLICY ? " with rules and routes" : "");
    }

    private static Operation returns(IpvlanNetwork network) {
        return makes(
                "come back to " + words(network, Wish.PLAIN),
                creating(network).andThen(attaching(network, Wish.PLAIN)).andThen(detaching(network, "web")),
                attaching(network, Wish.PLAIN));
    }

    private static Operation deleteWithDeparted(IpvlanNetwork network) {
        return new Operation(
                "delete " + words(network, Wish.PLAIN) + ", with who has left",
                Kind.REMOVES,
                creating(network).andThen(attaching(network, Wish.PLAIN)).andThen(detaching(network, "web")),
                deleting(network),
                List.of(
                        scene -> { // which goes first, and does not come back
                            Bench.set(scene.store.texts(), network.name() + "/web", null);
                            scene.reopen();
                        }));
    }

    /// One of them has died.
    private static Operation deleteWithDead() {
        return new Operation(
                "delete with an endpoint whose namespace is gone",
                Kind.REMOVES,
                creating(REACHED).andThen(attaching(REACHED, Wish.PLAIN)).andThen(scene -> scene.die(0)),
                deleting(REACHED),
                List.of(detaching(REACHED, "web"))); // as every engine that opens does
    }

    /// Several endpoints at once.
    ///
    /// @param apart how far from one another the places are
    private static List<Operation> many(String where, int apart) {
        Function<Scene, List<EndpointSpec>> specs = scene -> IntStream.range(0, 3)
                .mapToObj(i -> EndpointSpec.in(scene.place(i * apart))
                        .withId("e" + i)
                        .withInterfaceName("net" + i)
                        .withSourceRules()
                        .withAddress("10.1.0." + (9 + i))
                        .withAddress("2001:db8::" + (9 + i)))
                .toList();
        List<Consumer<Scene>> some = new ArrayList<>();
        for (int chosen = 1; chosen < 7; chosen++) {
            int set = chosen;
            some.add(scene -> attachMissing(scene, specs.apply(scene), set));
        }
        Consumer<Scene> all = scene -> attachMissing(scene, specs.apply(scene), 7);
        return List.of(
                new Operation("attach three " + where, Kind.MAKES, creating(DUAL), all, some),
                new Operation(
                        "detach three " + where,
                        Kind.REMOVES,
                        creating(DUAL).andThen(all),
                        scene -> scene.network("dual").detachAll(),
                        IntStream.range(1, 7)
                                .<Consumer<Scene>>mapToObj(set -> scene -> detachSome(scene, set))
                                .toList()));
    }

    private static void attachMissing(Scene scene, List<EndpointSpec> specs, int set) {
        scene.network("dual")
                .attachAll(IntStream.range(0, specs.size())
                        .filter(i -> (set >> i & 1) == 1)
                        .mapToObj(specs::get)
                        .filter(spec ->
                                find(scene, DUAL, spec.id().orElseThrow()).isEmpty())
                        .toList());
    }

    private static void detachSome(Scene scene, int set) {
        IntStream.range(0, 3)
                .filter(i -> (set >> i & 1) == 1)
                .forEach(i -> detaching(DUAL, "e" + i).accept(scene));
    }

    private static Operation ensure() {
        return new Operation(
                "ensure when the parent is gone",
                Kind.MENDS,
                creating(NESTED).andThen(scene -> scene.deleteFromHost("eth0.100")),
                scene -> scene.engine().ensure(NESTED),
                List.of());
    }

    private static Operation repair(String what, Consumer<Scene> damage) {
        return new Operation(
                "repair when " + what,
                Kind.MENDS,
                inUse(VLAN).andThen(attaching(VLAN, Wish.POLICY)).andThen(damage),
                scene -> scene.network("vlan").repair(),
                List.of());
    }

    @Override
    public String toString() {
        return name;
    }
}
