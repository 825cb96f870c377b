package io.ipvlan.netlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The open descriptors of this process.
public final class Descriptors {
    private Descriptors() {}

    /// What each open descriptor stands for, in order; without jars, which the JVM opens when it pleases.
    public static List<String> open() throws IOException {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : (Iterable<Path>) links::iterator) {
                String target = target(link);
                if (!target.isEmpty() && !target.endsWith(".jar") && !target.endsWith("/fd")) {
                    targets.add(target);
                }
            }
        }
        return targets.stream().sorted().toList();
    }

    /// @return empty if it was closed meanwhile, as that of this very listing is, and those the JVM needs for a moment
    private static String target(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
