package io.ipvlan.internal.engine;

import io.ipvlan.AddressException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.Plan;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.plan.NetworkPlanner;
import io.ipvlan.internal.plan.PortUse;
import io.ipvlan.internal.plan.SubnetPlanner;
import io.ipvlan.internal.store.ParentLink;
import io.ipvlan.internal.store.Records.HostRecord;
import io.ipvlan.internal.store.Records.MadeLink;
import io.ipvlan.internal.store.Records.Stage;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.IpamException;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// Makes a network real. For one operation on one thread.
final class Creation {
    private final Engine engine;
    private final IpvlanNetwork description;
    private final Optional<Netns> netns;
    private final Undo undo = new Undo();

    Creation(Engine engine, IpvlanNetwork description) {
        this.engine = engine;
        this.description = description;
        this.netns = netns(description.parent());
    }

    /// The namespace a parent is in; empty for the engine's own.
    static Optional<Netns> netns(Parent parent) {
        return parent instanceof Parent.In(Netns where, Parent _) ? Optional.of(where) : Optional.empty();
    }

    static PortUse use(IpvlanNetwork description, List<IpPrefix> subnets) {
        return new PortUse(
                description.name(), new NamespaceState.Port(description.mode(), description.flag()), subnets);
    }

    private NetworkPlanner planner(List<Subnet> subnets) {
        return new NetworkPlanner("create network", description, subnets);
    }

    /// Makes it, or leaves nothing.
    ///
    /// @param ephemeral whether it goes with its handle
    Network run(boolean ephemeral) {
        try (Kernel.Namespace place = engine.kernel().open(netns)) {
            return create(place, ephemeral);
        }
    }

    private Network create(Kernel.Namespace place, boolean ephemeral) {
        try {
            NamespaceState state = place.observe();
            List<IpPrefix> drawn = draw(state, (family, avoid) -> {
                IpPrefix prefix = engine.allocator().allocate(family, avoid);
                undo.add(() -> engine.allocator().release(prefix));
                return prefix;
            });
            Addresses addresses = new Addresses(description, SubnetPlanner.effective(description, drawn));
            NetworkPlanner planner = planner(addresses.subnets());
            NetworkPlanner.Result planned = planner.plan(state, netns, engine::nextIndex);
            if (!planned.owned()) {
                return realise(place, state, planned, addresses, drawn, ephemeral);
            }
            // Somebody may be making or removing it at this moment.
            Set<String> keys = OwnedLinks.keys(planned, state);
            try (OwnedLinks.Held held = OwnedLinks.lock(place.id(), () -> keys)) {
                return realiseLocked(place, held, addresses, drawn, ephemeral);
            }
        } catch (RuntimeException | Error e) {
            undo.rollBack(e);
            throw e;
        }
    }

    /// What fails is taken back before anybody else may use it.
    private Network realiseLocked(
            Kernel.Namespace place,
            OwnedLinks.Held held,
            Addresses addresses,
            List<IpPrefix> drawn,
            boolean ephemeral) {
        try {
            NamespaceState now;
            NetworkPlanner.Result planned;
            do {
                now = place.observe();
                planned = planner(addresses.subnets()).plan(now, netns, engine::nextIndex);
            } while (!held.lockAlso(OwnedLinks.keys(planned, now)));
            return realise(place, now, planned, addresses, drawn, ephemeral);
        } catch (RuntimeException | Error e) {
            undo.rollBack(e);
            throw e;
        }
    }

