package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Uapi;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads the error number and the extended acknowledgement out of an answer.
final class Refusals {
    /// `MAX_ERRNO` in `linux/err.h`.
    private static final int MAX_ERRNO = 4095;

    private Refusals() {}

    /// The refusal in a message of type `NLMSG_ERROR` or `NLMSG_DONE`.
    static Optional<NetlinkException.Refused> in(NetlinkMessage message, NetlinkRequest request)
            throws NetlinkException.Malformed {
        boolean done = message.type() == Uapi.NLMSG_DONE;
        if (done && !message.holds(4)) {
            return Optional.empty(); // the end of a dump, without a result
        }
        int result = message.fixed32(0);
        if (result >= 0) {
            return Optional.empty();
        }
        if (result < -MAX_ERRNO) {
            throw new NetlinkException.Malformed(request + ": the kernel's answer carries error number " + result);
        }
        ExtendedAck added;
        try {
            added = (message.flags() & Uapi.NLM_F_ACK_TLVS) == 0
                    ? ExtendedAck.NONE
                    : read(message.attributes(done ? 4 : errorLength(message)));
        } catch (NetlinkException.Malformed e) {
            added = ExtendedAck.NONE; // the number is known, and worth more than what is wrong with its ornament
        }
        return Optional.of(new NetlinkException.Refused(request.toString(), new Errno(-result), added));
    }

    /// The result is followed by the header of the request, and, unless the kernel left it out, by its body.
    private static int errorLength(NetlinkMessage message) throws NetlinkException.Malformed {
        int echoed = (message.flags() & Uapi.NLM_F_CAPPED) != 0 ? Uapi.NLMSG_HDRLEN : message.fixed32(4);
        return 4 + ((echoed + 3) & ~3);
    }

    private static ExtendedAck read(AttributeReader attributes) throws NetlinkException.Malformed {
        Optional<String> text = Optional.empty();
        OptionalInt offset = OptionalInt.empty();
        OptionalInt missing = OptionalInt.empty();
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.NLMSGERR_ATTR_MSG -> text = Optional.of(attributes.string());
                case Uapi.NLMSGERR_ATTR_OFFS -> offset = OptionalInt.of(attributes.u32());
                case Uapi.NLMSGERR_ATTR_MISS_TYPE -> missing = OptionalInt.of(attributes.u32());
                default -> {}
            }
        }
        return new ExtendedAck(text, offset, missing);
    }
}
