package io.ipvlan.internal.store;

import java.io.IOException;
import java.util.Optional;

/// What a store needs of its directory. Interrupts do not disturb any of it.
interface Disk extends AutoCloseable {
    /// Opens a file, if there is one.
    Optional<Handle> open(String name) throws IOException;

    /// Makes an empty file that only its owner can read, in place of one that may be left from a crash.
    Handle create(String name) throws IOException;

    /// Gives a file the name of another, which is replaced. It is durable after [#forceNames] only.
    void rename(Handle file, String name) throws IOException;

    void forceNames() throws IOException;

    /// Deletes a file that may be there.
    void delete(String name) throws IOException;

    @Override
    void close() throws IOException;

    /// An open file. One thread may write while another forces.
    interface Handle extends AutoCloseable {
        /// Where it is, for messages.
        String path();

        long size() throws IOException;

        /// The first bytes of the file, at most as many as it has.
        byte[] read(int length) throws IOException;

        void write(long position, byte[] bytes) throws IOException;

        /// Returns when everything that was written before is on the disk.
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