    private Network realise(
            Kernel.Namespace place,
            NamespaceState state,
            NetworkPlanner.Result planned,
            Addresses addresses,
            List<IpPrefix> drawn,
            boolean ephemeral) {
        NetworkPlanner planner = planner(addresses.subnets());
        ParentLink parent = parentLink(place, planned);
        checkElsewhere(place, planned, planner);
        Ports.Claim claim = Ports.claim(
                Ports.Port.of(parent),
                use(description, addresses.prefixes()),
                others -> planner.checkUses(parent.name(), others));
        undo.add(() -> Ports.release(claim));
        withhold(state, addresses);
        Optional<HostAccess> host =
                description.hostAccess() ? Optional.of(hostAccess(parent, addresses, state, undo)) : Optional.empty();
        Network network = ephemeral
                ? new Ephemeral(engine, description, addresses, drawn, claim, parent, host)
                : new Network(engine, description, addresses, drawn, claim, parent, host, false);
        // A change that failed may have taken effect.
        undo.addForgetting(() -> engine.notebook().remove(description.name()));
        network.remember(Stage.ARRIVING, MadeLink.of(planned.steps()));
        PlanExecutor executor = new PlanExecutor(undo).at(netns, place);
        executor.execute(planned.steps());
        host.ifPresent(access -> executor.execute(access.steps()));
        network.remember(Stage.PRESENT, List.of());
        engine.notebook().sync();
        return network;
    }

    private ParentLink parentLink(Kernel.Namespace place, NetworkPlanner.Result planned) {
        return new ParentLink(netns, place.id(), planned.parent(), planned.parentIndex(), planned.owned());
    }

    /// Looks for strangers' child links on a parent that was there before.
    private void checkElsewhere(Kernel.Namespace place, NetworkPlanner.Result planned, NetworkPlanner planner) {
        if (planned.existing().isPresent()) {
            engine.kernel()
                    .childrenElsewhere(place, planned.parentIndex())
                    .forEach(child -> planner.checkChild(
                            planned.parent(),
                            child.link(),
                            "child link '" + child.link().name() + "' in " + child.where()));
        }
    }

    /// Keeps the addresses of the parent's namespace: on a shared segment they are somebody's already.
    static void withhold(NamespaceState state, Addresses addresses) {
        state.addresses().forEach(own -> addresses.withhold(own.address().address()));
    }

    private HostAccess hostAccess(ParentLink parent, Addresses addresses, NamespaceState state, Undo taken) {
        List<Lease> leases = addresses.leaseForHost(taken);
        HostRecord record = new HostRecord(
                engine.nextIndex(),
                leases.stream().map(lease -> lease.address().address()).toList(),
                state.addressesOf(parent.index()));
        return HostAccess.of(description, addresses.subnets(), parent, record, leases);
    }

    /// Finds a subnet for each family that one is wanted for.
    private List<IpPrefix> draw(NamespaceState state, BiFunction<IpFamily, List<IpPrefix>, IpPrefix> pools) {
        List<IpPrefix> taken = Stream.of(
                        state.prefixes(),
                        Ports.subnets().stream(),
                        description.subnets().stream().map(Subnet::prefix))
                .flatMap(prefixes -> prefixes)
                .toList();
        List<IpPrefix> drawn = new ArrayList<>();
        for (IpFamily family : description.autoSubnets().stream().sorted().toList()) {
            try {
                drawn.add(pools.apply(family, taken));
            } catch (IpamException e) {
                throw new AddressException(
                        "draw subnet",
                        family + " for network '" + description.name() + "'",
                        String.valueOf(e.getMessage()),
                        null,
                        null,
                        e);
            }
        }
        return drawn;
    }

    /// What [#run] would do now.
    Plan preview() {
        try (Kernel.Namespace place = engine.kernel().open(netns)) {
            NamespaceState state = place.observe();
            List<Subnet> subnets = SubnetPlanner.effective(description, draw(state, engine.allocator()::preview));
            NetworkPlanner planner = planner(subnets);
            NetworkPlanner.Result planned = planner.plan(state, netns, engine::nextIndex);
            ParentLink parent = parentLink(place, planned);
            checkElsewhere(place, planned, planner);
            Ports.check(Ports.Port.of(parent), others -> planner.checkUses(parent.name(), others));
            List<Step> steps = new ArrayList<>(planned.steps());
            if (description.hostAccess()) {
                Addresses addresses = new Addresses(description, subnets);
                withhold(state, addresses);
                steps.addAll(hostAccess(parent, addresses, state, new Undo()).steps());
            }
            return new Plan(steps);
        }
    }
}
