package io.ipvlan.netlink;

import java.io.IOException;
import java.nio.file.Files;
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
                if (Files.isSymbolicLink(link)) { // not so the one this very listing has just closed
                    String target = Files.readSymbolicLink(link).toString();
                    if (!target.endsWith(".jar") && !target.endsWith("/fd")) {
                        targets.add(target);
                    }
                }
            }
        }
        return targets.stream().sorted().toList();
    }
}
