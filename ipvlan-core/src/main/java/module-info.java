import org.jspecify.annotations.NullMarked;

/// Networks of ipvlan links: description, plan, engine. Start with [io.ipvlan.Ipvlan].
///
/// Start the JVM with `--enable-native-access=io.ipvlan.netlink` (on the class path:
/// `--enable-native-access=ALL-UNNAMED`). Changing the network needs `CAP_NET_ADMIN`, entering the network
/// namespaces of others `CAP_SYS_ADMIN`.
@NullMarked
module io.ipvlan.core {
    requires static jdk.jfr;
    requires static org.jspecify;
    requires transitive io.ipvlan.ipam;
    requires io.ipvlan.netlink;
    requires org.slf4j;

    exports io.ipvlan;
}
