package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.ExtendedAck;
import io.ipvlan.netlink.NetlinkException;

/// What system calls answered, a value or -errno, as values or exceptions.
final class Answers {
    private Answers() {}

    /// The value.
    ///
    /// @param request what was asked for, in words
    static int accepted(int answer, String request) throws NetlinkException.Refused {
        if (answer < 0) {
            throw refusal(answer, request);
        }
        return answer;
    }

    static NetlinkException.Refused refusal(int answer, String request) {
        return refusal(new Errno(-answer), request);
    }

    static NetlinkException.Refused refusal(Errno errno, String request) {
        return new NetlinkException.Refused(request, errno, ExtendedAck.NONE);
    }

    static boolean is(int answer, Errno errno) {
        return answer == -errno.number();
    }
}
