package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.internal.names.AttributeNames;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads the error number and the extended acknowledgement out of an answer.
final class Refusals {
    /// `MAX_ERRNO` in `linux/err.h`.
    private static final int MAX_ERRNO = 4095;

    private Refusals() {}

    /// The result in a message of type `NLMSG_ERROR` or `NLMSG_DONE`: 0, or `-errno`.
    static int result(NetlinkMessage message, NetlinkRequest request) throws NetlinkException.Malformed {
        if (message.type() == Uapi.NLMSG_DONE && !message.holds(4)) {
            return 0; // the end of a dump, without a result
        }
        int result = Math.min(0, message.fixed32(0));
        if (result < -MAX_ERRNO) {
            throw new NetlinkException.Malformed(request + ": the kernel's answer carries error number " + result);
        }
        return result;
    }

    /// The refusal in such a message.
    ///
    /// @param sent what was sent, among it the request
    /// @param transport over which it was sent
    static NetlinkException.Refused of(
            NetlinkMessage message, NetlinkRequest request, Errno errno, MemorySegment sent, Transport transport) {
        ExtendedAck added;
        try {
            boolean done = message.type() == Uapi.NLMSG_DONE;
            added = (message.flags() & Uapi.NLM_F_ACK_TLVS) == 0
                    ? ExtendedAck.NONE
                    : read(
                            message.attributes(done ? 4 : errorLength(message)),
                            SentRequest.of(sent, message.sequence(), transport.protocol()));
        } catch (NetlinkException.Malformed e) {
            added = ExtendedAck.NONE; // the number is known, and worth more than what is wrong with its ornament
        }
        return new NetlinkException.Refused(request.toString(), errno, added);
    }

    /// The result is followed by the header of the request, and, unless the kernel left it out, by its body.
    private static int errorLength(NetlinkMessage message) throws NetlinkException.Malformed {
        int echoed = (message.flags() & Uapi.NLM_F_CAPPED) != 0 ? Uapi.NLMSG_HDRLEN : message.fixed32(4);
        return 4 + ((echoed + 3) & ~3);
    }

    private static ExtendedAck read(AttributeReader attributes, Optional<SentRequest> sent)
            throws NetlinkException.Malformed {
        Optional<String> text = Optional.empty();
        OptionalInt offset = OptionalInt.empty();
        OptionalInt missing = OptionalInt.empty();
        OptionalInt nest = OptionalInt.empty();
        Optional<String> allowed = Optional.empty();
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.NLMSGERR_ATTR_MSG -> text = Optional.of(attributes.string());
                case Uapi.NLMSGERR_ATTR_OFFS -> offset = OptionalInt.of(attributes.u32());
                case Uapi.NLMSGERR_ATTR_POLICY -> allowed = Policy.words(attributes.nested());
                case Uapi.NLMSGERR_ATTR_MISS_TYPE -> missing = OptionalInt.of(attributes.u32());
                case Uapi.NLMSGERR_ATTR_MISS_NEST -> nest = OptionalInt.of(attributes.u32());
                default -> {}
            }
        }
        Optional<String> attribute = place(sent, offset).map(SentRequest.Place::path);
        return new ExtendedAck(text, offset, missing, attribute, missingPath(sent, missing, nest), allowed);
    }

    private static Optional<SentRequest.Place> place(Optional<SentRequest> sent, OptionalInt offset) {
        return offset.isEmpty()
                ? Optional.empty()
                : sent.flatMap(request -> request.at(Integer.toUnsignedLong(offset.getAsInt())));
    }

    private static Optional<String> missingPath(Optional<SentRequest> sent, OptionalInt missing, OptionalInt nest) {
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        int type = missing.getAsInt();
        if (nest.isEmpty()) {
            return Optional.of(sent.map(SentRequest::names)
                    .orElse(AttributeNames.UNKNOWN)
                    .of(type)
                    .name());
        }
        // A type that is missing in an unknown place could be anything.
        return Optional.of(place(sent, nest)
                .map(place -> place.path() + "." + place.inside().of(type).name())
                .orElse(Integer.toUnsignedString(type)));
    }
}
