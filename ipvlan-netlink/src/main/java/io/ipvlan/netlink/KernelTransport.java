package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An AF_NETLINK descriptor.
final class KernelTransport implements Transport {
    private final int descriptor;
    private final Buffers buffers;
    private final ByteBuffer sender; // see AttributeReader
    private final ByteBuffer scratch;
    private final MemorySegment option; // the beginning of the same
    private final WakeUp wakeUp = new WakeUp();
    private @Nullable Origin origin;
    private boolean bound;

    /// Opens a socket in the network namespace of the calling thread. If that fails gives the buffers back.
    static KernelTransport open(int protocol, Buffers buffers) throws NetlinkException.Refused {
        int descriptor = Libc.socket(Uapi.AF_NETLINK, Uapi.SOCK_RAW | Uapi.SOCK_CLOEXEC, protocol, buffers.errno());
        if (descriptor < 0) {
            buffers.giveBack();
            throw new NetlinkException.Refused("open a netlink socket", new Errno(-descriptor), ExtendedAck.NONE);
        }
        return new KernelTransport(descriptor, buffers);
    }

    /// Takes over a fresh descriptor and sets it up: acknowledgements without an echo of the request,
    /// extended acknowledgements, and strict checking (without which the kernel ignores the filters of a
    /// dump). If that fails closes it, and gives the buffers back.
    KernelTransport(int descriptor, Buffers buffers) throws NetlinkException.Refused {
        this.descriptor = descriptor;
        this.buffers = buffers;
        this.sender = buffers.sender().asByteBuffer().order(ByteOrder.nativeOrder());
        this.scratch = buffers.scratch().asByteBuffer().order(ByteOrder.nativeOrder());
        this.option = buffers.scratch().asSlice(0, Integer.BYTES);
        boolean whole = false;
        try {
            set(Uapi.SOL_NETLINK, Uapi.NETLINK_CAP_ACK, 1);
            set(Uapi.SOL_NETLINK, Uapi.NETLINK_EXT_ACK, 1);
            set(Uapi.SOL_NETLINK, Uapi.NETLINK_GET_STRICT_CHK, 1);
            whole = true;
        } finally {
            if (!whole) {
                buffers.giveBack();
                Libc.close(descriptor);
            }
        }
    }

    private void set(int level, int name, int value) throws NetlinkException.Refused {
        int result = trySet(level, name, value);
        if (result < 0) {
            throw new NetlinkException.Refused(
                    "set option " + name + " of a netlink socket (needs Linux 4.20 or later)",
                    new Errno(-result),
                    ExtendedAck.NONE);
        }
    }

    /// Sets an option of the socket.
    ///
    /// @return 0 or `-errno`
    private int trySet(int level, int name, int value) {
        scratch.putInt(0, value);
        return Libc.setsockopt(descriptor, level, name, option, buffers.errno());
    }

    @Override
    public long send(MemorySegment buffer, long length) {
        return Libc.send(descriptor, buffer, length, buffers.errno());
    }

    @Override
    public long receive(MemorySegment buffer) {
        if (origin != null) {
            return origin.receive(descriptor, buffer);
        }
        return Libc.receive(
                descriptor,
                buffer,
                Uapi.MSG_TRUNC | Uapi.MSG_DONTWAIT,
                buffers.sender(),
                buffers.senderLength(),
                buffers.errno());
    }

    @Override
    public int namespaceId() {
        return origin == null ? OWN_NAMESPACE : origin.namespaceId();
    }

    @Override
    public int join(int group) {
        int result = bound ? 0 : bind();
        return result < 0 ? result : trySet(Uapi.SOL_NETLINK, Uapi.NETLINK_ADD_MEMBERSHIP, group);
    }

    /// Lets the kernel give the socket an address of its own. Without one it counts as the kernel's, and the
    /// kernel does not tell itself of events. Refused if it has one already, as a socket may that was
    /// adopted.
    private int bind() {
        MemorySegment address = buffers.sender();
        address.fill((byte) 0);
        sender.putShort(0, (short) Uapi.AF_NETLINK);
        int result = Libc.bind(descriptor, address, buffers.errno());
        bound = result == 0 || result == -Errno.EINVAL.number();
        return bound ? 0 : result;
    }

    @Override
    public int listenToAllNamespaces() {
        int result = trySet(Uapi.SOL_NETLINK, Uapi.NETLINK_LISTEN_ALL_NSID, 1);
        if (result == 0) {
            origin = new Origin(buffers);
        }
        return result;
    }

    @Override
    public int queue(int bytes) {
        // The kernel doubles the number, to count its own overhead in.
        int forced = trySet(Uapi.SOL_SOCKET, Uapi.SO_RCVBUFFORCE, bytes / 2);
        return forced == 0 ? 0 : trySet(Uapi.SOL_SOCKET, Uapi.SO_RCVBUF, bytes / 2);
    }

    @Override
    public int sender() {
        return sender.getInt(Uapi.SOCKADDR_NL_OFFSET_PID);
    }

    @Override
    public int await(long nanos) {
        int woken = wakeUp.arm(buffers.errno());
        if (woken < 0) {
            return woken;
        }
        scratch.putInt(0, descriptor);
        scratch.putShort(4, Uapi.POLLIN);
        scratch.putInt(8, woken);
        scratch.putShort(12, Uapi.POLLIN);
        // Rounded up, for the last fraction would be spent in a loop.
        long millis = TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanos) + 999_999);
        int result = OffCarrier.call(
                () -> Libc.poll(buffers.scratch(), 2, (int) Math.min(millis, Integer.MAX_VALUE), buffers.errno()));
        return wakeUp.isSet() ? WOKEN : result;
    }

    @Override
    public void wake() {
        wakeUp.set();
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    /// Asks the kernel, since it was not told of an adopted descriptor; negative if that fails.
    @Override
    public int protocol() {
        MemorySegment length = buffers.scratch().asSlice(4, 4);
        scratch.putInt(4, Integer.BYTES);
        int result = Libc.getsockopt(descriptor, Uapi.SOL_SOCKET, Uapi.SO_PROTOCOL, option, length, buffers.errno());
        return result < 0 ? result : scratch.getInt(0);
    }

    @Override
    public long namespaceCookie() {
        MemorySegment value = buffers.scratch().asSlice(0, Long.BYTES);
        MemorySegment length = buffers.scratch().asSlice(Long.BYTES, Integer.BYTES);
        scratch.putInt(Long.BYTES, Long.BYTES);
        int result = Libc.getsockopt(descriptor, Uapi.SOL_SOCKET, Uapi.SO_NETNS_COOKIE, value, length, buffers.errno());
        return result < 0 ? result : scratch.getLong(0);
    }

    @Override
    public void close() {
        wakeUp.close();
        Libc.close(descriptor, buffers.errno());
    }
}
