package io.ipvlan.internal.engine;

import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.Plan;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.Announcements;
import io.ipvlan.internal.plan.EndpointPlanner;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Attaches an endpoint. For one operation on one thread.
final class Attachment {
    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

    /// How often it is begun anew when something turned out to be taken that the library chose itself.
    private static final int TRIES = 16;

    private final Network network;
    private final EndpointSpec endpoint;
    private final String id;
    private final Kernel.Namespace place;
    private final Kernel.Namespace target;
    private String name;

    /// @param place the parent's namespace
    /// @param target the endpoint's
    Attachment(Network network, EndpointSpec endpoint, String id, Kernel.Namespace place, Kernel.Namespace target) {
        this.network = network;
        this.endpoint = endpoint;
        this.id = id;
        this.place = place;
        this.target = target;
        this.name = endpoint.interfaceName().orElse(LinkNames.lowestFree(Set.of()));
    }

    AttachedEndpoint run() {
        for (int left = TRIES; ; left--) {
            Undo undo = new Undo();
            try {
                return attach(undo);
            } catch (IpvlanException e) {
                undo.rollBack(e);
                if (left == 0 || !e.leftovers().isEmpty() || !chooseAnother(e)) {
                    throw e;
                }
            } catch (RuntimeException | Error e) {
                undo.rollBack(e);
                throw e;
            }
        }
    }

    /// Whether something was taken that the library chose itself, so that it can choose another.
    private boolean chooseAnother(IpvlanException e) {
        return switch (e) {
            case AddressException address -> chooseAnotherAddress(address);
            case ConflictException _ -> isErrno(e, "EEXIST") && chooseAnotherName();
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

    private boolean chooseAnotherName() {
        if (endpoint.interfaceName().isPresent()) {
            return false;
        }
        String before = name;
        name = LinkNames.lowestFree(target.linkNames());
        return !name.equals(before);
    }

    private AttachedEndpoint attach(Undo undo) {
        NamespaceState.Link parent = network.parent().require(place);
        EndpointPlanner planner = network.endpointPlanner();
        planner.check(endpoint, id, parent);
        List<Lease> leases = network.addresses().lease(endpoint, id, undo);
        List<IpCidr> leased = leases.stream().map(Lease::address).toList();
        int index = network.nextIndex();
        Plan plan =
                planner.plan(endpoint, new EndpointPlanner.Child(name, index, parent.name(), parent.index()), leased);
        List<Step> host = network.hostSteps(leased);
        List<Step> all = new ArrayList<>(plan.steps());
        all.addAll(host);
        new PlanExecutor(undo)
                .at(network.parent().netns(), place)
                .at(Optional.of(endpoint.netns()), target)
                .execute(all);
        NamespaceState.Link link = planner.checkPort(id, target.link(index));
        AttachedEndpoint attached = new AttachedEndpoint(
                network, new EndpointRecord(id, endpoint, name, index, leased, target.id()), all, leases);
        network.remember(attached, undo);
        if (planner.isHeardOutside()) {
            announce(link, leased);
        }
        return attached;
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
