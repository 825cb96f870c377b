package io.ipvlan.internal.kernel;

import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.NamespaceState;
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
    /// @return empty if it is found nowhere
    Optional<Namespace> find(Netns netns, NamespaceId id);

    /// The child links on a parent in other namespaces than the parent's, as far as those namespaces are
    /// found.
    ///
    /// @param parents the namespace the parent is in
    /// @param parent the parent's index
    List<Foreign> childrenElsewhere(Namespace parents, int parent);

    @Override
    void close();

    /// A child link in another namespace.
    ///
    /// @param where the namespace in words
    /// @param namespace that namespace
    /// @param link the link
    record Foreign(String where, NamespaceId namespace, NamespaceState.Link link) {}

    /// A namespace held open, and entered: whoever has it can work in it.
    interface Namespace extends AutoCloseable {
        NamespaceId id();

        /// Looks at everything.
        NamespaceState observe();

        /// Looks at one link.
        Optional<NamespaceState.Link> link(int index);

        /// The ipvlan links of this namespace on a link of it.
        List<NamespaceState.Link> childrenOf(int parent);

        /// The names of all links.
        Set<String> linkNames();

        /// Makes a dummy or VLAN link, whole or not at all.
        void create(Step.Create step);

        /// Makes a child link on a parent that is in this namespace, whole or not at all.
        ///
        /// @param step what to make
        /// @param target the namespace it is made in
        void createChild(Step.CreateIpvlan step, Namespace target);

        /// Carries out steps that are about links that are there. A refusal does not stop what comes after
        /// it. An address that is in use is tried again for a tenth of a second: a namespace that was closed
        /// gives its addresses back a little later.
        ///
        /// @param steps none that creates or deletes a link
        void configure(List<Step> steps);

        /// Deletes a link, if it is still one of ours.
        void delete(Step.DeleteLink step);

        /// Sends frames out of a link, as they are.
        void send(int link, List<byte[]> frames);

        @Override
        void close();
    }
}
