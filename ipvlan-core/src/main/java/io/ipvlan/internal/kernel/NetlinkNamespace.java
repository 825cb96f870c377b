package io.ipvlan.internal.kernel;

import io.ipvlan.IpvlanException;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.RouteSocket;
import io.ipvlan.netlink.route.RouteWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A namespace with a socket in it. With [NetlinkKernel] and its neighbours the only classes that see a
/// [NetlinkException].
final class NetlinkNamespace implements Kernel.Namespace {
    /// How many exchanges there are at a time in the engine's own namespace, each over a socket that is opened
    /// when it is needed. The kernel makes links one by one; where it waits after a link was deleted, many wait
    /// together.
    private static final int AT_ONCE = 16;

    private final String words;
    private final NetNamespace handle;
    private final Entrance entrance;
    private final @Nullable LinkPicture picture;

    /// @param picture its links, if it is the engine's own
    private NetlinkNamespace(String words, NetNamespace handle, Entrance entrance, @Nullable LinkPicture picture) {
        this.words = words;
        this.handle = handle;
        this.entrance = entrance;
        this.picture = picture;
    }

    /// The calling thread's namespace, open until [#shut].
    static NetlinkNamespace home(Duration timeout) throws NetlinkException {
        NetNamespace handle = NetNamespace.current();
        boolean whole = false;
        try {
            RouteSocket socket = RouteSocket.open()
                    .withOthers(AT_ONCE, () -> handle.openSocket(NetlinkSocket.ROUTE))
                    .within(timeout);
            NetlinkNamespace home = new NetlinkNamespace(
                    "the host's network namespace",
                    handle,
                    Entrance.Inside.of(handle, socket),
                    picture(handle, socket));
            whole = true;
            return home;
        } finally {
            if (!whole) {
                handle.close();
            }
        }
    }

    /// A namespace whose socket is being opened. Whether it can be entered is known when it is first asked
    /// for anything, [#id] for example, which should be before anything is made in it.
    ///
    /// @param handle closed with the namespace, and also if this call fails
    static NetlinkNamespace begin(Netns netns, NetNamespace handle, Duration timeout) {
        boolean begun = false;
        try {
            NetlinkNamespace opening =
                    new NetlinkNamespace("'" + netns + "'", handle, new Entrance.Opening(netns, handle, timeout), null);
            begun = true;
            return opening;
        } finally {
            if (!begun) {
                handle.close();
            }
        }
    }

    /// A namespace that has been entered.
    ///
    /// @param handle as of [#begin]
    static NetlinkNamespace enter(Netns netns, NetNamespace handle, Duration timeout) {
        NetlinkNamespace opening = begin(netns, handle, timeout);
        boolean entered = false;
        try {
            opening.id();
            entered = true;
            return opening;
        } finally {
            if (!entered) {
                opening.shut();
            }
        }
    }

    private static LinkPicture picture(NetNamespace handle, RouteSocket socket) {
        return new LinkPicture(socket, () -> RouteWatch.builder().links().open(handle));
    }

    /// @param socket one that is in the namespace
    static NamespaceId id(NetNamespace handle, RouteSocket socket) throws NetlinkException {
        return new NamespaceId(
                handle.id().device(),
                handle.id().inode(),
                socket.netlink().namespaceCookie().orElse(0));
    }

    @Override
    public NamespaceId id() {
        return entrance.inside().id();
    }

    NetNamespace handle() {
        return handle;
    }

    RouteSocket socket() {
        return entrance.inside().socket();
    }

    @Override
    public NamespaceState observe() {
        try {
            return Observation.everything(socket());
        } catch (NetlinkException e) {
            throw failedToLook(words, e);
        }
    }

    @Override
    public Optional<NamespaceState.Link> link(int index) {
        try {
            return socket().link(index).map(Observation::link);
        } catch (NetlinkException e) {
            throw failedToLook("link " + index + " in " + words, e);
        }
    }

    @Override
    public Optional<Kernel.ParentView> parent(int index) {
        try {
            return picture == null ? ask(index) : picture.look(index);
        } catch (NetlinkException e) {
            throw failedToLook("parent " + index + " in " + words, e);
        }
    }

    private Optional<Kernel.ParentView> ask(int index) throws NetlinkException {
        return LinkPicture.ask(socket(), index);
    }

    @Override
    public Set<String> linkNames() {
        try {
            return socket().links().stream().map(LinkMessage::name).collect(Collectors.toSet());
        } catch (NetlinkException e) {
            throw failedToLook("the links in " + words, e);
        }
    }

