package io.ipvlan.netlink;

/// What the calls of a [NetlinkSocket] go over: a [Conversation] for all of them, or one for each as long as
/// it lasts. Deadlines are points of [System#nanoTime].
interface Conversations {
    /// Insists on their being open.
    ///
    /// @throws IllegalStateException if they are closed
    void requireOpen();

    /// Takes one for a call, which has to give it back.
    ///
    /// @param request what it is for
    Conversation take(Object request, long deadline) throws NetlinkException;

    /// Ends a call's use of one.
    void giveBack(Conversation conversation);

    /// Closes all, as [NetlinkSocket#close].
    void close();
}
