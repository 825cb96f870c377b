package io.ipvlan.netlink;

/// Something to ask the kernel: a message type, flags, and a body that is written when it is sent. Immutable,
/// so that one request may be sent any number of times. `toString` says in words what it asks for; errors
/// repeat them.
public interface NetlinkRequest {
    /// The message type, `nlmsg_type` of `struct nlmsghdr`.
    ///
    /// @return the type, unsigned 16 bits
    int type();

    /// Flags beside those the socket sets itself (`NLM_F_REQUEST`, `NLM_F_ACK`, `NLM_F_DUMP`), such as
    /// `NLM_F_CREATE`.
    ///
    /// @return the flags, 0 for none
    default int flags() {
        return 0;
    }

    /// Writes what follows the message header: the fixed part of the message type, then attributes.
    ///
    /// @param body where to write; valid during the call only
    void writeTo(AttributeWriter body);

    /// Keeps open what the message names by the number of a descriptor, such as a namespace: see
    /// [NetNamespace#hold][io.ipvlan.netlink.netns.NetNamespace#hold]. Called before anything of a batch is
    /// written, and followed by [#release] when the batch is over. Unless said otherwise there is nothing.
    ///
    /// @throws IllegalStateException if it is closed already; nothing is sent then, and [#release] not called
    default void hold() {}

    /// Lets go of what [#hold] holds.
    default void release() {}
}
