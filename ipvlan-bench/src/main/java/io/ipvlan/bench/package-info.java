/// Benchmarks. Each class says how to run it and what a good result is.
package io.ipvlan.bench;
