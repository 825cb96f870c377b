package io.ipvlan.internal.kernel;

import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.HostState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What the engine needs of a kernel: the seam between planning and netlink. Every method throws an
/// [io.ipvlan.IpvlanException] that says why it was refused; a [io.ipvlan.KernelException] without a kernel
/// error means that the outcome is unknown. Deleting what is gone is success. Implementations are safe for
/// several threads.
public interface Kernel extends AutoCloseable {
    /// Looks at the host's namespace.
    HostState observe();

    /// The index of a link of the host's namespace; empty if there is none of that name.
    OptionalInt indexOf(String link);

    /// The host's namespace.
    NamespaceId host();

    /// The ipvlan and macvlan links in the host's namespace that stand on a link there.
    List<HostState.Link> childrenOnHost(int parentIndex);

    /// Makes a dummy link in the host's namespace.
    void createDummy(Step.CreateDummy step);

    /// Deletes a dummy link of the host's namespace, if it still is one.
    void deleteDummy(Step.DeleteLink step);

    /// Opens a namespace.
    ///
    /// @throws io.ipvlan.NotFoundException if it does not exist
    Namespace open(Netns netns);

    /// Opens a namespace that was opened before, by the same reference, or, if that leads elsewhere by now,
    /// wherever else it is found: a process may end while its namespace lives on.
    ///
    /// @return empty if it is found nowhere
    Optional<Namespace> find(Netns netns, NamespaceId id);

    @Override
    void close();

    /// A namespace held open, and entered: whoever has it can work in it.
    interface Namespace extends AutoCloseable {
        NamespaceId id();

        /// Makes a child link, whole or not at all.
        void createChild(Step.CreateIpvlan step);

        /// Gives a link addresses and routes. A refusal does not stop what comes after it. An address that is
        /// in use is tried again for a tenth of a second: a namespace that was closed gives its addresses
        /// back a little later.
        ///
        /// @param index the link
        /// @param steps [Step.AddAddress] and [Step.AddRoute] only
        void configure(int index, List<Step> steps);

        /// Whether a child link is there.
        boolean hasChild(int index);

        /// Deletes a child link, if it still is one.
        void deleteChild(Step.DeleteLink step);

        @Override
        void close();
    }
}
