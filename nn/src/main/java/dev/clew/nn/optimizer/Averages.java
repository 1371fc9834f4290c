package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Means of the parameters of many steps, as formulas. */
final class Averages {
    /** Not as a mean is, whatever its parameter is called. */
    private static final String TAKEN = "averages.taken";

    private static final String MEAN = "average";

    private Averages() {}

    /** Says what the means are after a step. */
    static void next(Average average, Map<Parameter, Tensor> updates, Transform.State state) {
        switch (average) {
            case Average.Moving moving -> moving(moving.decay(), updates, state);
            case Average.Stochastic stochastic -> stochastic(stochastic, updates, state);
        }
    }

    private static void moving(double decay, Map<Parameter, Tensor> updates, Transform.State state) {
        Parameter taken = state.number(TAKEN);
        state.next(taken, taken.plus(1));
        Tensor isFirst = taken.equalTo(0);
        updates.forEach((parameter, now) -> {
            Parameter before = state.like(parameter, MEAN);
            state.next(before, Tensor.where(isFirst, now, before.times(decay).plus(now.times(1 - decay))));
        });
    }

    private static void stochastic(Average.Stochastic when, Map<Parameter, Tensor> updates, Transform.State state) {
        Parameter steps = state.number("averages.steps");
        Tensor step = steps.plus(1);
        state.next(steps, step);
        Parameter taken = state.number(TAKEN);
        Tensor late = step.minus((double) when.from());
        Tensor isTaken =
                late.greaterOrEqual(0).and(late.remainder((double) when.every()).equalTo(0));
        state.next(taken, Tensor.where(isTaken, taken.plus(1), taken));
        updates.forEach((parameter, now) -> {
            Parameter before = state.like(parameter, MEAN);
            Tensor share = taken.plus(1).cast(parameter.dtype());
            state.next(
                    before, Tensor.where(isTaken, before.plus(now.minus(before).div(share)), before));
        });
    }

    /** The means; of no parameter before there are some. */
    static ImmutableMap<Parameter, NDArray> of(
            ImmutableMap<String, Parameter> parameters, Map<String, Parameter> state) {
        ImmutableList.Builder<Tensor> wanted = ImmutableList.builder();
        wanted.add(Optional.ofNullable(state.get(TAKEN)).orElseThrow());
        parameters
                .keySet()
                .forEach(name -> wanted.add(
                        Optional.ofNullable(state.get(MEAN + "." + name)).orElseThrow()));
        List<NDArray> values = Tensor.values(wanted.build());
        ImmutableMap.Builder<Parameter, NDArray> means = ImmutableMap.builder();
        int next = 1;
        for (Parameter parameter : parameters.values()) {
            means.put(parameter, values.get(next++));
        }
        return values.getFirst().item() == 0 ? ImmutableMap.of() : means.buildKeepingLast();
    }
}
