package io.ipvlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Networks as a drawing, for people who would rather look than read: parents, the networks on them, and the
/// endpoints with their addresses.
///
/// @param networks the networks
public record Topology(List<NetworkInfo> networks) {
    /// Copies the list.
    public Topology {
        networks = List.copyOf(networks);
    }

    /// The networks an engine knows, as they are now. One that is deleted meanwhile is left out.
    ///
    /// @param ipvlan the engine
    /// @return the topology
    /// @throws IllegalStateException if the engine is closed
    public static Topology of(Ipvlan ipvlan) {
        return new Topology(ipvlan.networks().stream()
                .flatMap(network -> inspect(ipvlan, network).stream())
                .toList());
    }

    private static Optional<NetworkInfo> inspect(Ipvlan ipvlan, ActiveNetwork network) {
        try {
            return Optional.of(network.inspect());
        } catch (IllegalStateException e) { // it is going, or gone
            List<ActiveNetwork> _ = ipvlan.networks(); // throws if it is the engine that is closed
            return Optional.empty();
        }
    }

    private record Node(String id, String shape, List<String> lines) {}

    private record Edge(String from, String to) {}

    /// The drawing as text for [Mermaid](https://mermaid.js.org), which Markdown on many sites shows.
    ///
    /// @return a flowchart
    public String mermaid() {
        StringBuilder text = new StringBuilder("flowchart TD\n");
        for (Node node : nodes()) {
            String label = node.lines().stream()
                    .map(line ->
                            line.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;"))
                    .collect(Collectors.joining("<br/>"));
            boolean round = node.shape().equals("ellipse");
            text.append("    ")
                    .append(node.id())
                    .append(round ? "([\"" : "[\"")
                    .append(label)
                    .append(round ? "\"])\n" : "\"]\n");
        }
        edges().forEach(edge -> text.append("    ")
                .append(edge.from())
                .append(" --- ")
                .append(edge.to())
                .append('\n'));
        return text.toString();
    }

    /// The drawing as text for Graphviz.
    ///
    /// @return an undirected graph in the language DOT
    public String dot() {
        StringBuilder text = new StringBuilder("graph ipvlan {\n");
        for (Node node : nodes()) {
            String label = node.lines().stream()
                    .map(line -> line.replace("\\", "\\\\").replace("\"", "\\\""))
                    .collect(Collectors.joining("\\n"));
            text.append("    ")
                    .append(node.id())
                    .append(" [shape=")
                    .append(node.shape())
                    .append(", label=\"")
                    .append(label)
                    .append("\"];\n");
        }
        edges().forEach(edge -> text.append("    ")
                .append(edge.from())
                .append(" -- ")
                .append(edge.to())
                .append(";\n"));
        return text.append("}\n").toString();
    }

    private List<String> parents() {
        return networks.stream().map(Topology::parent).distinct().toList();
    }

    private static String parent(NetworkInfo network) {
        return network.parent()
                + (network.description().parent() instanceof Parent.In in ? " in " + in.netns() : "")
                + (network.parentOwned() ? " (owned)" : "");
    }

    private List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        for (String parent : parents()) {
            nodes.add(new Node("p" + parents().indexOf(parent), "box", List.of(parent)));
        }
        for (int i = 0; i < networks.size(); i++) {
            NetworkInfo network = networks.get(i);
            List<String> lines = new ArrayList<>();
            lines.add(network.description().name());
            lines.add(network.description().mode().text() + " "
                    + network.description().flag().text());
            network.subnets().forEach(subnet -> lines.add(subnet.prefix().toString()));
            nodes.add(new Node("n" + i, "ellipse", lines));
            for (int j = 0; j < network.endpoints().size(); j++) {
                nodes.add(endpoint("n" + i + "e" + j, network.endpoints().get(j)));
            }
        }
        return nodes;
    }

    private static Node endpoint(String id, EndpointInfo endpoint) {
        List<String> lines = new ArrayList<>();
        lines.add(endpoint.id());
        lines.add(endpoint.interfaceName() + " in " + endpoint.netns());
        endpoint.addresses().forEach(address -> lines.add(address.toString()));
        return new Node(id, "box", lines);
    }

    private List<Edge> edges() {
        List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            edges.add(new Edge("p" + parents().indexOf(parent(networks.get(i))), "n" + i));
            for (int j = 0; j < networks.get(i).endpoints().size(); j++) {
                edges.add(new Edge("n" + i, "n" + i + "e" + j));
            }
        }
        return edges;
    }
}
