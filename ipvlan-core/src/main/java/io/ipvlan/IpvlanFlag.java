package io.ipvlan;

/// Whether the children of a parent reach each other. **The flag belongs to the parent**, like the mode.
/// Source: `IPVLAN_F_*` in `linux/if_link.h`.
public enum IpvlanFlag {
    /// They reach each other directly.
    BRIDGE,
    /// They do not reach each other.
    PRIVATE,
    /// What they send to each other leaves through the parent, and arrives only if the switch outside sends
    /// it back.
    VEPA;

    /// The flag as `ip link` and Docker write it.
    ///
    /// @return `bridge`, `private` or `vepa`
    public String text() {
        return switch (this) {
            case BRIDGE -> "bridge";
            case PRIVATE -> "private";
            case VEPA -> "vepa";
        };
    }
}
