package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.StepChange;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** What follows from gradients, as formulas: the mean over micro-batches, the parts, the rates, averages. */
final class Update {
    /** Owners of kept numbers that are no parts. */
    private static final int BATCHES = -1;

    private static final int RATES = -2;
    private static final int AVERAGES = -3;

    private final Trained trained;
    private final ImmutableList<Transform> parts;
    private final KeptState state = new KeptState();
    private final Rates rates;

    Update(Trained trained, List<Transform> own) {
        this.trained = trained;
        this.parts = ImmutableList.<Transform>builder()
                .addAll(trained.before())
                .addAll(own)
                .addAll(trained.after())
                .build();
        this.rates = new Rates(trained.rates(), next -> state.of(RATES, trained.parameters(), next));
    }

    /** All that is kept from step to step. */
    ImmutableMap<String, Parameter> kept() {
        return state.named();
    }

    Rates rates() {
        return rates;
    }

    /** The new values; the gradients are reported. */
    StepChange of(ImmutableMap<Parameter, Tensor> slopes) {
        return new StepChange(slopes.values().asList(), trained.batches() == 1 ? updates(slopes) : accumulated(slopes));
    }

    private Map<Parameter, Tensor> updates(Map<Parameter, Tensor> slopes) {
        Map<Parameter, Tensor> kept = new LinkedHashMap<>();
        Map<Parameter, Tensor> moves = slopes;
        for (int i = 0; i < parts.size(); i++) {
            Transform part = parts.get(i);
            moves = moved(part, moves, part.of(moves, state.of(i, trained.parameters(), kept)));
        }
        ImmutableMap.Builder<Parameter, Tensor> built = ImmutableMap.builder();
        rates.scaled(moves, kept).forEach((parameter, move) -> built.put(parameter, parameter.minus(move)));
        ImmutableMap<Parameter, Tensor> changed = built.buildOrThrow();
        trained.average()
                .ifPresent(each -> Averages.next(each, changed, state.of(AVERAGES, trained.parameters(), kept)));
        return ImmutableMap.<Parameter, Tensor>builder()
                .putAll(changed)
                .putAll(kept)
                .buildOrThrow();
    }

    /** The same after every so many gradients, from their mean; until then only their sums change. */
    private Map<Parameter, Tensor> accumulated(Map<Parameter, Tensor> slopes) {
        Map<Parameter, Tensor> sums = new LinkedHashMap<>();
        Transform.State of = state.of(BATCHES, trained.parameters(), sums);
        Parameter count = of.number("batches.taken");
        Tensor isDue = count.greaterOrEqual(trained.batches() - 1.0);
        of.next(count, Tensor.where(isDue, Tensor.of(0.0), count.plus(1)));
        ImmutableMap.Builder<Parameter, Tensor> means = ImmutableMap.builder();
        slopes.forEach((parameter, slope) -> {
            Parameter before = of.like(parameter, "batches.sum");
            Tensor sum = before.plus(slope);
            of.next(
                    before,
                    Tensor.where(isDue, Tensor.zeros(sum.dtype(), sum.shape().lengths()), sum));
            means.put(parameter, sum.div(trained.batches()));
        });
        Map<Parameter, Tensor> updates = updates(means.buildOrThrow());
        return ImmutableMap.<Parameter, Tensor>builder()
                .putAll(Maps.transformEntries(updates, (before, now) -> Tensor.where(isDue, now, before)))
                .putAll(sums)
                .buildOrThrow();
    }

    /** What a part has made of gradients, for the same parameters in the same order. */
    private Map<Parameter, Tensor> moved(Transform part, Map<Parameter, Tensor> from, Map<Parameter, Tensor> to) {
        Map<Parameter, Tensor> moves = new LinkedHashMap<>();
        Present.given("optimizer", part.toString(), to);
        for (Parameter parameter : from.keySet()) {
            Tensor move = to.get(parameter);
            if (move == null || !move.shape().equals(parameter.shape()) || move.dtype() != parameter.dtype()) {
                throw new IllegalArgumentException("optimizer: " + part + " gives "
                        + (move == null ? "nothing" : move.describe()) + " for " + trained.name(parameter) + ", "
                        + parameter.describe() + "; it must give a tensor of that shape and type");
            }
            moves.put(parameter, move);
        }
        return moves;
    }

    /** What gradients go through, in words. */
    String described() {
        StringJoiner text = new StringJoiner(", ");
        if (trained.batches() > 1) {
            text.add("the mean of " + trained.batches() + " batches");
        }
        // A function has no text of its own, and another one in every run.
        parts.forEach(part ->
                text.add(part.getClass().isSynthetic() || part.getClass().isHidden() ? "a function" : part.toString()));
        trained.average().ifPresent(average -> text.add(average.toString()));
        return text.toString();
    }
}
