package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Libc;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/// A netlink socket that listens: to what the kernel tells the members of multicast groups.
///
/// Events wait in the socket's queue until they are read. If it is full the kernel drops what comes, and
/// says so once the queue is being read: [Received#GAP]. Then everything still queued is older than what
/// was lost; read on until nothing is left, and look at the state anew.
/// [RouteWatch][io.ipvlan.netlink.route.RouteWatch] does all that for links, addresses, routes, rules and
/// neighbours.
///
/// May be used by several threads, one after the other; [#close] from another thread ends a waiting call. A
/// virtual thread that waits holds no carrier; a platform thread reads a little sooner. Holds two file
/// descriptors and some native memory until closed. Needs no privilege in the namespace it was opened in.
///
/// Source: netlink(7), `linux/netlink.h`.
public final class NetlinkListener implements AutoCloseable {
    /// The queue's limit unless said otherwise: 16 MiB, as the kernel counts (an event counts as 800 bytes
    /// and more). The memory is used only while somebody lags behind.
    public static final int DEFAULT_QUEUE = 16 << 20;

    private final OneAtATime turns;
    private final Transport transport;
    private final Datagrams datagrams;

    NetlinkListener(Transport transport, Buffers buffers) {
        this.turns = new OneAtATime("the netlink listener", transport, buffers);
        this.transport = transport;
        this.datagrams = new Datagrams(transport, buffers.receive());
    }

    /// What came of waiting.
    public enum Received {
        /// Messages, which the handler has taken.
        MESSAGES,
        /// Nothing, until the time was over.
        NOTHING,
        /// Messages were lost before those that are still to be read.
        GAP
    }

    /// Takes a message of the kernel.
    @FunctionalInterface
    public interface Handler {
        /// Takes a message.
        ///
        /// @param message the message, valid during the call only
        /// @param namespaceId the number under which the listener's namespace knows the one it comes from;
        ///     empty if that is its own
        /// @throws NetlinkException.Malformed if it makes no sense; messages of the same datagram behind it
        ///     are lost
        void accept(NetlinkMessage message, OptionalInt namespaceId) throws NetlinkException.Malformed;
    }

    /// Opens a listener in the network namespace of the calling thread. For another namespace, see
    /// [NetNamespace#openListener][io.ipvlan.netlink.netns.NetNamespace#openListener].
    ///
    /// @param protocol the netlink family, such as [NetlinkSocket#ROUTE]
    /// @return the listener, a member of no group yet
    /// @throws NetlinkException.Refused as [NetlinkSocket#open]
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetlinkListener open(int protocol) throws NetlinkException.Refused {
        Libc.link();
        Buffers buffers = Buffers.take();
        return new NetlinkListener(KernelTransport.open(protocol, buffers), buffers);
    }

    /// Takes over an open netlink descriptor, for example one opened inside another network namespace.
    ///
    /// @param descriptor an AF_NETLINK socket of this process; closed with the listener, and also if this
    ///     call fails
    /// @return the listener, a member of no group yet
    /// @throws NetlinkException.Refused as [NetlinkSocket#adopt]
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetlinkListener adopt(int descriptor) throws NetlinkException.Refused {
        Libc.link();
        Buffers buffers = Buffers.takeFor(descriptor);
        return new NetlinkListener(new KernelTransport(descriptor, buffers), buffers);
    }

    /// Becomes a member of a multicast group: from now on its events are queued.
    ///
    /// @param group the group's number, such as 1 for `RTNLGRP_LINK`
    /// @throws NetlinkException.Refused if the kernel has no such group (`EINVAL`), or this process may not
    ///     (`EPERM`)
    /// @throws NetlinkException if another thread uses the listener all the time, or closes it
    /// @throws IllegalStateException if the listener is closed
    public void join(int group) throws NetlinkException {
        configure("join multicast group " + group, () -> transport.join(group));
    }

    /// Listens to all namespaces that this one knows by a number (`NETLINK_LISTEN_ALL_NSID`), now and
    /// later. Those without a number are not heard. Needs `CAP_NET_BROADCAST` in the user namespace that
    /// owns this one, and in that of each of the others; events of others are left out without a word.
    ///
    /// @throws NetlinkException.Refused if the capability is missing here (`EPERM`), or the kernel does not
    ///     know how; Linux 4.2 does
    /// @throws NetlinkException if another thread uses the listener all the time, or closes it
    /// @throws IllegalStateException if the listener is closed
    public void listenToAllNamespaces() throws NetlinkException {
        configure("listen to all namespaces", transport::listenToAllNamespaces);
    }

    /// Limits the queue. With `CAP_NET_ADMIN` in the initial user namespace to any size, otherwise to what
    /// `net.core.rmem_max` allows, without a word.
    ///
    /// @param bytes the limit, as the kernel counts
    /// @throws IllegalArgumentException if it is not positive
    /// @throws NetlinkException.Refused if the kernel does not take it
    /// @throws NetlinkException if another thread uses the listener all the time, or closes it
    /// @throws IllegalStateException if the listener is closed
    public void queue(int bytes) throws NetlinkException {
        if (bytes < 1) { // the kernel would take it for its smallest
            throw new IllegalArgumentException("a queue has room for one byte or more, not " + bytes);
        }
        configure("limit the queue to " + bytes + " bytes", () -> transport.queue(bytes));
    }

    private void configure(String words, IntSupplier option) throws NetlinkException {
        turns.begin(words, System.nanoTime() + NetlinkSocket.DEFAULT_TIMEOUT.toNanos());
        try {
            int result = option.getAsInt();
            if (result < 0) {
                throw new NetlinkException.Refused(words, new Errno(-result), ExtendedAck.NONE);
            }
        } finally {
            turns.end();
        }
    }

    /// Waits for a datagram and hands its messages to the handler.
    ///
    /// @param handler takes the messages, on this thread
    /// @param timeout how long to wait; zero or less only takes what is there
    /// @return what came of it
    /// @throws NetlinkException.Malformed if a message makes no sense; the next call goes on behind its
    ///     datagram
    /// @throws NetlinkException.Closed if another thread closes the listener meanwhile
    /// @throws NetlinkException.TimedOut if the descriptor cannot be read, for a reason the message says
    /// @throws IllegalStateException if the listener is closed
    public Received next(Handler handler, Duration timeout) throws NetlinkException {
        long deadline = System.nanoTime() + (timeout.isPositive() ? Deadlines.nanos(timeout) : 0);
        turns.begin("listen", deadline);
        try {
            return datagrams.listen(handler, deadline);
        } finally {
            turns.end();
        }
    }

    /// Leaves the groups and closes the descriptors. A call of another thread that waits ends at once.
    /// Closing twice does nothing; from inside a handler it takes effect when the call is over.
    @Override
    public void close() {
        turns.close();
    }
}
