package dev.clew.examples;

import dev.clew.nn.training.Display;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on the error stream, if a person is there to see it: in a log file it would only fill pages. */
public final class Progress implements AutoCloseable {
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

    /** Whether the error stream is a terminal. */
    static boolean isSeen() {
        return Display.isTerminal();
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
