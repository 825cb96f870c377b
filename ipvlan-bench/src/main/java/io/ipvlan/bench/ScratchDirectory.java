package io.ipvlan.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A new directory below the one for temporary files, for a store. Closing it deletes what is in it.
///
/// @param path where it is
public record ScratchDirectory(Path path) implements AutoCloseable {
    /// Makes one.
    ///
    /// @return the directory
    /// @throws IOException if there is no place for it
    public static ScratchDirectory create() throws IOException {
        String place = System.getenv("TMPDIR"); // which the JVM does not heed
        return new ScratchDirectory(
                place == null
                        ? Files.createTempDirectory("ipvlan-bench")
                        : Files.createTempDirectory(Path.of(place), "ipvlan-bench"));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
