package io.ipvlan;

import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An operation could not be carried out. The seven kinds differ in what a caller can do about them; a
/// `switch` over them needs no default.
///
/// Before it is thrown, everything the operation had changed is undone. What could not be undone is in
/// [#leftovers]. The message reads `<operation> <object>: <reason> [<kernel error>]`.
public abstract sealed class IpvlanException extends RuntimeException
        permits InvalidNetworkException,
                NotFoundException,
                ConflictException,
                AddressException,
                PermissionException,
                UnsupportedException,
                KernelException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final String object;
    private final String reason;
    private final @Nullable KernelError kernelError;
    private final ArrayList<String> leftovers = new ArrayList<>();

    IpvlanException(
            String operation,
            String object,
            String reason,
            @Nullable KernelError kernelError,
            @Nullable Throwable cause) {
        super(operation + " " + object + ": " + reason + (kernelError == null ? "" : " [" + kernelError + "]"), cause);
        this.operation = operation;
        this.object = object;
        this.reason = reason;
        this.kernelError = kernelError;
    }

    /// What was being done, such as `create child link`.
    ///
    /// @return the words
    public String operation() {
        return operation;
    }

    /// What it was done to, such as `'eth0' in blue`.
    ///
    /// @return the words
    public String object() {
        return object;
    }

    /// Why it could not be done.
    ///
    /// @return the words
    public String reason() {
        return reason;
    }

    /// What the kernel said.
    ///
    /// @return the kernel's error; empty if the kernel was not asked, or did not answer
    public Optional<KernelError> kernelError() {
        return Optional.ofNullable(kernelError);
    }

    /// What the operation changed and could not undo, as commands an operator can type.
    ///
    /// @return the commands; empty, unless undoing failed as well
    public synchronized List<String> leftovers() {
        return List.copyOf(leftovers);
    }

    /// Notes something that could not be undone. The library calls it while it undoes, before anybody sees
    /// the exception.
    ///
    /// @param command what remains to be done by hand
    public synchronized void addLeftover(String command) {
        leftovers.add(command);
    }

    /// The operation, its object, the reason, the kernel's error and what is left to do by hand.
    @Override
    public synchronized String getMessage() {
        String message = String.valueOf(super.getMessage());
        return leftovers.isEmpty()
                ? message
                : message + "; could not be undone, do it by hand: " + String.join("; ", leftovers);
    }
}
