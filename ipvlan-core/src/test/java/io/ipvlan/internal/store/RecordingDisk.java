package io.ipvlan.internal.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A disk in memory that notes whatever is done to it, and fails when it is told so.
final class RecordingDisk implements Disk {
    /// What was done. Files are known by their number.
    sealed interface Operation {
        record Create(int file, String name) implements Operation {}

        @SuppressWarnings("ArrayRecordComponent") // is compared with nothing
        record Write(int file, long position, byte[] bytes) implements Operation {}

        record Force(int file) implements Operation {}

        record Rename(int file, String from, String to) implements Operation {}

        record Delete(String name) implements Operation {}

        record ForceNames() implements Operation {}
    }

    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, Integer> names = new TreeMap<>();
    private final List<byte[]> files = new ArrayList<>();
    private final List<Class<? extends Operation>> failing = new ArrayList<>();
    private final Set<Handle> open = new HashSet<>();
    private volatile Runnable whileForcing = () -> {};
    private long room = Long.MAX_VALUE;

    RecordingDisk() {}

    RecordingDisk(Map<String, byte[]> contents) {
        contents.forEach((name, bytes) -> {
            names.put(name, files.size());
            files.add(bytes.clone());
        });
    }

    synchronized List<Operation> operations() {
        return List.copyOf(operations);
    }

    synchronized long count(Class<? extends Operation> kind) {
        return operations.stream().filter(kind::isInstance).count();
    }

    synchronized Map<String, byte[]> contents() {
        Map<String, byte[]> contents = new TreeMap<>();
        names.forEach((name, file) -> contents.put(name, files.get(file).clone()));
        return contents;
    }

    /// How many handles nobody has closed.
    synchronized int open() {
        return open.size();
    }

    /// The next operation of a kind fails; half of what it writes is written.
    synchronized void failNext(Class<? extends Operation> kind) {
        failing.add(kind);
    }

    /// How many bytes the files may grow by from now on.
    synchronized void leaveRoom(long bytes) {
        room = bytes;
    }

    void whileForcing(Runnable action) {
        whileForcing = action;
    }

    private synchronized void note(Operation operation) throws IOException {
        if (failing.remove(operation.getClass())) {
            if (operation instanceof Operation.Write(int file, long position, byte[] bytes)) {
                note(new Operation.Write(file, position, Arrays.copyOf(bytes, bytes.length / 2)));
            }
            throw new IOException("Input/output error");
        }
        if (operation instanceof Operation.Write(int file, long position, byte[] bytes)) {
            long growth = Math.max(0, position + bytes.length - files.get(file).length);
            if (growth > room) {
                throw new IOException("No space left on device");
            }
            room -= growth;
        }
        operations.add(operation);
        apply(operation, names, files);
    }

    /// Does what was done once more.
    static void apply(Operation operation, Map<String, Integer> names, List<byte[]> files) {
        switch (operation) {
            case Operation.Create(int file, String name) -> {
                names.put(name, file);
                while (files.size() <= file) {
                    files.add(new byte[0]);
                }
            }
            case Operation.Write(int file, long position, byte[] bytes) -> {
                byte[] content = files.get(file);
                int end = (int) position + bytes.length;
                byte[] changed = Arrays.copyOf(content, Math.max(content.length, end));
                System.arraycopy(bytes, 0, changed, (int) position, bytes.length);
                files.set(file, changed);
            }
            case Operation.Rename(int file, String from, String to) -> {
                names.remove(from, file);
                names.put(to, file);
            }
            case Operation.Delete(String name) -> names.remove(name);
            case Operation.Force _, Operation.ForceNames _ -> {}
        }
    }

    @Override
    public synchronized Optional<Handle> open(String name) {
        Integer file = names.get(name);
        return file == null ? Optional.empty() : Optional.of(new File(file, name));
    }

    @Override
    public synchronized Handle create(String name) throws IOException {
        note(new Operation.Create(files.size(), name));
        return new File(files.size() - 1, name);
    }

    @Override
    public synchronized void rename(Handle file, String name) throws IOException {
        File renamed = (File) file;
        note(new Operation.Rename(renamed.number, renamed.name, name));
        renamed.name = name;
    }

    @Override
    public void forceNames() throws IOException {
        note(new Operation.ForceNames());
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        Integer file = names.get(name);
        if (file != null) {
            room += room == Long.MAX_VALUE ? 0 : files.get(file).length;
            note(new Operation.Delete(name));
        }
    }

    @Override
    public void close() {}

    private final class File implements Handle {
        private final int number;
        private String name;
        private @Nullable Thread writing;

        File(int number, String name) {
            this.number = number;
            this.name = name;
            open.add(this);
        }

        @Override
        public String path() {
            return name;
        }

        @Override
        public long size() {
            synchronized (RecordingDisk.this) {
                return files.get(number).length;
            }
        }

        @Override
        public byte[] read(int length) {
            synchronized (RecordingDisk.this) {
                byte[] bytes = files.get(number);
                return Arrays.copyOf(bytes, Math.min(length, bytes.length));
            }
        }

        @Override
        public void write(long position, byte[] bytes) throws IOException {
            if (writing != null) {
                throw new IllegalStateException("two threads write");
            }
            writing = Thread.currentThread();
            try {
                note(new Operation.Write(number, position, bytes.clone()));
            } finally {
                writing = null;
            }
        }

        @Override
        public void force() throws IOException {
            whileForcing.run();
            note(new Operation.Force(number));
        }

        @Override
        public void close() {
            synchronized (RecordingDisk.this) {
                open.remove(this);
            }
        }
    }
}
