package dev.clew.nn.training;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import dev.clew.internal.array.Present;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code steps.csv} and {@code epochs.csv} into a folder: a line for every step and every epoch, each in the file before training goes
 * on, so that a run that is killed leaves them. Numbers are written so that they read back to the same bits.
 *
 * <p>A run that goes on from a snapshot appends; lines of steps after the snapshot, which are made again, are taken out before.
 */
public final class MetricsCsv implements Callback {
    private static final String STEPS = "step,epoch,batch,loss,gradient_norm,rate,seconds,skipped";
    private static final String EPOCHS = "step,epoch,loss,rate,seconds,best";

    private final Path folder;
    private @Nullable Writer steps;
    private @Nullable Writer epochs;
    private long first;

    private MetricsCsv(Path folder) {
        this.folder = folder;
    }

    /** Into a folder, which is made if it is not there; what was in the two files is replaced, unless a run goes on. */
    public static MetricsCsv in(Path folder) {
        Present.require("metrics in", folder);
        return new MetricsCsv(folder);
    }

    @Override
    public void began(Start start) {
        first = start.step();
        try {
            Files.createDirectories(folder);
            steps = open("steps.csv", STEPS);
        } catch (IOException error) {
            throw new UncheckedIOException("metrics in " + folder + ": they cannot be written", error);
        }
    }

    /** Only as far as the snapshot goes from which training goes on. */
    private Writer open(String name, String head) throws IOException {
        Path file = folder.resolve(name);
        List<String> lines = new ArrayList<>();
        if (first > 0 && Files.exists(file)) {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String step = Splitter.on(',').split(line).iterator().next();
                // A line of a run that was killed may be cut off, and is then made again.
                if (step.matches("\\d+") && Long.parseLong(step) <= first) {
                    lines.add(line);
                }
            }
        }
        lines.addFirst(head);
        Files.write(file, lines, StandardCharsets.UTF_8);
        return Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    @Override
    public void stepped(StepReport report) {
        write(
                steps,
                report.step(),
                report.epoch(),
                report.batch(),
                report.loss(),
                report.gradientNorm(),
                report.rate(),
                report.time().toNanos() / 1e9,
                report.isSkipped());
    }

    @Override
    public void epochEnded(EpochReport report) {
        try {
            if (epochs == null) {
                String names = Joiner.on("").join(report.metrics().keySet().stream()
                        .map(name -> "," + quoted(name))
                        .toList());
                epochs = open("epochs.csv", EPOCHS + names);
            }
        } catch (IOException error) {
            throw new UncheckedIOException("metrics in " + folder + ": they cannot be written", error);
        }
        List<Object> fields = new ArrayList<>(List.of(
                report.step(),
                report.epoch(),
                report.loss(),
                report.rate(),
                report.time().toNanos() / 1e9,
                report.isBest()));
        fields.addAll(report.metrics().values());
        write(epochs, fields.toArray());
    }

    private void write(@Nullable Writer to, Object... fields) {
        if (to == null) {
            return;
        }
        try {
            to.write(Joiner.on(',').join(fields) + "\n");
            to.flush();
        } catch (IOException error) {
            throw new UncheckedIOException("metrics in " + folder + ": they cannot be written", error);
        }
    }

    /** As RFC 4180 has it. */
    private static String quoted(String name) {
        boolean isPlain = name.chars().noneMatch(each -> ",\"\r\n".indexOf(each) >= 0);
        return isPlain ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    @Override
    public void closed() {
        try {
            if (steps != null) {
                steps.close();
            }
            if (epochs != null) {
                epochs.close();
            }
        } catch (IOException error) {
            throw new UncheckedIOException("metrics in " + folder + ": they cannot be written", error);
        }
        steps = null;
        epochs = null;
    }

    @Override
    public String toString() {
        return "Metrics as CSV in " + folder;
    }
}
