package io.ipvlan.netlink.internal.names;

/// What the bytes of an attribute are. All but the last three can be shown without looking elsewhere.
public enum AttributeForm {
    /// An unsigned number of 1, 2, 4 or 8 bytes, in the machine's byte order.
    NUMBER,

    /// The same with a sign.
    SIGNED,

    /// An unsigned number of 2, 4 or 8 bytes in network byte order.
    NETWORK_NUMBER,

    /// Unsigned numbers of 16 bits, one behind the other.
    SHORT_NUMBERS,

    /// Unsigned numbers of 32 bits, one behind the other; also structures of such.
    NUMBERS,

    /// Unsigned numbers of 64 bits, one behind the other.
    LONG_NUMBERS,

    /// Text that ends with a zero byte.
    TEXT,

    /// An IP address, 4 or 16 bytes.
    IP_ADDRESS,

    /// An address of the link layer.
    HARDWARE_ADDRESS,

    /// A family of 16 bits and an address: `struct rtvia`.
    VIA,

    /// Bytes that say nothing here.
    BYTES,

    /// Attributes.
    NEST,

    /// A `struct ifinfomsg`, then attributes of links.
    LINK,

    /// `struct rtnexthop`s, each followed by its attributes.
    NEXT_HOPS
}