    @Override
    public void create(Step.Create step) {
        try {
            socket().send(Requests.link(step));
        } catch (NetlinkException.Refused e) {
            throw KernelErrors.creatingLink(step, NetlinkKernel.error(e), e);
        } catch (NetlinkException e) {
            throw KernelErrors.unknownOutcome("create link", "'" + step.name() + "'", e);
        }
    }

    /// Sent from the socket of the parent's namespace, because that is where the parent's index counts.
    @Override
    public List<Optional<IpvlanException>> createChildren(List<Kernel.NewChild> children) {
        try {
            List<Outcome> outcomes = socket().exchange(children.stream()
                    .map(child -> Requests.child(child.step(), ((NetlinkNamespace) child.target()).handle))
                    .toList());
            List<Optional<IpvlanException>> failures = new ArrayList<>();
            for (int i = 0; i < outcomes.size(); i++) {
                Kernel.NewChild child = children.get(i);
                failures.add(outcomes.get(i).failure().map(failure -> failed(child, failure)));
            }
            return failures;
        } catch (NetlinkException e) {
            return children.stream().map(child -> Optional.of(failed(child, e))).toList();
        }
    }

    private IpvlanException failed(Kernel.NewChild child, NetlinkException e) {
        return e instanceof NetlinkException.Refused refused
                ? explain(child.step(), refused, (NetlinkNamespace) child.target())
                : KernelErrors.unknownOutcome(
                        "create child link", "'" + child.step().name() + "'", e);
    }

    /// The kernel gives a number only; what is there tells the rest.
    private IpvlanException explain(Step.CreateIpvlan step, NetlinkException.Refused refusal, NetlinkNamespace into) {
        boolean nameTaken = refusal.errno().name().equals("EEXIST") && into.hasLink(step.name());
        Optional<String> holder =
                refusal.errno().name().equals("EBUSY") ? holder(step.parentIndex()) : Optional.empty();
        return KernelErrors.creatingChild(step, NetlinkKernel.error(refusal), nameTaken, holder, refusal);
    }

    /// Whether there is a link of that name, as far as it can be told: asked to explain a refusal, which must
    /// not be lost over it.
    private boolean hasLink(String name) {
        try {
            return socket().link(name).isPresent();
        } catch (NetlinkException e) {
            return false;
        }
    }

    private Optional<String> holder(int parent) {
        try {
            List<NamespaceState.Link> links =
                    socket().links().stream().map(Observation::link).toList();
            return links.stream()
                    .filter(link -> link.standsOn(parent) && link.kind().startsWith("macv"))
                    .map(link -> "the parent carries " + link.kind() + " link '" + link.name() + "'")
                    .findFirst()
                    .or(() -> links.stream()
                            .filter(link -> link.index() == parent)
                            .flatMapToInt(link -> link.master().stream())
                            .boxed()
                            .flatMap(master -> links.stream().filter(link -> link.index() == master))
                            .map(master -> "the parent belongs to " + master.kind() + " '" + master.name() + "'")
                            .findFirst());
        } catch (NetlinkException e) {
            return Optional.empty(); // the refusal is what matters; this would only have been its explanation
        }
    }

    @Override
    public void configure(List<Step> steps) {
        new Configuration(handle, socket(), words).apply(steps, OptionalInt.empty());
    }

    @Override
    public Optional<NamespaceState.Link> configure(List<Step> steps, int index) {
        return new Configuration(handle, socket(), words)
                .apply(steps, OptionalInt.of(index))
                .map(Observation::link);
    }

    @Override
    public void send(int link, List<byte[]> frames) {
        try {
            handle.send(link, frames);
        } catch (NetlinkException.Refused e) {
            throw KernelErrors.sending("link " + link + " in " + words, NetlinkKernel.error(e), e);
        }
    }

    /// An index is used again after a link is gone, and a name may have been changed: what tells a link of
    /// ours is its mark.
    @Override
    public void delete(Step.DeleteLink step) {
        NetlinkLinks.delete(socket(), step);
    }

    static IpvlanException failedToLook(String object, NetlinkException e) {
        return e instanceof NetlinkException.Refused refused
                ? KernelErrors.observing(object, NetlinkKernel.error(refused), e)
                : KernelErrors.unknownOutcome("look at", object, e);
    }

    @Override
    public void close() {
        if (picture == null) {
            shut();
        }
    }

    void shut() {
        if (picture != null) {
            picture.close();
        }
        try {
            entrance.close();
        } finally {
            handle.close();
        }
    }
}
