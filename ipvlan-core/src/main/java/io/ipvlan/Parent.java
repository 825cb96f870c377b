package io.ipvlan;

import java.util.Objects;

/// The link whose frames the children of a network share: a reference, which says nothing about existence.
public sealed interface Parent {
    /// A link of the host by its name; used, never changed and never removed.
    ///
    /// @param name the name, such as `eth0`
    record Link(String name) implements Parent {
        /// Checks for null only; a name that cannot be one is a violation of the network's description.
        public Link {
            Objects.requireNonNull(name, "name");
        }

        /// The name in quotes.
        @Override
        public String toString() {
            return "'" + name + "'";
        }
    }

    /// A dummy link, made with the network and removed with it. Nothing of the network leaves the host.
    record Dummy() implements Parent {
        @Override
        public String toString() {
            return "a dummy link";
        }
    }

    /// A link of the host.
    ///
    /// @param name the name, such as `eth0`
    /// @return the reference
    static Parent link(String name) {
        return new Link(name);
    }

    /// A dummy link of the network's own.
    ///
    /// @return the reference
    static Parent dummy() {
        return new Dummy();
    }
}
