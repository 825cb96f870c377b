/// Networks of ipvlan links.
///
/// [io.ipvlan.IpvlanNetwork] describes a network: a value, made by a builder. [io.ipvlan.Ipvlan], the engine,
/// makes it real and answers with an [io.ipvlan.ActiveNetwork], to which network namespaces are attached as
/// [io.ipvlan.Endpoint]s. Both are thin handles: what they stand for lives in the kernel and outlives the
/// program. [io.ipvlan.Plan] shows beforehand what would be done. What cannot be done throws one of the seven
/// kinds of [io.ipvlan.IpvlanException]; a store that fails, [java.io.UncheckedIOException].
package io.ipvlan;
