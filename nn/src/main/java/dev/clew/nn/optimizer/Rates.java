package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.clew.array.NDArray;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepEvaluator;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The learning rates of now, as formulas. What only has rates that stay counts no steps. */
final class Rates {
    private static final String STEPS = "rate.steps";

    private final ImmutableMap<Parameter, Schedule> all;
    /** Those that do not stay, each once. */
    private final ImmutableList<Schedule> moving;

    private final double largestThatStays;
    private final Function<Map<Parameter, Tensor>, Transform.State> state;

    /** @param state what schedules keep, which says in a map what follows */
    Rates(ImmutableMap<Parameter, Schedule> all, Function<Map<Parameter, Tensor>, Transform.State> state) {
        this.all = all;
        this.moving = ImmutableSet.copyOf(all.values()).stream()
                .filter(rate -> !(rate instanceof Schedules.Constant))
                .collect(ImmutableList.toImmutableList());
        this.largestThatStays = all.values().stream()
                .filter(Schedules.Constant.class::isInstance)
                .mapToDouble(rate -> ((Schedules.Constant) rate).rate())
                .max()
                .orElse(Double.NEGATIVE_INFINITY);
        this.state = state;
    }

    /** Moves times their rates; and the count of steps goes on. */
    ImmutableMap<Parameter, Tensor> scaled(Map<Parameter, Tensor> moves, Map<Parameter, Tensor> next) {
        ImmutableMap<Schedule, Tensor> now = now(next);
        ImmutableMap.Builder<Parameter, Tensor> scaled = ImmutableMap.builder();
        moves.forEach((parameter, move) -> {
            Schedule rate = all.get(parameter);
            Tensor data = now.get(rate);
            if (data != null) {
                scaled.put(parameter, move.times(data.cast(move.dtype())));
            } else if (rate instanceof Schedules.Constant stays) {
                scaled.put(parameter, move.times(stays.rate()));
            }
        });
        return scaled.buildOrThrow();
    }

    private ImmutableMap<Schedule, Tensor> now(Map<Parameter, Tensor> next) {
        ImmutableMap.Builder<Schedule, Tensor> now = ImmutableMap.builder();
        if (!moving.isEmpty()) {
            Transform.State kept = state.apply(next);
            Parameter steps = kept.number(STEPS);
            kept.next(steps, steps.plus(1));
            moving.forEach(rate ->
                    now.put(rate, Schedules.checked(rate, rate.at(steps, new Renamed.Prefixed(prefix(rate), kept)))));
        }
        return now.buildOrThrow();
    }

    /** Asks for all that schedules keep, so that it is there before the first step and the first report. */
    void declare() {
        Map<Parameter, Tensor> next = new LinkedHashMap<>();
        now(next);
        heard(Tensor.of(0.0), next);
    }

    private void heard(Tensor metric, Map<Parameter, Tensor> next) {
        Transform.State kept = state.apply(next);
        moving.forEach(rate -> rate.heard(metric, new Renamed.Prefixed(prefix(rate), kept)));
    }

    private String prefix(Schedule rate) {
        int place = moving.indexOf(rate);
        return place == 0 ? "rate." : "rate." + place + ".";
    }

    /** The largest rate of the next step. */
    double largest() {
        if (moving.isEmpty()) {
            return largestThatStays;
        }
        double largest = largestThatStays;
        for (NDArray rate : Evaluator.plain()
                .evaluate(ImmutableList.copyOf(now(new LinkedHashMap<>()).values()))) {
            largest = Math.max(largest, rate.item());
        }
        return largest;
    }

    /** Tells the schedules of a metric: what they keep changes together. */
    void heard(double metric) {
        if (!Double.isFinite(metric)) {
            throw new ArithmeticException("report " + metric
                    + ": a metric is compared with others, so it must be finite;" + " no schedule has heard it");
        }
        Tensor number = Tensor.of(metric);
        Map<Parameter, Tensor> next = new LinkedHashMap<>();
        heard(number, next);
        if (!next.isEmpty()) {
            List<Tensor> outputs = ImmutableList.<Tensor>builder()
                    .add(number)
                    .addAll(next.keySet())
                    .build();
            boolean isHeard = StepEvaluator.step(Evaluator.plain(), outputs, _ -> new StepChange(List.of(), next))
                    .values()
                    .isPresent();
            if (!isHeard) {
                throw new ArithmeticException("report " + metric
                        + ": what a schedule keeps would not be finite after it, so no schedule has heard it");
            }
        }
    }
}
