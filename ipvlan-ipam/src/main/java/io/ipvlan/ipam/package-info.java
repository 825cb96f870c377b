/// Address management: which addresses of a subnet are in use, and which subnets are.
///
/// [io.ipvlan.ipam.Subnet] describes, [io.ipvlan.ipam.AddressPool] hands out the addresses of one subnet,
/// [io.ipvlan.ipam.SubnetAllocator] draws whole subnets from default pools. Everything lives in memory:
/// nothing is read from or written to a host, a file or a network. Refusals are
/// [io.ipvlan.ipam.IpamException]s, impossible arguments are [IllegalArgumentException]s, and `null` is a
/// [NullPointerException].
package io.ipvlan.ipam;
