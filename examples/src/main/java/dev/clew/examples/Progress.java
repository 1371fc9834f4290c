package dev.clew.examples;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on the error stream, if a person is there to see it: in a log file it would only fill pages. */
public final class Progress implements AutoCloseable {
    private static final Path ERRORS = Path.of("/proc/self/fd/2");

    private final @Nullable ProgressBar bar;

    public Progress(String name, int steps) {
        bar = isSeen()
                ? new ProgressBarBuilder()
                        .setTaskName(name)
                        .setInitialMax(steps)
                        .setStyle(ProgressBarStyle.ASCII)
                        .clearDisplayOnFinish()
                        .build()
                : null;
    }

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

    /** One of the steps is done. */
    public void step(Supplier<String> what) {
        if (bar != null) {
            bar.step();
            bar.setExtraMessage(what.get());
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
