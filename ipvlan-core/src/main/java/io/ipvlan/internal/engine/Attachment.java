package io.ipvlan.internal.engine;

import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.Announcements;
import io.ipvlan.internal.plan.EndpointPlanner;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.internal.store.Records.Stage;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Attaches an endpoint: [#begin], then its link, which may be made together with others, then [#complete].
/// For one operation on one thread.
final class Attachment {
    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

    /// How often it is begun anew when something turned out to be taken that the library chose itself.
    private static final int TRIES = 16;

    /// How often it loses a name before it makes way for others who take the lowest that is free, too.
    private static final int PATIENCE = 4;

    private final Network network;
    private final EndpointSpec endpoint;
    private final String id;
    private final Kernel.Namespace place;
    private final Kernel.Namespace target;
    private String name;
    private int namesLost;
    private Undo undo = new Undo();
    private @Nullable AttachedEndpoint begun;
    private @Nullable String announced;
    private Optional<IpvlanException> failure = Optional.empty();

    /// @param place the parent's namespace
    /// @param target the endpoint's
    /// @param taken names that other links of that namespace have, or are about to get
    Attachment(
            Network network,
            EndpointSpec endpoint,
            String id,
            Kernel.Namespace place,
            Kernel.Namespace target,
            Set<String> taken) {
        this.network = network;
        this.endpoint = endpoint;
        this.id = id;
        this.place = place;
        this.target = target;
        this.name = endpoint.interfaceName().orElseGet(() -> LinkNames.lowestFree(taken));
    }

    String interfaceName() {
        return name;
    }

    /// Attaches.
    AttachedEndpoint run() {
        return run(TRIES);
    }

    /// Attaches, after an attempt has failed.
    AttachedEndpoint runAfter(IpvlanException failure) {
        takeBack(failure, TRIES);
        return run(TRIES - 1);
    }

    private AttachedEndpoint run(int tries) {
        for (int left = tries; ; left--) {
            try {
                Kernel.NewChild child = begin(network.parent().require(place));
                note(place.createChildren(List.of(child)).getFirst());
                return complete();
            } catch (IpvlanException e) {
                takeBack(e, left);
            } catch (RuntimeException | Error e) {
                undo.rollBack(e);
                throw e;
            }
        }
    }

    /// Takes everything back, and throws the failure if it is no use to try again.
    private void takeBack(IpvlanException e, int left) {
        undo.rollBack(e);
        undo = new Undo();
        if (left == 0 || !e.leftovers().isEmpty() || !chooseAnother(e)) {
            throw e;
        }
    }

    void rollBack(Throwable failure) {
        undo.rollBack(failure);
    }

    /// Whether something was taken that the library chose itself, so that it can choose another.
    private boolean chooseAnother(IpvlanException e) {
        return switch (e) {
            case AddressException address -> chooseAnotherAddress(address);
            case ConflictException _ -> isErrno(e, "EEXIST") && failure.equals(Optional.of(e)) && chooseAnotherName();
            default -> false;
        };
    }

    private static boolean isErrno(IpvlanException e, String name) {
        return e.kernelError().filter(error -> error.name().equals(name)).isPresent();
    }

    /// An automatic address may be a stranger's, who does not ask this library.
    private boolean chooseAnotherAddress(AddressException e) {
        Optional<IpAddress> strangers = e.address().filter(_ -> isErrno(e, "EADDRINUSE"));
        if (strangers.isEmpty() || endpoint.addresses().contains(strangers.get())) {
            return false;
        }
        LOG.warn("network '{}': {} is kept back for a while", network.name(), e.getMessage());
        network.addresses().quarantine(strangers.get());
        return true;
    }

    /// It may be the same one: who had it has left, or it was the index that was taken, which is another each time.
    /// Whoever loses again and again chooses among twice as many each time.
    private boolean chooseAnotherName() {
        namesLost++;
        Set<String> taken = target.linkNames();
        int choice = 1 << Math.max(0, namesLost - PATIENCE);
        name = endpoint.interfaceName()
                .orElseGet(
                        () -> LinkNames.free(taken, ThreadLocalRandom.current().nextInt(choice)));
        return !taken.contains(name);
    }

    /// Leases addresses, plans, and tells the store what is about to be made.
    ///
    /// @param parent the parent as it is
    /// @return the link to be made
    Kernel.NewChild begin(NamespaceState.Link parent) {
        EndpointPlanner planner = network.endpointPlanner();
        planner.check(endpoint, id, parent);
        List<Lease> leases = network.addresses().lease(endpoint, id, undo);
        List<IpCidr> leased = leases.stream().map(Lease::address).toList();
        EndpointPlanner.Child child =
                new EndpointPlanner.Child(name, network.nextIndex(), parent.name(), parent.index());
        List<Step> steps =
                new ArrayList<>(planner.plan(endpoint, id, child, leased).steps());
        steps.addAll(network.hostSteps(leased));
        EndpointRecord record = new EndpointRecord(
                id, Stage.ARRIVING, network.now(), endpoint, name, child.index(), leased, target.id());
        begun = new AttachedEndpoint(network, record, steps, leases);
        announced = network.book().announce(record, undo);
        return new Kernel.NewChild((Step.CreateIpvlan) steps.getFirst(), target);
    }

    /// Notes whether the link was made.
    ///
    /// @param refusal why it was not
    void note(Optional<IpvlanException> refusal) {
        failure = refusal;
        executor().note(made(), refusal);
    }

    private Step.CreateIpvlan made() {
        return (Step.CreateIpvlan) Objects.requireNonNull(begun).steps().getFirst();
    }

    private PlanExecutor executor() {
        return new PlanExecutor(undo, made())
                .at(network.parent().netns(), place)
                .at(Optional.of(endpoint.netns()), target);
    }

    /// Does what comes after the link, or throws why that was not made.
    AttachedEndpoint complete() {
        failure.ifPresent(refusal -> {
            throw refusal;
        });
        AttachedEndpoint made = Objects.requireNonNull(begun);
        Optional<Netns> netns = Optional.of(endpoint.netns());
        List<Step> inside = new ArrayList<>();
        List<Step> outside = new ArrayList<>();
        for (Step step : made.steps().subList(1, made.steps().size())) {
            (step.netns().equals(netns) ? inside : outside).add(step);
        }
        EndpointPlanner planner = network.endpointPlanner();
        PlanExecutor executor = executor();
        NamespaceState.Link link = planner.checkPort(id, executor.execute(inside, target, made().index()));
        executor.execute(outside);
        EndpointRecord record = made.record().at(Stage.PRESENT, made.record().since());
        network.book().confirm(record, Objects.requireNonNull(announced));
        if (planner.isHeardOutside()) {
            announce(link, record.addresses());
        }
        return new AttachedEndpoint(network, record, made.steps(), made.leases());
    }

    /// Machines that remember another hardware address send there until they forget, which is all that is
    /// lost if this fails.
    private void announce(NamespaceState.Link link, List<IpCidr> leased) {
        try {
            target.send(
                    link.index(),
                    leased.stream()
                            .map(address -> Announcements.frame(address.address(), link.mac()))
                            .toList());
        } catch (IpvlanException e) {
            LOG.warn("{} was not announced to its segment: {}", leased, e.getMessage());
        }
    }
}
