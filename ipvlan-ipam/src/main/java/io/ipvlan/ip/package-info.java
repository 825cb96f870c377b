/// Addresses, prefixes and ranges of both IP families as immutable values.
///
/// Every type is a value: immutable, compared by content, ordered where an order makes sense, safe to share
/// between threads and serializable. Texts are read strictly, without touching a resolver: a text that is not
/// exactly an address (or prefix, or range) is an [IllegalArgumentException] whose message names the text,
/// what is wrong with it and what to write instead. No type accepts `null`; passing it is a
/// [NullPointerException].
package io.ipvlan.ip;
