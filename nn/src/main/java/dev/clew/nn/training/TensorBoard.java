package dev.clew.nn.training;

import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import dev.clew.io.EventFile;
import dev.clew.nn.Parameters;
import dev.clew.tensor.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes an {@link EventFile} into a folder, which {@code tensorboard --logdir FOLDER} shows while training goes on, over the number
 * of steps that have been made:
 *
 * <ul>
 *   <li>{@code step/loss}, {@code step/gradient_norm}, {@code step/rate} and {@code step/seconds} after every step, or every few; loss
 *       and norm of a step that was skipped are NaN, which is shown as such,
 *   <li>{@code epoch/loss}, {@code epoch/seconds} and, for every metric, {@code validation/NAME} after every epoch,
 *   <li>{@code parameters/NAME}, how the numbers of a parameter are spread, and {@code run/parameters}, the table of all of them, if a
 *       model is given,
 *   <li>{@code run/ending}, how training ended.
 * </ul>
 *
 * <p>A run that goes on from a snapshot writes another file into the folder; what was written of steps after the snapshot, which are
 * made again, is not shown any more. So a folder is for one run: if another begins there, the one before is not shown.
 *
 * <p>A step costs one write of 60 bytes or so for each of the four numbers; a histogram reads all numbers of a parameter once.
 */
public final class TensorBoard implements Callback {
    private final Path folder;
    private final int steps;
    private final Optional<Histograms> histograms;
    private final ImmutableMap<String, Object> hyperparameters;
    private @Nullable EventFile events;

    /** @param steps between two of them; at the end of an epoch if that is not said */
    private record Histograms(Object model, Map<String, Parameter> named, Optional<Integer> steps) {}

    private TensorBoard(
            Path folder, int steps, Optional<Histograms> histograms, ImmutableMap<String, Object> hyperparameters) {
        this.folder = folder;
        this.steps = steps;
        this.histograms = histograms;
        this.hyperparameters = hyperparameters;
    }

    /** Into a folder, which is made if it is not there: the numbers of every step and every epoch. */
    public static TensorBoard in(Path folder) {
        Present.require("TensorBoard in", folder);
        return new TensorBoard(folder, 1, Optional.empty(), ImmutableMap.of());
    }

    /**
     * With the numbers of every so many steps alone, which makes the file smaller; what is written of epochs is the same.
     *
     * @throws IllegalArgumentException if they are fewer than 1
     */
    public TensorBoard everySteps(int number) {
        requirePositive("TensorBoard every steps", number);
        return new TensorBoard(folder, number, histograms, hyperparameters);
    }

    /**
     * With a histogram of each parameter at the start and after every epoch.
     *
     * @param model that is trained, or some of its parameters: {@code Parameters.matching(model, "head.*")}
     * @throws IllegalArgumentException if it has no parameters
     */
    public TensorBoard withHistograms(Object model) {
        Present.require("with histograms", model);
        return with(new Histograms(model, Parameters.named(model), Optional.empty()));
    }

    /**
     * The same at the start and after every so many steps.
     *
     * @throws IllegalArgumentException if it has no parameters, or steps are fewer than 1
     */
    public TensorBoard withHistograms(Object model, int everySteps) {
        Present.require("with histograms", model);
        requirePositive("with histograms every steps", everySteps);
        return with(new Histograms(model, Parameters.named(model), Optional.of(everySteps)));
    }

    private TensorBoard with(Histograms these) {
        return new TensorBoard(folder, steps, Optional.of(these), hyperparameters);
    }

    /**
     * With what the run is made with, by name: a row of TensorBoard's table of hyperparameters, in which runs can be compared.
     *
     * @param values finite numbers, truth values and texts
     * @throws IllegalArgumentException if there are others, or a name is empty
     * @see EventFile#hyperparameters
     */
    public TensorBoard withHyperparameters(Map<String, ?> values) {
        Present.require("with hyperparameters", values);
        if (!values.isEmpty()) {
            EventFile.requireHyperparameters(values);
        }
        return new TensorBoard(folder, steps, histograms, ImmutableMap.copyOf(values));
    }

    private static void requirePositive(String asked, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(asked + " " + number + ": there must be 1 or more");
        }
    }

    /** What is written, or cannot be. */
    @FunctionalInterface
    private interface Written {
        void to(EventFile file) throws IOException;
    }

    private void write(Written what) {
        if (events == null) {
            return;
        }
        try {
            what.to(events);
        } catch (IOException error) {
            throw unwritable(error);
        }
    }

    private UncheckedIOException unwritable(IOException error) {
        return new UncheckedIOException(
                "TensorBoard in " + folder + ": the event file cannot be written: " + error, error);
    }

    @Override
    public void began(Start start) {
        try {
            // What is known of a snapshot's own step stays.
            events = EventFile.create(folder, start.step() == 0 ? 0 : start.step() + 1);
        } catch (IOException error) {
            throw unwritable(error);
        }
        if (start.step() == 0 && !hyperparameters.isEmpty()) {
            write(file -> file.hyperparameters(hyperparameters));
        }
        if (start.step() == 0 && histograms.isPresent()) {
            String summary = Parameters.summary(histograms.get().model());
            write(file -> file.text("run/parameters", 0, asItIs(summary)));
            writeHistograms(0);
        }
    }

    /** As Markdown that is shown letter by letter. */
    private static String asItIs(String text) {
        return "```\n" + text + "\n```";
    }

    private void writeHistograms(long step) {
        write(file -> {
            for (Map.Entry<String, Parameter> each :
                    histograms.orElseThrow().named().entrySet()) {
                file.histogram(
                        "parameters/" + each.getKey(), step, each.getValue().value());
            }
        });
    }

    @Override
    public void stepped(StepReport report) {
        long step = report.step();
        if (step % steps == 0) {
            write(file -> {
                file.scalar("step/loss", step, report.loss());
                file.scalar("step/gradient_norm", step, report.gradientNorm());
                file.scalar("step/rate", step, report.rate());
                file.scalar("step/seconds", step, report.time().toNanos() / 1e9);
            });
        }
        histograms.flatMap(Histograms::steps).filter(every -> step % every == 0).ifPresent(_ -> writeHistograms(step));
    }

    @Override
    public void epochEnded(EpochReport report) {
        long step = report.step();
        write(file -> {
            file.scalar("epoch/loss", step, report.loss());
            file.scalar("epoch/seconds", step, report.time().toNanos() / 1e9);
            for (Map.Entry<String, Double> each : report.metrics().entrySet()) {
                file.scalar("validation/" + each.getKey(), step, each.getValue());
            }
        });
        histograms.filter(each -> each.steps().isEmpty()).ifPresent(_ -> writeHistograms(step));
    }

    @Override
    public void ended(Ending<?> ending) {
        write(file -> file.text("run/ending", ending.steps(), asItIs(ending.toString())));
    }

    @Override
    public void closed() {
        write(EventFile::close);
        events = null;
    }

    @Override
    public String toString() {
        return "TensorBoard in " + folder;
    }
}
