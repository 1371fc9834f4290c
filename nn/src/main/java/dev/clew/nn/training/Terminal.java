package dev.clew.nn.training;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a person is there to see the error stream: in a log file a bar would only fill pages. */
final class Terminal {
    private static final Path ERRORS = Path.of("/proc/self/fd/2");

    private Terminal() {}

    /**
     * Whether the error stream is a terminal. Linux tells; elsewhere it is where the other two streams are one. Those say little when
     * another program starts this one, or the results go to a file.
     */
    static boolean isSeen() {
        try {
            String errors = Files.readSymbolicLink(ERRORS).toString();
            return errors.startsWith("/dev/pts/") || errors.startsWith("/dev/tty") || errors.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException elsewhere) {
            return Optional.ofNullable(System.console())
                    .filter(Console::isTerminal)
                    .isPresent();
        }
    }
}
