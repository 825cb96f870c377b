package io.ipvlan.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.KernelError;
import io.ipvlan.KernelException;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.PermissionException;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.UnsupportedException;
import io.ipvlan.VlanProtocol;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.ExtendedAck;
import io.ipvlan.netlink.NetlinkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What each refusal of the kernel becomes: a kind, a reason in plain words, and the kernel's own words kept.
class KernelErrorsTest {
    private static final Netns BLUE = Netns.ofName("blue");
    private static final Step.CreateIpvlan CHILD = new Step.CreateIpvlan(
            "eth0",
            77,
            "d1",
            7,
            Optional.empty(),
            Optional.of(BLUE),
            IpvlanMode.L3,
            IpvlanFlag.BRIDGE,
            OptionalInt.empty());
    private static final Step.AddAddress IPV4 =
            new Step.AddAddress(IpCidr.parse("10.0.0.2/24"), "eth0", 77, Optional.of(BLUE));
    private static final Step.AddAddress IPV6 =
            new Step.AddAddress(IpCidr.parse("2001:db8::2/64"), "eth0", 77, Optional.of(BLUE));
    private static final Step.AddRoute DEFAULT =
            new Step.AddRoute(Route.onLink(IpPrefix.parse("0.0.0.0/0"), "eth0"), 77, Optional.of(BLUE));
    private static final Step.AddRoute SIBLING =
            new Step.AddRoute(Route.onLink(IpPrefix.parse("10.9.0.0/24"), "eth0"), 77, Optional.of(BLUE));

    private static final Step.AddRoute SOURCED = new Step.AddRoute(
            Route.onLink(IpPrefix.parse("10.9.0.0/24"), "eth0").source(IpAddress.parse("10.0.0.2")),
            77,
            Optional.of(BLUE));
    private static final Step.AddRoute HOST =
            new Step.AddRoute(Route.onLink(IpPrefix.parse("10.9.0.0/24"), "eth0"), 2, Optional.empty());
    private static final Step.SetUp UP = new Step.SetUp("d1", 7, Optional.empty());

    private static KernelError error(String name) {
        return new KernelError(1, name, "");
    }

    private static IpvlanException child(String errno) {
        return KernelErrors.creatingChild(CHILD, error(errno), true, Optional.empty(), null);
    }

    private static IpvlanException dummy(String errno) {
        return KernelErrors.creatingLink(new Step.CreateDummy("d1", 7, Optional.empty()), error(errno), null);
    }

    private static IpvlanException vlan(String errno) {
        return KernelErrors.creatingLink(
                new Step.CreateVlan("d1.20", 8, "d1", 7, 20, VlanProtocol.DOT1Q, Optional.empty()), error(errno), null);
    }

    private static IpvlanException sysctl(String errno) {
        return KernelErrors.settingSysctl(
                new Step.SetSysctl("net.ipv4.conf.eth0.arp_notify", "1", Optional.of(BLUE)), error(errno), null);
    }

    private static IpvlanException opening(Netns netns, String errno) {
        return KernelErrors.opening(netns, error(errno), null);
    }

