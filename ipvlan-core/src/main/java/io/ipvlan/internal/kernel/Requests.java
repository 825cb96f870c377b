package io.ipvlan.internal.kernel;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.VlanProtocol;
import io.ipvlan.internal.plan.Marks;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.AddressRequest;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteMetrics;
import io.ipvlan.netlink.route.RouteRequest;
import io.ipvlan.netlink.route.RouteType;
import io.ipvlan.netlink.route.RuleRequest;
import java.util.ArrayList;
import java.util.List;

/// Steps as netlink requests.
final class Requests {
    private Requests() {}

    static int number(IpvlanMode mode) {
        return switch (mode) {
            case L2 -> LinkInfo.Ipvlan.L2;
            case L3 -> LinkInfo.Ipvlan.L3;
            case L3S -> LinkInfo.Ipvlan.L3S;
        };
    }

    static int number(IpvlanFlag flag) {
        return switch (flag) {
            case BRIDGE -> LinkInfo.Ipvlan.BRIDGE;
            case PRIVATE -> LinkInfo.Ipvlan.PRIVATE;
            case VEPA -> LinkInfo.Ipvlan.VEPA;
        };
    }

    private static LinkInfo.Ipvlan info(IpvlanMode mode, IpvlanFlag flag) {
        return new LinkInfo.Ipvlan(number(mode), number(flag));
    }

    static LinkRequest child(Step.CreateIpvlan step, NetNamespace target) {
        LinkRequest request = LinkRequest.create(step.name(), info(step.mode(), step.flag()))
                .linkedTo(step.parentIndex())
                .withIndex(step.index())
                .group(Marks.GROUP)
                .in(target);
        return step.mtu().isPresent() ? request.mtu(step.mtu().getAsInt()) : request;
    }

    /// A link other than a child.
    static LinkRequest link(Step.Create step) {
        LinkRequest request = switch (step) {
            case Step.CreateDummy _ -> LinkRequest.create(step.name(), new LinkInfo.Dummy());
            case Step.CreateVlan vlan ->
                LinkRequest.create(step.name(), tag(vlan.id(), vlan.protocol())).linkedTo(vlan.lowerIndex());
            case Step.CreateIpvlan _ -> throw new IllegalArgumentException("a child link: " + step);
        };
        return request.withIndex(step.index()).group(Marks.GROUP).up();
    }

    private static LinkInfo tag(int id, VlanProtocol protocol) {
        return new LinkInfo.Vlan(id, protocol.number(), LinkInfo.Vlan.REORDER_HEADER, List.of(), List.of());
    }

    /// A request, and what it is for.
    ///
    /// @param step the step that a refusal is about
    record Change(Step step, NetlinkRequest request) {}

    /// Steps that neither make nor delete a link. A link gets its alias and comes up by one request: the
    /// kernel tells everybody of each.
    static List<Change> changes(List<Step> steps) {
        List<Change> changes = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.SetUp up
                    && !changes.isEmpty()
                    && changes.getLast().step() instanceof Step.SetAlias named
                    && named.index() == up.index()) {
                changes.set(
                        changes.size() - 1,
                        new Change(
                                up,
                                LinkRequest.change(up.index())
                                        .alias(named.alias())
                                        .up()));
            } else {
                changes.add(new Change(step, change(step)));
            }
        }
        return changes;
    }

    private static NetlinkRequest change(Step step) {
        return switch (step) {
            case Step.SetUp up -> LinkRequest.change(up.index()).up();
            case Step.SetMtu set -> LinkRequest.change(set.index()).mtu(set.mtu());
            case Step.SetPort set -> LinkRequest.change(set.index()).info(info(set.mode(), set.flag()));
            case Step.SetAlias set -> LinkRequest.change(set.index()).alias(set.alias());
            case Step.AddAlternativeName add ->
                LinkRequest.addAlternativeNames(add.index(), List.of(add.alternative()));
            case Step.AddAddress add ->
                AddressRequest.add(add.index(), add.address()).protocol(Marks.PROTOCOL);
            case Step.AddRoute add -> route(RouteRequest.add(add.route().destination()), add.route(), add.index());
            case Step.DeleteRoute delete ->
                route(RouteRequest.delete(delete.route().destination()), delete.route(), delete.index());
            case Step.AddRule add -> rule(RuleRequest.add(add.from().family()), add.from(), add.table());
            case Step.DeleteRule delete ->
                rule(RuleRequest.delete(delete.from().family()), delete.from(), delete.table());
            case Step.Create _, Step.DeleteLink _, Step.SetSysctl _ ->
                throw new IllegalArgumentException("no change of what is there: " + step);
        };
    }

    private static RouteRequest route(RouteRequest begun, Route route, int device) {
        RouteRequest request = begun.protocol(Marks.PROTOCOL);
        request = device > 0 ? request.by(device) : request;
        if (route.gateway().isPresent()) {
            request = request.via(route.gateway().get());
        }
        if (route.gatewayOnLink()) {
            request = request.onLink();
        }
        if (route.type() != Route.Type.UNICAST) {
            request = request.ofType(number(route.type()));
        }
        if (route.metric().isPresent()) {
            request = request.metric(route.metric().getAsInt());
        }
        if (route.table().isPresent()) {
            request = request.table(route.table().getAsInt());
        }
        if (route.source().isPresent()) {
            request = request.source(route.source().get());
        }
        return route.mtu().isPresent()
                ? request.metrics(
                        RouteMetrics.NONE.with(RouteMetrics.MTU, route.mtu().getAsInt()))
                : request;
    }

    private static int number(Route.Type type) {
        return switch (type) {
            case UNICAST -> RouteType.UNICAST;
            case BLACKHOLE -> RouteType.BLACKHOLE;
            case UNREACHABLE -> RouteType.UNREACHABLE;
            case PROHIBIT -> RouteType.PROHIBIT;
        };
    }

    private static RuleRequest rule(RuleRequest begun, IpPrefix from, int table) {
        return begun.from(from).table(table).protocol(Marks.PROTOCOL);
    }
}
