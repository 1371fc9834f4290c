package dev.clew.nn.training;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import dev.clew.internal.array.Present;
import dev.clew.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code steps.csv} and {@code epochs.csv} into a folder: a line for every step and every epoch, each in the file before training goes
 * on, so that a run that is killed leaves them. Numbers are written so that they read back to the same bits.
 *
 * <p>A run that goes on from a snapshot appends; lines of steps and epochs after the snapshot, which are made again, are taken out before.
 */
public final class MetricsCsv implements Callback {
    private static final String STEPS = "step,epoch,batch,loss,gradient_norm,rate,seconds,skipped";
    private static final String EPOCHS = "step,epoch,loss,rate,seconds,best";

    private final Path folder;
    private @Nullable Writer steps;
    private @Nullable Writer epochs;
    /** Where this run began or went on. */
    private Start start = new Start(0, 0, Optional.empty(), Optional.empty());

    private MetricsCsv(Path folder) {
        this.folder = folder;
    }

    /** Into a folder, which is made if it is not there; what was in the two files is replaced, unless a run goes on. */
    public static MetricsCsv in(Path folder) {
        Present.require("metrics in", folder);
        return new MetricsCsv(folder);
    }

    @Override
    public void began(Start at) {
        start = at;
        try {
            Files.createDirectories(folder);
            // The first field is the step.
            steps = open("steps.csv", STEPS, 0, start.step() + 1);
        } catch (IOException error) {
            throw new UncheckedIOException("metrics in " + folder + ": they cannot be written", error);
        }
    }

    /**
     * Only as far as the snapshot goes from which training goes on.
     *
     * @param field that counts
     * @param end of the counts that are kept
     */
    private Writer open(String name, String head, int field, long end) throws IOException {
        Path file = folder.resolve(name);
        StringBuilder lines = new StringBuilder(head).append('\n');
        if (start.step() > 0 && Files.exists(file)) {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            // What comes after the last end of a line was cut off: by a disk that was full, say.
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            for (String line : Splitter.on('\n').omitEmptyStrings().split(whole)) {
                List<String> fields = Splitter.on(',').splitToList(line);
                if (fields.size() > field
                        && fields.get(field).matches("\\d+")
                        && Long.parseLong(fields.get(field)) < end) {
                    lines.append(line).append('\n');
                }
            }
        }
        AtomicFile.write(file, channel -> {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
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
                String names = Joiner.on("")
                        .join(report.metrics().keySet().stream()
                                .map(name -> "," + quoted(name))
                                .toList());
                // The second field is the epoch. The one that is gone on in is judged again, even if all its steps have
                // been made.
                epochs = open("epochs.csv", EPOCHS + names, 1, start.epoch());
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
