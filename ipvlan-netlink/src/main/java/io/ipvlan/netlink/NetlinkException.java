package io.ipvlan.netlink;

import java.io.IOException;
import java.io.Serial;

/// A conversation with the kernel did not end as wished. Checked: every call of this layer is a system call,
/// and its caller has to choose what a refusal means.
public abstract sealed class NetlinkException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private NetlinkException(String message) {
        super(message);
    }

    /// The kernel said no. Nothing of the refused request was carried out, with one exception: a request that
    /// changes several things of a link, or adds or deletes several alternative names, may have been carried
    /// out up to what was refused.
    ///
    /// The message ends with the error's symbol and what the kernel added to it: its sentence, the attribute it
    /// stumbled over, what would have been allowed there, the attribute it misses; as in
    /// `[ERANGE: Attribute failed policy validation, attribute IFLA_MTU, allowed is a u32 from 0 to 4294967295]`.
    public static final class Refused extends NetlinkException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final String request;
        private final Errno errno;
        private final transient ExtendedAck extendedAck;

        /// A refusal.
        ///
        /// @param request what was asked for, in words
        /// @param errno the kernel's error number
        /// @param extendedAck what the kernel added
        public Refused(String request, Errno errno, ExtendedAck extendedAck) {
            super(request + ": " + errno.description() + " [" + errno.name() + extendedAck.words() + "]");
            this.request = request;
            this.errno = errno;
            this.extendedAck = extendedAck;
        }

        /// What was asked for, in words.
        ///
        /// @return the words
        public String request() {
            return request;
        }

        /// The kernel's error number.
        ///
        /// @return the number
        public Errno errno() {
            return errno;
        }

        /// What the kernel added to the number; after deserialisation nothing.
        ///
        /// @return the addition, or [ExtendedAck#NONE]
        public ExtendedAck extendedAck() {
            return extendedAck == null ? ExtendedAck.NONE : extendedAck;
        }
    }

    /// The kernel's answer could not be understood. What was asked for may have been done.
    public static final class Malformed extends NetlinkException {
        @Serial
        private static final long serialVersionUID = 1L;

        /// An answer that makes no sense.
        ///
        /// @param message what is wrong with it
        public Malformed(String message) {
            super(message);
        }
    }

    /// No answer arrived before the call's deadline, or answers were lost. **The outcome is unknown**, unless the
    /// message says that the request was not sent, because other threads used the socket all the time: read the
    /// state again before undoing anything.
    public static final class TimedOut extends NetlinkException {
        @Serial
        private static final long serialVersionUID = 1L;

        /// A missing answer.
        ///
        /// @param message what was waited for
        public TimedOut(String message) {
            super(message);
        }
    }

    /// The socket was closed while the call waited, by another thread. If the request had been sent **its
    /// outcome is unknown**; the message says which.
    public static final class Closed extends NetlinkException {
        @Serial
        private static final long serialVersionUID = 1L;

        /// A call that ended early.
        ///
        /// @param message what was waited for
        public Closed(String message) {
            super(message);
        }
    }

    /// The kernel's tables kept changing while they were read, in every one of a bounded number of tries.
    public static final class DumpInterrupted extends NetlinkException {
        @Serial
        private static final long serialVersionUID = 1L;

        /// A dump that never came out whole.
        ///
        /// @param message what was read, and how often
        public DumpInterrupted(String message) {
            super(message);
        }
    }
}
