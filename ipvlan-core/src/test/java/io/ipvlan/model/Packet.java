package io.ipvlan.model;

import io.ipvlan.ip.IpAddress;

/// A packet: all that forwarding looks at.
record Packet(IpAddress from, IpAddress to) {}
