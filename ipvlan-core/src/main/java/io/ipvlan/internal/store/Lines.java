package io.ipvlan.internal.store;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Keys and values of one record, in the properties format of the JDK. Carries the version of the format: a
/// text of another version is refused, not guessed at.
final class Lines {
    private static final String VERSION = "version";
    private static final String CURRENT = "1";

    private final Map<String, String> values;

    Lines() {
        values = new TreeMap<>();
        values.put(VERSION, CURRENT);
    }

    private Lines(Map<String, String> values) {
        this.values = values;
    }

    /// @throws IllegalArgumentException if the text is no such record
    static Lines read(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Lines lines = new Lines(properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(key -> key, properties::getProperty, (one, _) -> one, TreeMap::new)));
        String version = lines.require(VERSION);
        if (!version.equals(CURRENT)) {
            throw new IllegalArgumentException("its version is " + version + ", and this library reads " + CURRENT);
        }
        return lines;
    }

    void put(String key, String value) {
        values.put(key, value);
    }

    /// Puts `prefix0`, `prefix1` and so on.
    void putAll(String prefix, List<?> all) {
        for (int i = 0; i < all.size(); i++) {
            put(prefix + i, all.get(i).toString());
        }
    }

    Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    String require(String key) {
        return find(key).orElseThrow(() -> new IllegalArgumentException("it has no '" + key + "'"));
    }

    boolean flag(String key) {
        return switch (require(key)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("its '" + key + "' is neither true nor false");
        };
    }

    OptionalInt number(String key) {
        return find(key).stream().mapToInt(Integer::parseInt).findFirst();
    }

    /// @throws IllegalArgumentException if there is none, or it is no time as ISO 8601 has it
    Duration duration(String key) {
        try {
            return Duration.parse(require(key));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("its '" + key + "' is no duration", e);
        }
    }

    /// @throws IllegalArgumentException if there is none, or it is no moment as ISO 8601 has it
    Instant instant(String key) {
        try {
            return OffsetDateTime.parse(require(key)).toInstant(); // also without seconds
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("its '" + key + "' is no moment", e);
        }
    }

    static List<String> words(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1));
    }

    /// The values of `prefix0`, `prefix1` and so on, as far as they go.
    List<String> list(String prefix) {
        List<String> found = new ArrayList<>();
        for (Optional<String> value = find(prefix + 0); value.isPresent(); value = find(prefix + found.size())) {
            found.add(value.get());
        }
        return found;
    }

    /// The values whose keys begin with a prefix, by the rest of the key.
    Map<String, String> under(String prefix) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toMap(entry -> entry.getKey().substring(prefix.length()), Map.Entry::getValue));
    }

    /// The same record is always the same text.
    String text() {
        StringBuilder text = new StringBuilder(512);
        values.forEach((key, value) -> {
            escape(key, true, text);
            text.append('=');
            escape(value, false, text);
            text.append('\n');
        });
        return text.toString();
    }

    /// As [Properties] reads it. That class writes it, too, at the price of a date in the first line and of a
    /// good part of the time that an attach takes.
    private static void escape(String words, boolean key, StringBuilder text) {
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            switch (c) {
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\f' -> text.append("\\f");
                case '=', ':', '#', '!', '\\' -> text.append('\\').append(c);
                case ' ' -> text.append(key || i == 0 ? "\\ " : " ");
                default -> {
                    if (Character.isSurrogate(c)) { // half of a pair could not be stored as it is
                        text.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
    }
}
