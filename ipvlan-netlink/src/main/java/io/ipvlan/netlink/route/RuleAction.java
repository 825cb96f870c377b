package io.ipvlan.netlink.route;

/// What a rule does with a packet it matches. The numbers of [RuleMessage#action] and [RuleRequest#action]; a
/// kernel may know more of them.
///
/// Source: `FR_ACT_*` in `linux/fib_rules.h`.
public final class RuleAction {
    /// In a request to delete: whatever action it has.
    public static final int UNSPECIFIED = 0;
    /// Looks the destination up in the rule's table; the next rule is asked if there is no route.
    public static final int TABLE = 1;
    /// Goes on with the rule of a higher priority number.
    public static final int GOTO = 2;
    /// Does nothing: a place for others to go to.
    public static final int NOTHING = 3;
    /// Drops without a word.
    public static final int BLACKHOLE = 6;
    /// Refuses as unreachable.
    public static final int UNREACHABLE = 7;
    /// Refuses as prohibited.
    public static final int PROHIBIT = 8;

    private RuleAction() {}
}
