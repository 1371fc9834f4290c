package dev.clew.nn.training;

import dev.clew.plan.Threads;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar of steps, and beside it how it stands. */
final class Bar implements Callback {
    private static final int REDRAWN_MILLIS = 200;
    /** Shorter compiling is not worth a word. */
    private static final Duration LONG = Duration.ofMillis(500);

    private final PrintStream to;
    private final ConsoleProgressBarConsumer consumer;
    private @Nullable ProgressBar bar;
    private String metrics = "";
    private long told;
    /** What is being compiled since before the step; empty if nothing is. */
    private volatile String compiling = "";

    /** As wide as the terminal. */
    Bar(PrintStream to) {
        this(to, new ConsoleProgressBarConsumer(to));
    }

    Bar(PrintStream to, int columns) {
        this(to, new ConsoleProgressBarConsumer(to, columns));
    }

    private Bar(PrintStream to, ConsoleProgressBarConsumer consumer) {
        this.to = to;
        this.consumer = consumer;
    }

    @Override
    public void began(Start start) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName("train")
                .setInitialMax(start.steps().orElse(-1L))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAWN_MILLIS)
                .setUnit("", 1)
                .showSpeed()
                .continuousUpdate() // What is said while no step is made would not be drawn.
                .clearDisplayOnFinish()
                .setConsumer(consumer);
        if (start.step() > 0) {
            builder.startsFrom(start.step(), Duration.ZERO);
        }
        bar = builder.build();
    }

    @Override
    public void compiling(String what) {
        compiling = what;
        Thread.startVirtualThread(() -> tellIfItIsLong(what));
    }

    private void tellIfItIsLong(String what) {
        try {
            Thread.sleep(LONG);
        } catch (InterruptedException unlikely) {
            Thread.currentThread().interrupt();
        }
        ProgressBar shown = bar;
        if (shown != null && compiling.equals(what)) {
            shown.setExtraMessage(" compiling a plan for " + what + " ...");
        }
    }

    @Override
    public void stepped(StepReport report) {
        compiling = "";
        ProgressBar shown = bar;
        if (shown == null) {
            return;
        }
        shown.step();
        long now = System.nanoTime();
        if (now - told >= Duration.ofMillis(REDRAWN_MILLIS).toNanos()) {
            told = now;
            // What is cut off in a narrow terminal stands last.
            shown.setExtraMessage(" loss " + Figures.of(report.loss())
                    + (Threads.areWarmingUp() ? ", warming up" : "")
                    + metrics
                    + ", gradient " + Figures.of(report.gradientNorm())
                    + ", rate " + Figures.of(report.rate()));
        }
    }

    @Override
    public void epochEnded(EpochReport report) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Double> metric : report.metrics().entrySet()) {
            text.append(", ").append(metric.getKey()).append(' ').append(Figures.of(metric.getValue()));
        }
        metrics = text + (report.isBest() ? " (best)" : "");
    }

    @Override
    public void ended(Ending<?> ending) {
        closed();
        to.println(ending);
    }

    @Override
    public void closed() {
        compiling = "";
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
