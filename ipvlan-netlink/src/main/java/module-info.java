import org.jspecify.annotations.NullMarked;

/// The rtnetlink binding of the JVM: links, addresses, routes and network namespaces, over
/// [java.lang.foreign] and nothing else. No native library of its own, nothing executed.
///
/// This is the only module of the library that calls native code. Start the JVM with
/// `--enable-native-access=io.ipvlan.netlink` (on the class path: `--enable-native-access=ALL-UNNAMED`);
/// without the flag Java 25 prints a warning, and a later Java will refuse.
///
/// Linux only, on 64-bit processors that pass integer arguments in registers (x86-64, AArch64, RISC-V).
@NullMarked
module io.ipvlan.netlink {
    requires static jdk.jfr;
    requires static org.jspecify;
    requires transitive io.ipvlan.ipam;

    exports io.ipvlan.netlink;
    exports io.ipvlan.netlink.netns;
    exports io.ipvlan.netlink.route;
}
