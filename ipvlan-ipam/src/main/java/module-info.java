import org.jspecify.annotations.NullMarked;

/// IP addresses, prefixes and ranges as values, and pools that hand them out. Pure Java without I/O.
@NullMarked
module io.ipvlan.ipam {
    requires static org.jspecify;

    exports io.ipvlan.ip;
    exports io.ipvlan.ipam;
}
