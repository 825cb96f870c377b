package io.ipvlan.ip;

/// Builds the refusal of a text in one form: what it should have been, the text, the reason, the remedy.
final class BadText {
    private static final int LONGEST_QUOTE = 80;

    private BadText() {}

    static IllegalArgumentException of(String kind, String text, String reason, String remedy) {
        return new IllegalArgumentException(kind + " " + quoted(text) + " " + reason + ": " + remedy);
    }

    static IllegalArgumentException character(String kind, String text, int at, String remedy) {
        String name = named(text.codePointAt(at));
        return of(kind, text, "has an unexpected " + name + " at position " + (at + 1), remedy);
    }

    /// Names the whole text when only a part of it was refused.
    static IllegalArgumentException within(String kind, String text, IllegalArgumentException part) {
        return new IllegalArgumentException(kind + " " + quoted(text) + ": " + part.getMessage(), part);
    }

    // The text comes from a user: it must not break the line of a log, nor flood it.
    private static String quoted(String text) {
        StringBuilder quote = new StringBuilder("'");
        for (int at = 0; at < Math.min(text.length(), LONGEST_QUOTE); at++) {
            char c = text.charAt(at);
            quote.append(Character.isISOControl(c) ? "\\u%04x".formatted((int) c) : String.valueOf(c));
        }
        return quote.append(text.length() > LONGEST_QUOTE ? "...'" : "'").toString();
    }

    // Look-alikes and invisible characters are told apart by their number only.
    private static String named(int codePoint) {
        return codePoint > ' ' && codePoint < 0x7f
                ? "'" + Character.toString(codePoint) + "'"
                : "character U+%04X".formatted(codePoint);
    }
}
