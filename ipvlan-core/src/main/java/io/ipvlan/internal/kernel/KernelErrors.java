package io.ipvlan.internal.kernel;

import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanException;
import io.ipvlan.KernelError;
import io.ipvlan.KernelException;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.PermissionException;
import io.ipvlan.Step;
import io.ipvlan.UnsupportedException;
import io.ipvlan.ip.IpFamily;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says in plain words why the kernel refused. The kernel gives a number, and for links hardly ever a word;
/// what the number means depends on what was asked and on what is there.
final class KernelErrors {
    private static final String NET_ADMIN = "CAP_NET_ADMIN";
    private static final String SYS_ADMIN = "CAP_SYS_ADMIN";

    private KernelErrors() {}

    static IpvlanException opening(Netns netns, KernelError error, @Nullable Throwable cause) {
        String operation = "open network namespace";
        String object = "'" + netns + "'";
        return switch (error.name()) {
            case "ENOENT", "ESRCH", "EBADF" -> new NotFoundException(operation, object, missing(netns), error, cause);
            case "ENOTTY", "EINVAL", "ENOTDIR", "ENXIO", "ELOOP", "ENAMETOOLONG" ->
                new NotFoundException(operation, object, "there is no network namespace behind it", error, cause);
            case "EACCES" ->
                // To look at another user's process takes one capability, to read a protected file another.
                new PermissionException(
                        operation,
                        object,
                        netns instanceof Netns.OfPid ? "CAP_SYS_PTRACE" : "CAP_DAC_READ_SEARCH",
                        error,
                        cause);
            case "EPERM" -> new PermissionException(operation, object, SYS_ADMIN, error, cause);
            default -> other(operation, object, error, cause);
        };
    }

    private static String missing(Netns netns) {
        return switch (netns) {
            case Netns.OfPid _ -> "there is no such process";
            case Netns.OfName _ -> "there is no such name in /run/netns";
            case Netns.OfPath _ -> "there is no such file";
            case Netns.OfDescriptor _ -> "it is not open";
        };
    }

    static IpvlanException creatingLink(Step.Create step, KernelError error, @Nullable Throwable cause) {
        boolean vlan = step instanceof Step.CreateVlan;
        String operation = vlan ? "create VLAN link" : "create dummy link";
        String object = "'" + step.name() + "'" + where(step.netns());
        return switch (error.name()) {
            case "EPERM" -> new PermissionException(operation, object, NET_ADMIN, error, cause);
            case "EEXIST" ->
                new ConflictException(
                        operation,
                        object,
                        vlan
                                ? "a link of that name, or of that VLAN, exists already"
                                : "a link of that name exists already",
                        error,
                        cause);
            case "EOPNOTSUPP" ->
                noModule(operation, object, vlan ? "vlan" : "dummy", vlan ? "8021q" : "dummy", error, cause);
            case "ENODEV" ->
                new NotFoundException(operation, object, "the link it is to stand on has gone", error, cause);
            case "ENETDOWN" ->
                new ConflictException(
                        operation, object, "the link it is to stand on is down; bring it up", error, cause);
            case "EINVAL", "ERANGE" ->
                vlan
                        ? new ConflictException(
                                operation, object, "the link it is to stand on carries no VLANs", error, cause)
                        : other(operation, object, error, cause);
            default -> other(operation, object, error, cause);
        };
    }

    private static String where(Optional<Netns> netns) {
        return netns.map(place -> " in '" + place + "'").orElse("");
    }

