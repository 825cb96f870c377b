package io.ipvlan.internal.kernel;

import io.ipvlan.IpvlanException;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ip.IpCidr;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the engine needs of a kernel: the seam between planning and netlink. Every method throws an
/// [io.ipvlan.IpvlanException] that says why it was refused; a [io.ipvlan.KernelException] without a kernel
/// error means that the outcome is unknown. Deleting what is gone is success. Implementations are safe for
/// several threads.
public interface Kernel extends AutoCloseable {
    /// Opens a namespace.
    ///
    /// @param netns the namespace; empty for the engine's own, which stays open until the kernel is closed
    /// @throws io.ipvlan.NotFoundException if it does not exist
    Namespace open(Optional<Netns> netns);

    /// Opens a namespace that was opened before, by the same reference, or, if that leads elsewhere by now,
    /// wherever else it is found: a process may end while its namespace lives on.
    ///
    /// @return empty if it is gone
    /// @throws io.ipvlan.PermissionException if it is found nowhere, and may be where this process may not
    ///     look
    Optional<Namespace> find(Netns netns, NamespaceId id);

    /// Begins to look for many namespaces, as [#find] does for one: where namespaces are found is gone
    /// through once at most, when the first of them is not where its reference leads. One that turns up
    /// elsewhere later is not found. For one thread.
    Finder sweep();

    /// The links that carry our mark, in every namespace that is found.
    List<Marked> marked();

    /// Begins to hear where something changes. For one thread, but for closing.
    Changes changes();

    /// Which run of the machine this is: another after each restart.
    String bootId();

    /// The child links on a parent in other namespaces than the parent's, as far as those namespaces are
    /// found.
    ///
    /// @param parents the namespace the parent is in
    /// @param parent the parent's index
    List<Foreign> childrenElsewhere(Namespace parents, int parent);

    @Override
    void close();

    /// Finds namespaces that were opened before.
    @FunctionalInterface
    interface Finder {
        /// Finds one, and throws, as [Kernel#find].
        Optional<Namespace> find(Netns netns, NamespaceId id);
    }

    /// A child link in another namespace.
    ///
    /// @param where the namespace in words
    /// @param namespace that namespace
    /// @param link the link
    record Foreign(String where, NamespaceId namespace, NamespaceState.Link link) {}

    /// A link that carries our mark.
    ///
    /// @param netns what its namespace was found by; empty for the engine's own
    /// @param namespace that namespace
    /// @param link the link
    /// @param alias what the mark says besides; empty if nothing
    /// @param addresses its addresses
    record Marked(
            Optional<Netns> netns,
            NamespaceId namespace,
            NamespaceState.Link link,
            String alias,
            List<IpCidr> addresses) {}

    /// Hears where something changes: in the engine's own namespace, and in those it follows.
    interface Changes extends AutoCloseable {
        /// Follows another namespace, too, until it is gone or [#next] does not know what changed.
        void follow(Namespace namespace);

        /// Waits for changes, and takes all that are there.
        ///
        /// @return in which namespaces something changed; empty if that is not known: then no other
        ///     namespace is followed any more, and whoever wants to hear of one has to follow it anew
        /// @throws IllegalStateException if it was closed
        Optional<Set<NamespaceId>> next(Duration timeout);

        @Override
        void close();
    }

    /// A child link to be.
    ///
    /// @param step what to make
    /// @param target the namespace it is made in
    record NewChild(Step.CreateIpvlan step, Namespace target) {}

    /// A parent, and the ipvlan links of its namespace on it.
    ///
    /// @param link the parent
    /// @param children the links on it
    record ParentView(NamespaceState.Link link, List<NamespaceState.Link> children) {}

    /// A namespace held open. Whether it can be entered is known when it has told its [#id]; until then it is
    /// for one thread.
    interface Namespace extends AutoCloseable {
        NamespaceId id();

        /// Looks at everything.
        NamespaceState observe();

        /// Looks at one link.
        Optional<NamespaceState.Link> link(int index);

        /// Looks at a parent. Cheap when it is done again and again in the engine's own namespace.
        Optional<ParentView> parent(int index);

        /// The names of all links.
        Set<String> linkNames();

        /// Makes a dummy or VLAN link, whole or not at all.
        void create(Step.Create step);

        /// Makes child links on parents that are in this namespace, each whole or not at all.
        ///
        /// @return why not, for each in its turn; empty if it was made
        List<Optional<IpvlanException>> createChildren(List<NewChild> children);

        /// Makes one child link on a parent that is in this namespace, whole or not at all.
        ///
        /// @param step what to make
        /// @param target the namespace it is made in
        default void createChild(Step.CreateIpvlan step, Namespace target) {
            createChildren(List.of(new NewChild(step, target))).getFirst().ifPresent(refusal -> {
                throw refusal;
            });
        }

        /// Carries out steps that are about links that are there. A refusal does not stop what comes after
        /// it. An address that is in use is tried again for a tenth of a second: a namespace that was closed
        /// gives its addresses back a little later.
        ///
        /// @param steps none that creates or deletes a link
        void configure(List<Step> steps);

        /// Configures, and then looks at a link, if it can be in the same exchange.
        ///
        /// @param index the link
        Optional<NamespaceState.Link> configure(List<Step> steps, int index);

        /// Deletes a link, if it is still one of ours.
        void delete(Step.DeleteLink step);

        /// Sends frames out of a link, as they are.
        void send(int link, List<byte[]> frames);

        @Override
        void close();
    }
}
