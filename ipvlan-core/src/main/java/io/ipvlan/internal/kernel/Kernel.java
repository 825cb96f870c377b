package io.ipvlan.internal.kernel;

import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.HostState;
import java.util.List;
import java.util.OptionalInt;

/// What the engine needs of a kernel: the seam between planning and netlink. Every method throws an
/// [io.ipvlan.IpvlanException] that says why it was refused; a [io.ipvlan.KernelException] without a kernel error
/// means that the outcome is unknown. Deleting what is gone is success. Implementations are safe for several
/// threads.
public interface Kernel extends AutoCloseable {
    /// Looks at the host's namespace.
    HostState observe();

    /// The index of a link of the host's namespace; empty if there is none of that name.
    OptionalInt indexOf(String link);

    /// Makes a dummy link in the host's namespace.
    void createDummy(Step.CreateDummy step);

    /// Deletes a dummy link of the host's namespace, if it still is one.
    void deleteDummy(Step.DeleteLink step);

    /// Opens a namespace.
    ///
    /// @throws io.ipvlan.NotFoundException if it does not exist
    Namespace open(Netns netns);

    @Override
    void close();

    /// A namespace held open.
    interface Namespace extends AutoCloseable {
        NamespaceId id();

        /// Makes a child link, whole or not at all.
        void createChild(Step.CreateIpvlan step);

        /// Gives a link addresses and routes. A refusal does not stop what comes after it.
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