    /// @param nameTaken whether a link of that name is in the namespace
    /// @param holder what holds the parent, in words; empty if that is not known
    static IpvlanException creatingChild(
            Step.CreateIpvlan step,
            KernelError error,
            boolean nameTaken,
            Optional<String> holder,
            @Nullable Throwable cause) {
        String operation = "create child link";
        String object = "'" + step.name() + "' on parent '" + step.parent() + "'" + where(step.netns());
        return switch (error.name()) {
            case "EPERM" -> new PermissionException(operation, object, NET_ADMIN, error, cause);
            case "EOPNOTSUPP" -> noModule(operation, object, "ipvlan", "ipvlan", error, cause);
            case "EEXIST" ->
                new ConflictException(
                        operation,
                        object,
                        nameTaken
                                ? "the namespace has a link of that name; choose another with withInterfaceName(...)"
                                : "the namespace has a link with index " + step.index() + "; try again",
                        error,
                        cause);
            case "EBUSY" ->
                new ConflictException(
                        operation,
                        object,
                        holder.orElse("the parent is in use by something else, such as a bridge or a bond")
                                + ", and a parent serves one kind",
                        error,
                        cause);
            case "ENODEV" ->
                new NotFoundException(operation, object, "the parent does not exist any more", error, cause);
            case "EINVAL" ->
                new ConflictException(
                        operation, object, "the parent cannot have children: it is not an Ethernet link", error, cause);
            case "ENETDOWN" ->
                new ConflictException(
                        operation, object, "the parent is down; bring it, or what it stands on, up", error, cause);
            default -> other(operation, object, error, cause);
        };
    }

    static IpvlanException configuring(Step step, KernelError error, @Nullable Throwable cause) {
        return switch (step) {
            case Step.AddAddress add -> addingAddress(add, error, cause);
            case Step.AddRoute add -> addingRoute(add, error, cause);
            case Step.SetSysctl set -> settingSysctl(set, error, cause);
            default ->
                switch (error.name()) {
                    case "EPERM" -> new PermissionException("change", "'" + step + "'", NET_ADMIN, error, cause);
                    case "ENODEV" -> vanished("carry out", "'" + step + "'", error, cause);
                    default -> other("carry out", "'" + step + "'", error, cause);
                };
        };
    }

    private static IpvlanException addingAddress(Step.AddAddress step, KernelError error, @Nullable Throwable cause) {
        String operation = "add address";
        String object = step.address() + " to '" + step.link() + "'" + where(step.netns());
        return switch (error.name()) {
            case "EPERM" -> new PermissionException(operation, object, NET_ADMIN, error, cause);
            case "EADDRINUSE" ->
                new AddressException(
                        operation,
                        object,
                        "another child link of the same parent has it, which is not an endpoint of this network",
                        step.address().address(),
                        error,
                        cause);
            case "EEXIST" ->
                new AddressException(
                        operation,
                        object,
                        "the link has it already",
                        step.address().address(),
                        error,
                        cause);
            case "ENODEV" -> vanished(operation, object, error, cause);
            case "EACCES", "EOPNOTSUPP" ->
                step.address().family() == IpFamily.IPV6
                        ? new UnsupportedException(
                                operation,
                                object,
                                "IPv6 is disabled in the namespace",
                                "set the sysctl net.ipv6.conf.default.disable_ipv6 to 0 in it before attaching",
                                error,
                                cause)
                        : other(operation, object, error, cause);
            default -> other(operation, object, error, cause);
        };
    }

    private static IpvlanException addingRoute(Step.AddRoute step, KernelError error, @Nullable Throwable cause) {
        String operation = "add route";
        String object = "'" + step.route() + "'" + where(step.netns());
        return switch (error.name()) {
            case "EPERM" -> new PermissionException(operation, object, NET_ADMIN, error, cause);
            case "EEXIST" -> new ConflictException(operation, object, otherRoute(step), error, cause);
            case "ENODEV" ->
                step.netns().isPresent()
                        ? vanished(operation, object, error, cause)
                        : new NotFoundException(operation, object, "the link it leaves by has gone", error, cause);
            case "ENETUNREACH", "EHOSTUNREACH" ->
                new ConflictException(
                        operation,
                        object,
                        "its gateway is not reachable on link: name one inside a subnet, or use gatewayIsOnLink()",
                        error,
                        cause);
            case "EINVAL" ->
                step.route().source().isPresent()
                        ? new ConflictException(
                                operation, object, "its source is no address of the namespace", error, cause)
                        : other(operation, object, error, cause);
            default -> other(operation, object, error, cause);
        };
    }

