// Prints what the C headers of this machine say about every constant of io.ipvlan.netlink.internal.Uapi, about
// io.ipvlan.netlink.Errno and about the modes and flags of LinkInfo.Ipvlan, for AbiTest. Run it where it lies:
//
//   gcc -Wall -Werror -o /tmp/facts facts.c && /tmp/facts >x86-64.txt
#include <asm/fcntl.h>
#include <errno.h>
#include <linux/fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>

// A constant of the headers, or a name of Uapi's with the C expression it stands for.
#define IS(name) printf("%s %lld\n", #name, (long long)(name))
#define FACT(name, expression) printf("%s %lld\n", #name, (long long)(expression))

int main(void) {
    puts("# gcc -Wall -Werror -o /tmp/facts facts.c && /tmp/facts >x86-64.txt");

    IS(O_RDONLY), IS(O_NONBLOCK), IS(O_CLOEXEC), IS(AT_EMPTY_PATH);

    IS(STATX_INO);
    FACT(STATX_SIZE, sizeof(struct statx));
    FACT(STATX_OFFSET_INO, offsetof(struct statx, stx_ino));
    FACT(STATX_OFFSET_DEV_MAJOR, offsetof(struct statx, stx_dev_major));
    FACT(STATX_OFFSET_DEV_MINOR, offsetof(struct statx, stx_dev_minor));

    IS(CLONE_NEWNET), IS(NS_GET_NSTYPE);

    IS(AF_INET), IS(AF_INET6), IS(AF_NETLINK), IS(SOCK_RAW), IS(SOCK_CLOEXEC);
    IS(SOL_SOCKET), IS(SO_RCVTIMEO), IS(MSG_TRUNC);
    FACT(TIMEVAL_SIZE, sizeof(struct timeval)); // KernelTransport writes two longs

    IS(NETLINK_ROUTE), IS(SOL_NETLINK), IS(NETLINK_CAP_ACK), IS(NETLINK_EXT_ACK), IS(NETLINK_GET_STRICT_CHK);
    FACT(SOCKADDR_NL_SIZE, sizeof(struct sockaddr_nl));
    FACT(SOCKADDR_NL_OFFSET_PID, offsetof(struct sockaddr_nl, nl_pid));
    IS(NLMSG_HDRLEN), IS(NLMSG_ERROR), IS(NLMSG_DONE);
    IS(NLM_F_REQUEST), IS(NLM_F_ACK), IS(NLM_F_DUMP_INTR), IS(NLM_F_DUMP), IS(NLM_F_EXCL), IS(NLM_F_CREATE);
    IS(NLM_F_CAPPED), IS(NLM_F_ACK_TLVS);
    IS(NLMSGERR_ATTR_MSG), IS(NLMSGERR_ATTR_OFFS), IS(NLMSGERR_ATTR_MISS_TYPE);
    IS(NLA_F_NESTED), IS(NLA_HDRLEN);
    FACT(NLA_TYPE_MASK, NLA_TYPE_MASK & 0xffff); // of a 16-bit field

    IS(RTM_NEWLINK), IS(RTM_DELLINK), IS(RTM_GETLINK), IS(RTM_SETLINK), IS(RTM_NEWADDR), IS(RTM_DELADDR);
    IS(RTM_GETADDR), IS(RTM_NEWROUTE), IS(RTM_DELROUTE), IS(RTM_GETROUTE), IS(RTEXT_FILTER_SKIP_STATS);
    FACT(RTMSG_SIZE, sizeof(struct rtmsg));
    IS(RTA_DST), IS(RTA_OIF), IS(RTA_GATEWAY), IS(RTA_PRIORITY), IS(RTA_PREFSRC), IS(RTA_TABLE), IS(RTM_F_CLONED);

    IS(IFF_UP), IS(IFF_LOOPBACK);
    FACT(IFINFOMSG_SIZE, sizeof(struct ifinfomsg));
    IS(IFLA_IFNAME), IS(IFLA_MTU), IS(IFLA_LINK), IS(IFLA_MASTER), IS(IFLA_LINKINFO), IS(IFLA_NET_NS_FD);
    IS(IFLA_EXT_MASK), IS(IFLA_LINK_NETNSID), IS(IFLA_INFO_KIND), IS(IFLA_INFO_DATA), IS(IFLA_VLAN_ID);
    IS(IFLA_IPVLAN_MODE), IS(IFLA_IPVLAN_FLAGS), IS(IPVLAN_MODE_L2), IS(IPVLAN_MODE_L3), IS(IPVLAN_MODE_L3S);
    IS(IPVLAN_F_PRIVATE), IS(IPVLAN_F_VEPA), IS(IFNAMSIZ);

    FACT(IFADDRMSG_SIZE, sizeof(struct ifaddrmsg));
    IS(IFA_ADDRESS), IS(IFA_LOCAL), IS(IFA_FLAGS), IS(IFA_F_NODAD), IS(IFA_F_TENTATIVE);

    IS(EPERM), IS(ENOENT), IS(ESRCH), IS(EINTR), IS(EBADF), IS(EAGAIN), IS(ENOMEM), IS(EACCES), IS(EBUSY), IS(EEXIST);
    IS(ENODEV), IS(ENOTDIR), IS(EINVAL), IS(EMFILE), IS(ENOTTY), IS(ENOSPC), IS(ERANGE), IS(EOPNOTSUPP);
    IS(EAFNOSUPPORT), IS(EADDRINUSE), IS(EADDRNOTAVAIL), IS(ENETDOWN), IS(ENETUNREACH), IS(ENOBUFS);
    return 0;
}
