package io.ipvlan.netlink.route;

/// States a link can be in beside administratively up or down, RFC 2863. The numbers of
/// [LinkMessage#operationalState] and [LinkRequest#operationalState]; a kernel may know more of them.
///
/// Source: `IF_OPER_*` in `linux/if.h`.
public final class OperationalState {
    /// The driver does not say; such a link works when it is up and has a carrier.
    public static final int UNKNOWN = 0;
    /// Some part is missing.
    public static final int NOT_PRESENT = 1;
    /// Does not work: administratively down, or without a carrier.
    public static final int DOWN = 2;
    /// Waits for the link below.
    public static final int LOWER_LAYER_DOWN = 3;
    /// Being tested.
    public static final int TESTING = 4;
    /// Waits for something outside, such as IEEE 802.1X.
    public static final int DORMANT = 5;
    /// Works.
    public static final int UP = 6;

    private OperationalState() {}
}