    /// What there is to do depends on whose route it is: no endpoint's is in the engine's own namespace
    /// without saying so.
    private static String otherRoute(Step.AddRoute step) {
        if (step.netns().isEmpty()) {
            return "there is another route to this destination already; remove that, or give this one another metric";
        }
        return step.route().isDefault()
                ? "the namespace has a default route already; attach with withoutDefaultRoute()"
                : "the namespace has a route to this destination already; withSourceRules() gives the endpoint routes"
                        + " of its own";
    }

    static IpvlanException settingSysctl(Step.SetSysctl step, KernelError error, @Nullable Throwable cause) {
        String operation = "set sysctl";
        String object = "'" + step.key() + "' to '" + step.value() + "'" + where(step.netns());
        return switch (error.name()) {
            case "ENOENT", "ENOTDIR" ->
                new UnsupportedException(
                        operation,
                        object,
                        "there is no such setting",
                        "look for it in /proc/sys/net; without IPv6 in the kernel its settings are missing",
                        error,
                        cause);
            case "EACCES", "EPERM" -> new PermissionException(operation, object, NET_ADMIN, error, cause);
            case "EROFS" ->
                new UnsupportedException(
                        operation,
                        object,
                        "/proc/sys is mounted read-only where this program runs",
                        "mount it writable (containers: --privileged, or a volume)",
                        error,
                        cause);
            case "EINVAL", "ERANGE" ->
                new ConflictException(operation, object, "the setting does not take this value", error, cause);
            default -> other(operation, object, error, cause);
        };
    }

    static IpvlanException sending(String object, KernelError error, @Nullable Throwable cause) {
        return error.name().equals("EPERM")
                ? new PermissionException("send frames", object, "CAP_NET_RAW", error, cause)
                : other("send frames", object, error, cause);
    }

    static IpvlanException deleting(Step.DeleteLink step, KernelError error, @Nullable Throwable cause) {
        String operation = "delete link";
        String object = "'" + step.name() + "'" + where(step.netns());
        return error.name().equals("EPERM")
                ? new PermissionException(operation, object, NET_ADMIN, error, cause)
                : other(operation, object, error, cause);
    }

    static IpvlanException observing(String object, KernelError error, @Nullable Throwable cause) {
        return error.name().equals("ENOPROTOOPT")
                ? new UnsupportedException(
                        "look at", object, "this kernel is too old", "use Linux 4.20 or later", error, cause)
                : other("look at", object, error, cause);
    }

    /// No answer, or none that makes sense.
    static IpvlanException unknownOutcome(String operation, String object, Throwable cause) {
        return new KernelException(operation, object, String.valueOf(cause.getMessage()), null, cause);
    }

    static IpvlanException noNativeAccess(IllegalCallerException cause) {
        String said = String.valueOf(cause.getMessage());
        int remedy = said.indexOf(": ");
        return new UnsupportedException(
                "open",
                "the netlink socket",
                remedy < 0 ? said : said.substring(0, remedy),
                remedy < 0 ? "start the JVM with --enable-native-access" : said.substring(remedy + 2),
                null,
                cause);
    }

    private static IpvlanException noModule(
            String operation, String object, String kind, String module, KernelError error, @Nullable Throwable cause) {
        return new UnsupportedException(
                operation,
                object,
                "this kernel does not know links of kind '" + kind + "'",
                "load the module '" + module + "' (modprobe " + module + "), or use a kernel that has it",
                error,
                cause);
    }

    private static IpvlanException vanished(
            String operation, String object, KernelError error, @Nullable Throwable cause) {
        return new NotFoundException(
                operation, object, "the child link has gone, with its parent or its namespace", error, cause);
    }

    private static IpvlanException other(
            String operation, String object, KernelError error, @Nullable Throwable cause) {
        String reason = switch (error.name()) {
            case "EMFILE" -> "this process has no file descriptors left; allow it more (ulimit -n)";
            case "EMLINK" ->
                "what it is to stand on stands on 7 other links, and the kernel allows no more; take one of those";
            case "ENFILE" -> "this machine has no file descriptors left; allow more (sysctl fs.file-max)";
            default -> "the kernel refused";
        };
        return new KernelException(operation, object, reason, error, cause);
    }
}
