package io.ipvlan.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A router that advertises a prefix: `radvd`.
final class Advertiser implements AutoCloseable {
    private final Process process;
    private final Path directory;

    private Advertiser(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    static Advertiser on(Machine router, String prefix) {
        try {
            Path directory = Files.createTempDirectory("advertiser");
            Path configuration = directory.resolve("radvd.conf");
            Files.writeString(configuration, """
                    interface eth0 {
                        AdvSendAdvert on;
                        MinRtrAdvInterval 3;
                        MaxRtrAdvInterval 4;
                        prefix %s { };
                    };
                    """.formatted(prefix));
            List<String> command = new ArrayList<>(router.prefix());
            command.addAll(List.of(
                    "radvd",
                    "--nodaemon",
                    "--logmethod=stderr",
                    "--config=" + configuration,
                    "--pidfile=" + directory.resolve("pid")));
            Process process = new ProcessBuilder(command).inheritIO().start();
            return new Advertiser(process, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
            Files.deleteIfExists(directory.resolve("radvd.conf"));
            Files.deleteIfExists(directory.resolve("pid"));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
