package io.ipvlan;

import io.ipvlan.internal.plan.DockerOptions;
import io.ipvlan.internal.plan.NetworkValidator;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.Subnet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// The description of a network: an immutable value that says what shall be, and does nothing.
///
/// Give it to [Ipvlan#create] to make it real. What is not said: mode L2, flag bridge, a dummy link of its
/// own as the parent. At least one subnet must be named or asked for; nothing is invented.
///
/// Use the builder and the accessors: the constructor gets another parameter with every setting that is
/// added.
///
/// @param name the name, unique within an engine
/// @param mode how the children exchange packets; shared by all children of the parent
/// @param flag whether the children reach each other; shared by all children of the parent
/// @param parent the link the children stand on
/// @param subnets the subnets, at most one of which holds any address
/// @param autoSubnets the families for which a subnet is drawn from the engine's default pools
/// @param internal whether the endpoints get no default route
/// @param hostAccess whether the parent's namespace and the endpoints reach each other
/// @param mtu the largest packet of the children in bytes; empty for the parent's
/// @param strategy which free address an endpoint gets
/// @param coolDown how long an address rests after its endpoint is gone
/// @param labels anything the user wants to remember; the library does not look at them
public record IpvlanNetwork(
        String name,
        IpvlanMode mode,
        IpvlanFlag flag,
        Parent parent,
        List<Subnet> subnets,
        Set<IpFamily> autoSubnets,
        boolean internal,
        boolean hostAccess,
        OptionalInt mtu,
        Strategy strategy,
        Duration coolDown,
        Map<String, String> labels) {

    /// Checks the whole description; [#builder(String)] reads better.
    ///
    /// @throws InvalidNetworkException with every fault of the description
    public IpvlanNetwork(
            String name,
            IpvlanMode mode,
            IpvlanFlag flag,
            Parent parent,
            List<Subnet> subnets,
            Set<IpFamily> autoSubnets,
            boolean internal,
            boolean hostAccess,
            OptionalInt mtu,
            Strategy strategy,
            Duration coolDown,
            Map<String, String> labels) {
        this.name = Objects.requireNonNull(name, "name");
        this.mode = Objects.requireNonNull(mode, "mode");
        this.flag = Objects.requireNonNull(flag, "flag");
        this.parent = Objects.requireNonNull(parent, "parent");
        this.subnets = List.copyOf(subnets);
        this.autoSubnets = Set.copyOf(autoSubnets);
        this.internal = internal;
        this.hostAccess = hostAccess;
        this.mtu = Objects.requireNonNull(mtu, "mtu");
        this.strategy = Objects.requireNonNull(strategy, "strategy");
        this.coolDown = Objects.requireNonNull(coolDown, "coolDown");
        this.labels = Map.copyOf(labels);
        List<Violation> violations = NetworkValidator.violations(this);
        if (!violations.isEmpty()) {
            throw new InvalidNetworkException(name, violations);
        }
    }

    /// Whether it has subnets of a family, named or to be drawn.
    ///
    /// @param family the family
    /// @return true if its endpoints get an address of it
    public boolean has(IpFamily family) {
        for (Subnet subnet : subnets) {
            if (subnet.family() == family) {
                return true;
            }
        }
        return autoSubnets.contains(family);
    }

    /// Begins a description.
    ///
    /// @param name the name: 1 to 128 letters, digits, `.`, `_` and `-`, the first a letter or digit
    /// @return a builder
    public static Builder builder(String name) {
        return new Builder(Objects.requireNonNull(name, "name"));
    }

    /// Begins the description of a network whose name does not matter: one is made up at random.
    ///
    /// @return a builder
    public static Builder builder() {
        byte[] random = new byte[6];
        ThreadLocalRandom.current().nextBytes(random);
        return new Builder("ipvlan-" + HexFormat.of().formatHex(random));
    }

    /// Reads the options of `docker network create -d ipvlan`: `parent`, `ipvlan_mode`, `ipvlan_flag`,
    /// `subnet`, `gateway`, `ip-range`, `aux-address` (`name=address`), `internal`, `ipv4`, `ipv6` and
    /// `com.docker.network.driver.mtu`. Several values are divided by commas. As in Docker, a subnet has one
    /// gateway and one range, IPv4 is on and IPv6 off unless said, and a family that is on and has no subnet
    /// gets one from the default pools; unlike there, IPv4 is not added to a network that names IPv6 subnets
    /// only, and no option is passed over in silence.
    ///
    /// @param name the network's name
    /// @param options values by option
    /// @return the description
    /// @throws InvalidNetworkException with every fault; for an option that is not known, with the nearest
    ///     that is
    public static IpvlanNetwork fromDockerOptions(String name, Map<String, String> options) {
        return DockerOptions.read(name, options);
    }

    /// Begins a changed copy.
    ///
    /// @return a builder with everything this description says
    public Builder toBuilder() {
        Builder copy = new Builder(name)
                .mode(mode)
                .flag(flag)
                .parent(parent)
                .strategy(strategy)
                .coolDown(coolDown);
        subnets.forEach(copy::subnet);
        autoSubnets.forEach(copy::autoSubnet);
        labels.forEach(copy::label);
        mtu.ifPresent(copy::mtu);
        copy.internal = internal;
        copy.hostAccess = hostAccess;
        return copy;
    }

    /// Collects the settings of a description. Faults are not reported one by one but all together, by
    /// [#build]. Not for several threads.
    public static final class Builder {
        private final String name;
        private final List<Subnet> subnets = new ArrayList<>();
        private final Set<IpFamily> autoSubnets = EnumSet.noneOf(IpFamily.class);
        private final Map<String, String> labels = new LinkedHashMap<>();
        private final List<Violation> violations = new ArrayList<>();
        private IpvlanMode mode = IpvlanMode.L2;
        private IpvlanFlag flag = IpvlanFlag.BRIDGE;
        private Parent parent = Parent.dummy();
        private boolean internal;
        private boolean hostAccess;
        private Strategy strategy = Strategy.LOWEST;
        private Duration coolDown = Duration.ZERO;
        private OptionalInt mtu = OptionalInt.empty();

        private Builder(String name) {
            this.name = name;
        }

        /// Sets mode [IpvlanMode#L2], which is the default.
        ///
        /// @return this builder
        public Builder l2() {
            return mode(IpvlanMode.L2);
        }

        /// Sets mode [IpvlanMode#L3].
        ///
        /// @return this builder
        public Builder l3() {
            return mode(IpvlanMode.L3);
        }

        /// Sets mode [IpvlanMode#L3S].
        ///
        /// @return this builder
        public Builder l3s() {
            return mode(IpvlanMode.L3S);
        }

        /// Sets the mode.
        ///
        /// @param mode the mode; [IpvlanMode#L2] unless set
        /// @return this builder
        public Builder mode(IpvlanMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /// Sets the flag.
        ///
        /// @param flag the flag; [IpvlanFlag#BRIDGE] unless set
        /// @return this builder
        public Builder flag(IpvlanFlag flag) {
            this.flag = Objects.requireNonNull(flag, "flag");
            return this;
        }

        /// Names the parent. Unless named, the network gets a dummy link of its own and nothing of it leaves
        /// the host.
        ///
        /// @param name a link of the host, such as `eth0`, or an alternative name of one; `lo` cannot be a
        ///     parent. A name such as `eth0.139` stands for a VLAN, made if it is missing: [Parent#vlan]
        /// @return this builder
        public Builder parent(String name) {
            return parent(Parent.link(name));
        }

        /// Sets the parent.
        ///
        /// @param parent the parent
        /// @return this builder
        public Builder parent(Parent parent) {
            this.parent = Objects.requireNonNull(parent, "parent");
            return this;
        }

        /// Adds a subnet. In mode L2 on a parent of the host, its first usable address becomes the gateway,
        /// as the manual of Docker's driver has it; use [Subnet] to name another or none.
        ///
        /// @param prefix the prefix with host bits zero, such as `192.168.214.0/24`
        /// @return this builder
        public Builder subnet(String prefix) {
            try {
                return subnet(Subnet.of(prefix));
            } catch (IllegalArgumentException e) {
                violations.add(new Violation("subnet '" + prefix + "'", String.valueOf(e.getMessage())));
                return this;
            }
        }

        /// Adds a subnet with its gateway, range and reservations.
        ///
        /// @param subnet the subnet; no two of a network may overlap
        /// @return this builder
        public Builder subnet(Subnet subnet) {
            subnets.add(Objects.requireNonNull(subnet, "subnet"));
            return this;
        }

        /// Asks for a subnet from the engine's default pools: the first that overlaps no route or address of
        /// the host and no other network. Such a subnet has no gateway.
        ///
        /// @param family the family
        /// @return this builder
        public Builder autoSubnet(IpFamily family) {
            autoSubnets.add(Objects.requireNonNull(family, "family"));
            return this;
        }

        /// The library gives the endpoints no default route: they reach the subnets of the network, and
        /// nothing else by a route. **On a parent of the host in mode L2 they still reach whatever else uses
        /// the same subnets on its segment.**
        ///
        /// @return this builder
        public Builder internal() {
            internal = true;
            return this;
        }

        /// Lets the parent's namespace, the host's as a rule, and the endpoints reach each other, which the
        /// kernel prevents otherwise, in every mode. For that the network gets a child link in that
        /// namespace, with an address of the first subnet of each family, and routes to the subnets through
        /// it; where a subnet overlaps what the parent has itself, routes to the endpoints only. All of it
        /// goes with the network. Not with the flags private and VEPA, which keep the children apart.
        ///
        /// @return this builder
        public Builder hostAccess() {
            hostAccess = true;
            return this;
        }

        /// Sets which free address an endpoint gets that asks for none in particular.
        ///
        /// @param strategy the strategy; [Strategy#LOWEST] unless set. With [Strategy#STICKY] an endpoint
        ///     gets the address that the last one of its id had
        /// @return this builder
        public Builder strategy(Strategy strategy) {
            this.strategy = Objects.requireNonNull(strategy, "strategy");
            return this;
        }

        /// Sets how long an address rests after its endpoint is gone, before another gets it.
        ///
        /// @param duration zero or more, to the millisecond; zero unless set
        /// @return this builder
        public Builder coolDown(Duration duration) {
            coolDown = Objects.requireNonNull(duration, "duration");
            return this;
        }

        /// Sets the largest packet of the child links.
        ///
        /// @param bytes 68 to 65535, and at least 1280 with IPv6; the parent's unless set
        /// @return this builder
        public Builder mtu(int bytes) {
            mtu = OptionalInt.of(bytes);
            return this;
        }

        /// Remembers something with the network.
        ///
        /// @param key the key; a second label with the same key replaces the first
        /// @param value the value
        /// @return this builder
        public Builder label(String key, String value) {
            labels.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /// Ends the description.
        ///
        /// @return the description
        /// @throws InvalidNetworkException with every fault found
        public IpvlanNetwork build() {
            List<Violation> all = new ArrayList<>(violations);
            try {
                IpvlanNetwork network = new IpvlanNetwork(
                        name,
                        mode,
                        flag,
                        parent,
                        subnets,
                        autoSubnets,
                        internal,
                        hostAccess,
                        mtu,
                        strategy,
                        coolDown,
                        labels);
                if (violations.isEmpty()) {
                    return network;
                }
            } catch (InvalidNetworkException e) {
                e.violations().stream()
                        // A subnet that could not be read was named all the same.
                        .filter(fault -> violations.isEmpty() || !fault.equals(NetworkValidator.NO_SUBNET))
                        .forEach(all::add);
            }
            throw new InvalidNetworkException(name, all);
        }
    }
}
