/// The library as one of the programs that a comparison of netlink clients runs: see the README of this module.
package io.ipvlan.bench.peer;
