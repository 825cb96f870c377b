package io.ipvlan.internal.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// The files in which Linux tells about itself. What cannot be read counts as missing: whoever looks says that
/// it is not known.
///
/// @param root where the file system begins: `/`, or a directory that plays it
public record HostFiles(Path root) {
    /// Those of this machine.
    public static HostFiles ofThisMachine() {
        return new HostFiles(Path.of("/"));
    }

    private Path at(String path) {
        return root.resolve(path.substring(1));
    }

    /// The text of a file, without blanks around it.
    ///
    /// @param path an absolute path
    public Optional<String> text(String path) {
        try {
            return Optional.of(Files.readString(at(path)).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The lines of a file; none if it cannot be read.
    List<String> lines(String path) {
        return text(path).stream().flatMap(String::lines).toList();
    }

    /// The number a file holds.
    OptionalLong number(String path) {
        Optional<String> text = text(path).filter(digits -> digits.matches("-?\\d{1,18}"));
        return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
    }

    boolean exists(String path) {
        return Files.exists(at(path));
    }

    boolean isWritable(String path) {
        return Files.isWritable(at(path));
    }

    /// The names in a directory; none if it cannot be read.
    List<String> names(String path) {
        try (Stream<Path> entries = Files.list(at(path))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
