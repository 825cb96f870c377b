package io.ipvlan;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/// A route: where it leads, by which next hop, through which link. An immutable value.
///
/// Begin with [#to(String)], [#onLink], [#via] or [#blackhole]; the constructor gets another parameter with
/// every setting that is added.
///
/// @param destination the prefix it leads to; length 0 for a default route
/// @param gateway the next hop; empty if the destination is on-link
/// @param device the link's name; empty for the link it is given to, or if it needs none
/// @param type what becomes of the packets
/// @param metric its priority, the lowest first; the kernel's own if empty: 0 for IPv4, 1024 for IPv6
/// @param table the routing table it is in; the main one if empty
/// @param source the source address of what the host itself sends; chosen by the kernel if empty
/// @param mtu the largest packet on this way, in bytes; the link's if empty
/// @param gatewayOnLink whether the gateway counts as on-link, whatever the addresses of the link say
public record Route(
        IpPrefix destination,
        Optional<IpAddress> gateway,
        Optional<String> device,
        Type type,
        OptionalInt metric,
        OptionalInt table,
        Optional<IpAddress> source,
        OptionalInt mtu,
        boolean gatewayOnLink) {
    private static final int MAIN_TABLE = 254;

    /// What becomes of packets that take a route. Source: `RTN_*` in `linux/rtnetlink.h`.
    public enum Type {
        /// They are sent on.
        UNICAST("unicast"),
        /// They vanish without a word.
        BLACKHOLE("blackhole"),
        /// The sender hears "no route to host".
        UNREACHABLE("unreachable"),
        /// The sender hears "permission denied".
        PROHIBIT("prohibit");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /// The name iproute2 gives it.
        ///
        /// @return such as `blackhole`
        public String text() {
            return text;
        }
    }

    /// Checks that the parts fit together.
    ///
    /// @throws IllegalArgumentException if the families differ, a number is out of bounds, or packets that
    ///     are not sent on have a next hop
    public Route {
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(type, "type");
        gateway.ifPresent(address -> requireFamily("gateway", destination, address));
        source.ifPresent(address -> requireFamily("source", destination, address));
        device.ifPresent(name -> require(!name.isBlank(), destination, "a link's name is not blank"));
        require(
                type == Type.UNICAST || (gateway.isEmpty() && device.isEmpty()),
                destination,
                "packets that are not sent on have neither gateway nor device");
        require(!gatewayOnLink || gateway.isPresent(), destination, "there is no gateway that could be on-link");
        require(metric.orElse(0) >= 0, destination, "a metric is not negative");
        require(table.orElse(MAIN_TABLE) > 0, destination, "a table has a positive number");
        require(mtu.isEmpty() || mtu.getAsInt() >= 68, destination, "an MTU is at least 68 bytes");
    }

    private static void requireFamily(String what, IpPrefix destination, IpAddress address) {
        require(
                address.family() == destination.family(),
                destination,
                what + " " + address + " is of the other address family");
    }

    private static void require(boolean condition, IpPrefix destination, String reason) {
        if (!condition) {
            throw new IllegalArgumentException("route to " + destination + ": " + reason);
        }
    }

    /// Begins a route.
    ///
    /// @param destination the prefix with host bits zero, such as `10.0.0.0/8`, or `0.0.0.0/0` for a default
    ///     route
    /// @return a route to it that is on-link
    /// @throws IllegalArgumentException if the text is no prefix
    public static Route to(String destination) {
        return to(IpPrefix.parse(destination));
    }

    /// Begins a route.
    ///
    /// @param destination the prefix it leads to
    /// @return a route to it that is on-link
    public static Route to(IpPrefix destination) {
        return new Route(
                destination,
                Optional.empty(),
                Optional.empty(),
                Type.UNICAST,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                false);
    }

    /// A route to a prefix that is reached on the link itself.
    ///
    /// @param destination the prefix
    /// @param device the link's name
    /// @return the route
    public static Route onLink(IpPrefix destination, String device) {
        return to(destination).by(device);
    }

    /// A route by a next hop.
    ///
    /// @param destination the prefix
    /// @param gateway the next hop
    /// @param device the link's name
    /// @return the route
    /// @throws IllegalArgumentException if the families differ
    public static Route via(IpPrefix destination, IpAddress gateway, String device) {
        return to(destination).via(gateway).by(device);
    }

    /// A route on which packets end.
    ///
    /// @param destination the prefix with host bits zero
    /// @return a route of type [Type#BLACKHOLE]
    /// @throws IllegalArgumentException if the text is no prefix
    public static Route blackhole(String destination) {
        return to(destination).ofType(Type.BLACKHOLE);
    }

    /// Names the next hop.
    ///
    /// @param address the next hop as text
    /// @return the changed route
    /// @throws IllegalArgumentException if the text is no address, or of the other family
    public Route via(String address) {
        return via(IpAddress.parse(address));
    }

    /// Names the next hop.
    ///
    /// @param address the next hop
    /// @return the changed route
    /// @throws IllegalArgumentException if it is of the other family
    public Route via(IpAddress address) {
        return new Route(destination, Optional.of(address), device, type, metric, table, source, mtu, gatewayOnLink);
    }

    /// Names the link it leaves by.
    ///
    /// @param name the link's name
    /// @return the changed route
    public Route by(String name) {
        return new Route(destination, gateway, Optional.of(name), type, metric, table, source, mtu, gatewayOnLink);
    }

    /// Sets what becomes of the packets.
    ///
    /// @param chosen the type
    /// @return the changed route
    /// @throws IllegalArgumentException if it has a next hop and does not send on
    public Route ofType(Type chosen) {
        return new Route(destination, gateway, device, chosen, metric, table, source, mtu, gatewayOnLink);
    }

    /// Sets its priority.
    ///
    /// @param number the lowest wins
    /// @return the changed route
    /// @throws IllegalArgumentException if it is negative
    public Route metric(int number) {
        return new Route(destination, gateway, device, type, OptionalInt.of(number), table, source, mtu, gatewayOnLink);
    }

    /// Puts it into another table than the main one.
    ///
    /// @param number the table
    /// @return the changed route
    /// @throws IllegalArgumentException if it is not positive
    public Route table(int number) {
        return new Route(
                destination, gateway, device, type, metric, OptionalInt.of(number), source, mtu, gatewayOnLink);
    }

    /// Sets the source address of what is sent this way.
    ///
    /// @param address an address of the namespace
    /// @return the changed route
    /// @throws IllegalArgumentException if it is of the other family
    public Route source(IpAddress address) {
        return new Route(destination, gateway, device, type, metric, table, Optional.of(address), mtu, gatewayOnLink);
    }

    /// Sets the largest packet on this way.
    ///
    /// @param bytes at least 68
    /// @return the changed route
    /// @throws IllegalArgumentException if it is less
    public Route mtu(int bytes) {
        return new Route(
                destination, gateway, device, type, metric, table, source, OptionalInt.of(bytes), gatewayOnLink);
    }

    /// Lets the gateway count as on-link though no address of the link has it in its prefix.
    ///
    /// @return the changed route
    /// @throws IllegalArgumentException if there is no gateway
    public Route gatewayIsOnLink() {
        return new Route(destination, gateway, device, type, metric, table, source, mtu, true);
    }

    /// Whether it is a default route.
    ///
    /// @return true if it leads to every address of its family
    public boolean isDefault() {
        return destination.length() == 0;
    }

    /// The family of its destination.
    ///
    /// @return the family
    public IpFamily family() {
        return destination.family();
    }

    /// The route as `ip route` shows it, such as `default via 192.168.1.1 dev eth0`.
    @Override
    public String toString() {
        return text(device);
    }

    /// The route as a shell takes it.
    String command() {
        return text(device.map(Commands::quote));
    }

    private String text(Optional<String> link) {
        StringBuilder text = new StringBuilder(type == Type.UNICAST ? "" : type.text() + " ");
        text.append(isDefault() ? "default" : destination.toString());
        gateway.ifPresent(address -> text.append(" via ").append(address));
        link.ifPresent(name -> text.append(" dev ").append(name));
        source.ifPresent(address -> text.append(" src ").append(address));
        metric.ifPresent(number -> text.append(" metric ").append(number));
        table.ifPresent(number -> text.append(" table ").append(number));
        mtu.ifPresent(bytes -> text.append(" mtu ").append(bytes));
        return text.append(gatewayOnLink ? " onlink" : "").toString();
    }
}
