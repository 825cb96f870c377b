package io.ipvlan;

import java.util.Objects;

/// One thing that [Ipvlan#preflight] looked at.
///
/// @param severity whether it is in order
/// @param subject what was looked at, in a few words that stay the same: `native access`, `Linux`, `ipvlan`,
///     `CAP_NET_ADMIN`, `parent 'eth0'`
/// @param what what was found, in words
/// @param remedy what an operator can do about it, as a command where there is one; empty if nothing needs to
///     be done
public record Finding(Severity severity, String subject, String what, String remedy) {
    /// Checks for null.
    public Finding {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(remedy, "remedy");
    }

    /// How bad it is.
    public enum Severity {
        /// As it should be.
        OK,
        /// Some things will not work, or it could not be found out whether they do.
        WARNING,
        /// Networks cannot be made, or namespaces not be attached.
        PROBLEM
    }

    /// Whether it keeps the library from its work.
    ///
    /// @return true for [Severity#PROBLEM]
    public boolean isProblem() {
        return severity == Severity.PROBLEM;
    }

    /// Everything, in one line.
    @Override
    public String toString() {
        return severity + " " + subject + ": " + what + (remedy.isEmpty() ? "" : "; " + remedy);
    }
}
