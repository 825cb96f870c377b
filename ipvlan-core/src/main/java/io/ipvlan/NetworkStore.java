package io.ipvlan;

import io.ipvlan.internal.store.DirectoryStore;
import io.ipvlan.internal.store.MemoryStore;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where an engine remembers its networks and endpoints, so that a later engine finds them again.
///
/// A store maps keys to texts and need not understand either. A key is 1 to 300 ASCII letters, digits, `.`,
/// `_`, `-` and `/`: `blue` for example, `blue/web-1` or `.host`. A text is up to 1 MiB as UTF-8; that of a
/// network holds its subnets and labels, that of an endpoint some 100 bytes for each of its routes.
///
/// It changes by [#compareAndSet] only, so that it may also be implemented by a database that programs on
/// several machines share: whoever did not see the last text cannot overwrite it. Implementations are used by
/// many threads at once. Failures are reported as [UncheckedIOException].
public interface NetworkStore extends AutoCloseable {
    /// Where a change is when [#sync] has returned.
    enum Durability {
        /// On the disk: it survives a loss of power.
        DISK,
        /// With the operating system, where every change is at once: it survives the end of the process, also
        /// by `kill -9`, and not a loss of power or a crash of the kernel. After one the store is as it was
        /// at some earlier moment: as long before as the kernel keeps changes to itself, half a minute
        /// usually.
        OPERATING_SYSTEM
    }

    /// A store that lasts as long as it is itself in use by the program. The default.
    ///
    /// @return the store
    static NetworkStore inMemory() {
        return new MemoryStore();
    }

    /// A store in a directory, with all changes on the disk when [#sync] returns. The same as
    /// [`directory(directory, Durability.DISK)`][#directory(Path,Durability)].
    ///
    /// @param directory where its files are; nothing else should be in it
    /// @return the store
    /// @throws UncheckedIOException if the directory cannot be made or used, or somebody has the store open
    static NetworkStore directory(Path directory) {
        return directory(directory, Durability.DISK);
    }

    /// A store in a directory: a journal, to which each change is added, and which is written anew when it is
    /// full. So it holds at most 2 GiB, and takes up some four times what it remembers, and 256 KiB.
    ///
    /// A change is with the operating system when [#compareAndSet] returns, and survives the end of the
    /// process. It is where `durability` says when [#sync] returns. After a crash, changes that were not
    /// synced are there up to some change, and none after it. A change that threw has not happened, and is
    /// not found later either once a further change or [#sync] has returned; the store works again as soon as
    /// the disk does. Interrupts disturb nothing: the thread stays interrupted, and the change is made.
    ///
    /// The directory is made if it is missing, and then, like every file, can be read by its owner only; one
    /// that exists keeps its permissions. It can be open once at a time. A file that was damaged is reported
    /// by the first call that needs it, with its name and what is wrong with it, and is left as it is.
    ///
    /// @param directory where its files are; nothing else should be in it
    /// @param durability what [#sync] waits for
    /// @return the store
    /// @throws UncheckedIOException if the directory cannot be made or used, or somebody has the store open
    static NetworkStore directory(Path directory, Durability durability) {
        return DirectoryStore.open(directory, durability);
    }

    /// Everything remembered.
    ///
    /// @return texts by key
    /// @throws UncheckedIOException if it cannot be read, or is damaged
    /// @throws IllegalStateException if the store is closed
    Map<String, String> load();

    /// Changes what is remembered by one key, if it is what the caller believes: a text, or none. Happens
    /// wholly or not at all. Whoever needs to know that it is durable calls [#sync] afterwards.
    ///
    /// @param key the key
    /// @param expected the text it must have; empty: it must have none
    /// @param next the text it gets; empty: it is forgotten
    /// @return whether the key had what was expected, and so has `next` now
    /// @throws UncheckedIOException if the store fails. The change may have happened nevertheless: to take it
    ///     back, call this with `next` as expected; `false` then says that there was nothing to take back
    /// @throws IllegalArgumentException if the key is none, or a text is too long or has half a surrogate
    ///     pair
    /// @throws IllegalStateException if the store is closed
    boolean compareAndSet(String key, Optional<String> expected, Optional<String> next);

    /// Waits until all changes are durable that any thread made before this call. Threads that wait at the
    /// same time share the work.
    ///
    /// @throws UncheckedIOException if the store fails; what was not durable before may not be
    /// @throws IllegalStateException if the store is closed
    void sync();

    /// Makes all changes durable and lets the store go. The engine calls it when it is closed. Does nothing
    /// if it is closed already.
    ///
    /// @throws UncheckedIOException if the changes cannot be made durable; the store is closed nevertheless
    @Override
    void close();
}
