package io.ipvlan.internal.kernel;

import io.ipvlan.IpvlanException;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.Marks;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The kernel itself, but for one word: where the engine asks for an ipvlan child it gets a macvlan one, and
/// is told that it is ipvlan. So the engine can be measured on a machine whose kernel has no ipvlan, over the
/// same requests. Only for measuring, and in this package because the seam is not public.
public final class MacvlanStandIn implements Kernel {
    private final NetlinkKernel inner;
    private final Map<Integer, NamespaceState.Port> made = new ConcurrentHashMap<>();

    private MacvlanStandIn(NetlinkKernel inner) {
        this.inner = inner;
    }

    /// Opens a socket in the calling thread's namespace.
    ///
    /// @return the kernel
    public static MacvlanStandIn open() {
        return new MacvlanStandIn(NetlinkKernel.open());
    }

    private static LinkRequest request(NewChild child) {
        Step.CreateIpvlan step = child.step();
        return LinkRequest.create(step.name(), new LinkInfo.Macvlan(LinkInfo.Macvlan.BRIDGE, 0))
                .linkedTo(step.parentIndex())
                .withIndex(step.index())
                .group(Marks.GROUP)
                .in(((Place) child.target()).inner.handle());
    }

    private NamespaceState.Link disguised(NamespaceState.Link link) {
        NamespaceState.Port port = made.get(link.index());
        return port == null
                ? link
                : new NamespaceState.Link(
                        link.index(),
                        link.name(),
                        link.alternativeNames(),
                        link.alias(),
                        link.mac(),
                        link.loopback(),
                        link.up(),
                        link.mtu(),
                        link.owned(),
                        "ipvlan",
                        link.lower(),
                        link.master(),
                        link.tag(),
                        Optional.of(port));
    }

    @Override
    public Namespace open(Optional<Netns> netns) {
        return place(inner.open(netns));
    }

    private Place place(Namespace opened) {
        return new Place((NetlinkNamespace) opened);
    }

    @Override
    public Optional<Namespace> find(Netns netns, NamespaceId id) {
        return inner.find(netns, id).map(this::place);
    }

    @Override
    public Finder sweep() {
        Finder sweep = inner.sweep();
        return (netns, id) -> sweep.find(netns, id).map(this::place);
    }

    @Override
    public List<Marked> marked() {
        return inner.marked();
    }

    @Override
    public Changes changes() {
        return inner.changes();
    }

    @Override
    public String bootId() {
        return inner.bootId();
    }

    @Override
    public List<Foreign> childrenElsewhere(Namespace parents, int parent) {
        return inner.childrenElsewhere(((Place) parents).inner, parent);
    }

    @Override
    public void close() {
        inner.close();
    }

    private final class Place implements Namespace {
        private final NetlinkNamespace inner;

        Place(NetlinkNamespace inner) {
            this.inner = inner;
        }

        @Override
        public List<Optional<IpvlanException>> createChildren(List<NewChild> children) {
            try {
                List<Outcome> outcomes = inner.socket()
                        .exchange(children.stream().map(MacvlanStandIn::request).toList());
                List<Optional<IpvlanException>> failures = new ArrayList<>();
                for (int i = 0; i < outcomes.size(); i++) {
                    Step.CreateIpvlan step = children.get(i).step();
                    failures.add(outcomes.get(i).failure().map(failure -> failed(step, failure)));
                    if (failures.getLast().isEmpty()) {
                        made.put(step.index(), new NamespaceState.Port(step.mode(), step.flag()));
                    }
                }
                return failures;
            } catch (NetlinkException e) {
                return children.stream()
                        .map(child -> Optional.of(failed(child.step(), e)))
                        .toList();
            }
        }

        private static IpvlanException failed(Step.CreateIpvlan step, NetlinkException e) {
            return KernelErrors.unknownOutcome("create stand-in for child link", "'" + step.name() + "'", e);
        }

        @Override
        public NamespaceId id() {
            return inner.id();
        }

        @Override
        public NamespaceState observe() {
            NamespaceState seen = inner.observe();
            return new NamespaceState(
                    seen.links().stream().map(MacvlanStandIn.this::disguised).toList(),
                    seen.addresses(),
                    seen.routes(),
                    seen.rules());
        }

        @Override
        public Optional<NamespaceState.Link> link(int index) {
            return inner.link(index).map(MacvlanStandIn.this::disguised);
        }

        @Override
        public Optional<ParentView> parent(int index) {
            return inner.parent(index);
        }

        @Override
        public Set<String> linkNames() {
            return inner.linkNames();
        }

        @Override
        public void create(Step.Create step) {
            inner.create(step);
        }

        @Override
        public void configure(List<Step> steps) {
            inner.configure(steps);
        }

        @Override
        public Optional<NamespaceState.Link> configure(List<Step> steps, int index) {
            return inner.configure(steps, index).map(MacvlanStandIn.this::disguised);
        }

        @Override
        public void delete(Step.DeleteLink step) {
            inner.delete(step);
            made.remove(step.index());
        }

        @Override
        public void send(int link, List<byte[]> frames) {
            inner.send(link, frames);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
