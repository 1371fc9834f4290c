package dev.clew.examples.api;

import dev.clew.nn.data.Batches;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.training.Callback;
import dev.clew.nn.training.Carrying;
import dev.clew.nn.training.Ending;
import dev.clew.nn.training.EpochReport;
import dev.clew.nn.training.MetricsCsv;
import dev.clew.nn.training.Objective;
import dev.clew.nn.training.StepReport;
import dev.clew.nn.training.TensorBoard;
import dev.clew.nn.training.Trainer;
import dev.clew.tensor.Parameter;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Something of every type of training. */
final class SamplesOfTraining {
    private SamplesOfTraining() {}

    static Map<Class<?>, Object> values() {
        Map<Class<?>, Object> values = new LinkedHashMap<>();
        Parameter w = Parameter.of(2.0);
        Duration time = Duration.ofMillis(3);
        for (Object each : List.of(
                new StepReport(1, 0, 0, 0.5, 2, 0.1, time, false),
                new EpochReport(0, 1, 0.5, Map.of("accuracy", 0.75), true, 0.1, time),
                new Callback.Start(0, 0, Optional.of(3L), Optional.of(time)),
                new Ending.Finished<>(w, 3),
                new Ending.StoppedEarly<>(w, 3, "it was told to"),
                new Ending.Interrupted<>(w, 3, Optional.of(Path.of("run")), "train"),
                new Ending.NotFinite<>(w, 3, 0, 3, new ArithmeticException("step 4: the loss is NaN")),
                MetricsCsv.in(Path.of("metrics")),
                TensorBoard.in(Path.of("events")),
                Trainer.of(w, Sgd.of(w, 0.1), Batches.inOrder(List.of(1.0)), (Double x) -> w.times(x)))) {
            values.put(each.getClass(), each);
        }
        values.put(PrintStream.class, new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        values.put(ArithmeticException.class, new ArithmeticException("step 4: the loss is NaN"));
        values.put(Double.class, 0.5);
        values.put(Consumer.class, (Consumer<Object>) _ -> {});
        values.put(Predicate.class, (Predicate<Object>) _ -> false);
        values.put(Ending.class, new Ending.Finished<>(w, 3));
        values.put(Callback.class, new Callback() {
            @Override
            public String toString() {
                return "a callback";
            }
        });
        values.put(Objective.class, (Objective<Double>) (x, _) -> w.times(x));
        values.put(
                Carrying.class, (Carrying<Double, List<Parameter>>) (x, state, _) -> new Cell.Out<>(w.times(x), state));
        return values;
    }
}
