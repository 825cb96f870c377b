package io.ipvlan;

import io.ipvlan.internal.store.DirectoryStore;
import io.ipvlan.internal.store.MemoryStore;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where an engine remembers its networks and endpoints, so that a later engine finds them again.
///
/// A store maps keys to texts and need not understand either. A key is the name of a network, or that name, a
/// slash and the id of an endpoint; both parts consist of letters, digits, `.`, `_` and `-`. The engine calls
/// it from several threads, but never for the same key at once. Failures are reported as
/// [UncheckedIOException]; the operation that needed the store is then undone.
public interface NetworkStore extends AutoCloseable {
    /// A store that forgets everything when the engine is closed. The default.
    ///
    /// @return the store
    static NetworkStore inMemory() {
        return new MemoryStore();
    }

    /// A store of small text files, one for each network and each endpoint. A file is written beside its
    /// place, forced to the disk and then moved into it, so that a crash leaves the old text or the new one.
    /// The directory is made if it is missing, and then, like every file, can be read by its owner only; one
    /// that exists keeps its permissions. It can be open once at a time.
    ///
    /// @param directory where the files are; nothing else should be in it
    /// @return the store
    /// @throws UncheckedIOException if the directory cannot be made or used, or another engine has it open
    static NetworkStore directory(Path directory) {
        return DirectoryStore.open(directory);
    }

    /// Everything remembered.
    ///
    /// @return texts by key
    Map<String, String> load();

    /// Changes a text, if it is what it is expected to be: atomically.
    ///
    /// @param key the key
    /// @param expected the text it has; empty if it has none
    /// @param next the text it is to have; empty to forget it
    /// @return whether it was as expected, and was changed
    boolean compareAndSet(String key, Optional<String> expected, Optional<String> next);

    /// Waits until the changes made so far outlive a loss of power.
    void sync();

    /// Lets the store go. The engine calls it when it is closed.
    @Override
    void close();
}
