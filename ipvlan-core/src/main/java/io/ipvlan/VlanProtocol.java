package io.ipvlan;

/// How a VLAN link tags its frames.
///
/// Source: `ETH_P_8021Q` and `ETH_P_8021AD` in `linux/if_ether.h`.
public enum VlanProtocol {
    /// IEEE 802.1Q, the customer tag: what "VLAN" means unless said otherwise.
    DOT1Q("802.1Q", 0x8100),
    /// IEEE 802.1ad, the service tag of a provider, in which others may be nested.
    DOT1AD("802.1ad", 0x88a8);

    private final String text;
    private final int number;

    VlanProtocol(String text, int number) {
        this.text = text;
        this.number = number;
    }

    /// The name iproute2 gives it.
    ///
    /// @return such as `802.1Q`
    public String text() {
        return text;
    }

    /// The EtherType of the tag.
    ///
    /// @return such as 0x8100
    public int number() {
        return number;
    }
}