    private static IpvlanException configuring(Step step, String errno) {
        return KernelErrors.configuring(step, error(errno), null);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(child("EPERM"), PermissionException.class, "CAP_NET_ADMIN"),
                Arguments.of(child("EOPNOTSUPP"), UnsupportedException.class, "modprobe ipvlan"),
                Arguments.of(child("EEXIST"), ConflictException.class, "withInterfaceName"),
                Arguments.of(child("EBUSY"), ConflictException.class, "in use by something else"),
                Arguments.of(child("ENODEV"), NotFoundException.class, "parent does not exist any more"),
                Arguments.of(child("EINVAL"), ConflictException.class, "not an Ethernet link"),
                Arguments.of(child("ENETDOWN"), ConflictException.class, "the parent is down"),
                Arguments.of(child("ENOMEM"), KernelException.class, "the kernel refused"),
                Arguments.of(dummy("EPERM"), PermissionException.class, "CAP_NET_ADMIN"),
                Arguments.of(dummy("EEXIST"), ConflictException.class, "exists already"),
                Arguments.of(dummy("EOPNOTSUPP"), UnsupportedException.class, "modprobe dummy"),
                Arguments.of(dummy("errno 512"), KernelException.class, "the kernel refused"),
                Arguments.of(opening(BLUE, "ENOENT"), NotFoundException.class, "no such name in /run/netns"),
                Arguments.of(opening(Netns.ofPid(7), "ENOENT"), NotFoundException.class, "no such process"),
                Arguments.of(opening(Netns.ofPath(Path.of("/x")), "ENOENT"), NotFoundException.class, "no such file"),
                Arguments.of(opening(BLUE, "ENOTTY"), NotFoundException.class, "no network namespace"),
                Arguments.of(opening(BLUE, "EINVAL"), NotFoundException.class, "no network namespace"),
                Arguments.of(opening(BLUE, "EPERM"), PermissionException.class, "CAP_SYS_ADMIN"),
                Arguments.of(opening(Netns.ofPid(7), "EACCES"), PermissionException.class, "CAP_SYS_PTRACE"),
                Arguments.of(opening(BLUE, "EACCES"), PermissionException.class, "CAP_DAC_READ_SEARCH"),
                Arguments.of(opening(BLUE, "ELOOP"), NotFoundException.class, "no network namespace"),
                Arguments.of(opening(BLUE, "EMFILE"), KernelException.class, "ulimit -n"),
                Arguments.of(sysctl("EMFILE"), KernelException.class, "this process has no file descriptors left"),
                Arguments.of(opening(BLUE, "ENFILE"), KernelException.class, "fs.file-max"),
                Arguments.of(
                        vlan("EMLINK"),
                        KernelException.class,
                        "stands on 7 other links, and the kernel allows no more"),
                Arguments.of(configuring(IPV4, "EADDRINUSE"), AddressException.class, "another child link"),
                Arguments.of(configuring(IPV4, "EEXIST"), AddressException.class, "the link has it already"),
                Arguments.of(configuring(IPV4, "ENODEV"), NotFoundException.class, "the child link has gone"),
                Arguments.of(configuring(IPV4, "EPERM"), PermissionException.class, "CAP_NET_ADMIN"),
                Arguments.of(configuring(IPV4, "EACCES"), KernelException.class, "the kernel refused"),
                Arguments.of(configuring(IPV6, "EACCES"), UnsupportedException.class, "disable_ipv6"),
                Arguments.of(configuring(DEFAULT, "EEXIST"), ConflictException.class, "withoutDefaultRoute()"),
                Arguments.of(configuring(SIBLING, "EEXIST"), ConflictException.class, "to this destination"),
                Arguments.of(configuring(DEFAULT, "ENODEV"), NotFoundException.class, "the child link has gone"),
                Arguments.of(configuring(DEFAULT, "EPERM"), PermissionException.class, "CAP_NET_ADMIN"),
                Arguments.of(configuring(DEFAULT, "ENETUNREACH"), ConflictException.class, "not reachable on link"),
                Arguments.of(configuring(DEFAULT, "EINVAL"), KernelException.class, "the kernel refused"),
                Arguments.of(configuring(SOURCED, "EINVAL"), ConflictException.class, "no address of the namespace"),
                Arguments.of(configuring(HOST, "EEXIST"), ConflictException.class, "another metric"),
                Arguments.of(configuring(HOST, "ENODEV"), NotFoundException.class, "the link it leaves by has gone"),
                Arguments.of(configuring(UP, "EPERM"), PermissionException.class, "CAP_NET_ADMIN"),
                Arguments.of(configuring(UP, "EIO"), KernelException.class, "the kernel refused"),
                Arguments.of(vlan("EPERM"), PermissionException.class, "CAP_NET_ADMIN"),
                Arguments.of(vlan("EEXIST"), ConflictException.class, "or of that VLAN"),
                Arguments.of(vlan("EOPNOTSUPP"), UnsupportedException.class, "modprobe 8021q"),
                Arguments.of(vlan("ENODEV"), NotFoundException.class, "it is to stand on has gone"),
                Arguments.of(vlan("ENETDOWN"), ConflictException.class, "is down; bring it up"),
                Arguments.of(vlan("EINVAL"), ConflictException.class, "carries no VLANs"),
                Arguments.of(sysctl("ENOENT"), UnsupportedException.class, "no such setting"),
                Arguments.of(sysctl("EACCES"), PermissionException.class, "CAP_NET_ADMIN"),
                Arguments.of(sysctl("EROFS"), UnsupportedException.class, "read-only"),
                Arguments.of(sysctl("EINVAL"), ConflictException.class, "does not take this value"),
                Arguments.of(sysctl("EIO"), KernelException.class, "the kernel refused"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusalHasItsKindAndItsReason(IpvlanException thrown, Class<IpvlanException> kind, String reason) {
        assertInstanceOf(kind, thrown);
        assertTrue(thrown.reason().contains(reason), thrown.getMessage());
        assertTrue(thrown.kernelError().isPresent(), thrown.getMessage());
    }

    @Test
    void theMessageNamesTheObjectTheReasonAndTheKernelsWords() {
        KernelError busy = new KernelError(16, "EBUSY", "");
        IpvlanException held = KernelErrors.creatingChild(
                CHILD, busy, false, Optional.of("the parent carries macvlan link 'mv1'"), null);
        assertEquals(
                "create child link 'eth0' on parent 'd1' in 'blue': the parent carries macvlan link 'mv1', and a parent"
                        + " serves one kind [EBUSY]",
                held.getMessage());
        KernelError said = new KernelError(98, "EADDRINUSE", "Address already assigned to an ipvlan device");
        assertTrue(KernelErrors.configuring(IPV4, said, null)
                .getMessage()
                .endsWith("[EADDRINUSE: Address already assigned to an ipvlan device]"));
    }

    @Test
    void anAnswerThatIsMissingLeavesTheKernelErrorEmpty() {
        IpvlanException unknown =
                KernelErrors.unknownOutcome("create dummy link", "'d1'", new IllegalStateException("no answer"));
        assertInstanceOf(KernelException.class, unknown);
        assertEquals(Optional.empty(), unknown.kernelError());
    }

    @Test
    void aNamespaceThatCouldNotBeLookedIntoIsNamedInWords() {
        NetlinkException.Refused cause = new NetlinkException.Refused(
                "open network namespace '/proc/810/ns/net'", Errno.EMFILE, ExtendedAck.NONE);
        IOException reason =
                NamespaceSearch.refusal(Path.of("/proc/810/ns/net"), cause).orElseThrow();

        assertEquals(
                "look for links of this library in other namespaces: open network namespace '/proc/810/ns/net': this"
                        + " process has no file descriptors left; allow it more (ulimit -n) [EMFILE]",
                KernelErrors.unknownOutcome("look for links", "of this library in other namespaces", reason)
                        .getMessage());
    }

    @Test
    void aRefusedJvmIsToldWhichFlagItNeeds() {
        IpvlanException refused = KernelErrors.noNativeAccess(
                new IllegalCallerException("this JVM refuses native access: start it with --enable-native-access=x"));
        UnsupportedException unsupported = assertInstanceOf(UnsupportedException.class, refused);
        assertEquals("start it with --enable-native-access=x", unsupported.remedy());
    }
}
