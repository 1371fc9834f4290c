package dev.clew.nn.loss;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tags of a sequence that depend on each other: a conditional random field on a chain (Lafferty, McCallum and Pereira, 2001). It stands on
 * any network that gives emissions, a number for every tag at every step.
 *
 * <p>Tags y of a sequence of n steps have the score start[y₁] + Σ emission[t][yₜ] + Σ transitions[yₜ₋₁][yₜ] + end[yₙ], and a probability
 * proportional to e to that. The sum over all tags goes from step to step, in logarithms, and costs time·tags². A transition, a start or an
 * end that cannot be is −∞; tags that take it cost ∞, and if no tags at all can be, the cost is NaN.
 *
 * <p>Sequences end at lengths of their own, which are data. Emissions beyond them, NaN too, and tags there change nothing, and their
 * gradient is exactly 0. A sequence of length 0 has one way to be tagged, which costs 0.
 *
 * <p>Shapes: transitions (tags, tags), from the row to the column; start (tags), end (tags).
 */
public record LinearChainCrf(Parameter transitions, Parameter start, Parameter end) {
    private static final String NAME = "linearChainCrf";
    private static final Selection.Labels TAGS = new Selection.Labels(NAME, "emissions");

    /**
     * Checks the parameters.
     *
     * @throws IllegalArgumentException if shapes or types differ
     */
    public LinearChainCrf {
        Present.require(NAME, transitions, start, end);
        int tags = start.shape().elements();
        boolean fits = tags > 0
                && start.shape().equals(Shape.of(tags))
                && end.shape().equals(Shape.of(tags))
                && transitions.shape().equals(Shape.of(tags, tags));
        if (!fits || start.dtype() != transitions.dtype() || end.dtype() != start.dtype()) {
            throw new IllegalArgumentException(NAME + ": transitions " + LossInputs.typed(transitions) + ", start "
                    + LossInputs.typed(start) + " and end " + LossInputs.typed(end)
                    + " must be (tags, tags), (tags) and (tags) of one type");
        }
    }

    /** Uniform on ±0.1. */
    public static LinearChainCrf create(int tags, DType dtype, RandomKey key) {
        Present.require(NAME, dtype, key);
        if (tags < 1 || !dtype.isFloating()) {
            throw new IllegalArgumentException(
                    NAME + " of " + tags + " tags " + dtype + ": there is one tag or more, of a floating-point type");
        }
        Initializer uniform = Initializer.uniform(-0.1, 0.1);
        return new LinearChainCrf(
                Parameter.of(uniform.create(key.fold(0), dtype, Shape.of(tags, tags))),
                Parameter.of(uniform.create(key.fold(1), dtype, Shape.of(tags))),
                Parameter.of(uniform.create(key.fold(2), dtype, Shape.of(tags))));
    }

    /**
     * The best tags of every sequence.
     *
     * @param tags (batch, time) i32; −1 beyond the length
     * @param score of these tags (batch)
     */
    public record Best(Tensor tags, Tensor score) {
        /** Of both. */
        public Best {
            Present.require("best", tags, score);
        }
    }

    /**
     * −ln of the probability of the tags, in nats, the mean over sequences that have a step: rows that only fill a batch up do not count. Of
     * no such sequence it is NaN. For the other reductions see {@link #costs}.
     */
    public Tensor cost(Tensor emissions, Tensor tags, Tensor lengths) {
        Tensor costs = costs(emissions, tags, lengths);
        LossInputs.some(NAME, "emissions", emissions, Reduce.MEAN);
        Tensor isSome = lengths.greaterThan(0);
        return costs.maskedFill(isSome.not(), 0)
                .sum()
                .div(isSome.cast(costs.dtype()).sum());
    }

    /**
     * −ln of the probability of the tags of every sequence, in nats.
     *
     * <p>Shapes: emissions (batch, time, tags), tags (batch, time) i32, lengths (batch) i32 → (batch).
     *
     * @throws IllegalArgumentException if shapes or types do not fit, or a tag or a length is out of range
     */
    public Tensor costs(Tensor emissions, Tensor tags, Tensor lengths) {
        Present.single(NAME, emissions, tags, lengths);
        return logPartition(emissions, lengths).minus(score(emissions, tags, lengths));
    }

    /** What the tags score. Shapes: emissions (batch, time, tags), tags (batch, time) i32, lengths (batch) i32 → (batch). */
    public Tensor score(Tensor emissions, Tensor tags, Tensor lengths) {
        Present.single(NAME, emissions, tags, lengths);
        Chain chain = chain(emissions, lengths);
        int time = chain.time();
        if (tags.dtype() != DType.I32 || !tags.shape().equals(emissions.shape().without(-1))) {
            throw new IllegalArgumentException(NAME + ": emissions " + LossInputs.typed(emissions) + " and tags "
                    + LossInputs.typed(tags) + ": one tag for every step is needed, "
                    + emissions.shape().without(-1) + " i32");
        }
        Tensor known = Padding.fill(tags, chain.isStep(), 0);
        Tensor emitted = Padding.fill(new Selection.Pick(TAGS).on(chain.seen(), known), chain.isStep(), 0);
        Tensor from = known.slice(1, 0, time - 1);
        Tensor to = known.slice(1, 1, time);
        Tensor moved =
                transitions.reshape(-1).gather(from.times(Tensor.of(tags())).plus(to));
        Tensor isMove = chain.isStep().slice(1, 1, time);
        Tensor first = start.gather(known.get(1, 0)).maskedFill(chain.isNone(), 0);
        Tensor ends = chain.lengths().minus(Tensor.of(1)).maximum(Tensor.of(0));
        Tensor last = end.gather(known.pick(ends)).maskedFill(chain.isNone(), 0);
        return first.plus(emitted.sum(1))
                .plus(Padding.fill(moved, isMove, 0).sum(1))
                .plus(last);
    }

    /** ln of the sum over all tags of e to their score. Shapes: emissions (batch, time, tags), lengths (batch) i32 → (batch). */
    public Tensor logPartition(Tensor emissions, Tensor lengths) {
        Chain chain = chain(emissions, lengths);
        Tensor isStep = chain.isStep().transpose().expandDims(2);
        Tensor each = chain.seen().moveAxis(1, 0);
        Tensor ways = each.get(0).plus(start);
        for (int t = 1; t < chain.time(); t++) {
            Tensor next = ways.expandDims(2).plus(transitions).logSumExp(1).plus(each.get(t));
            ways = Tensor.where(isStep.get(t), next, ways);
        }
        return ways.plus(end).logSumExp(1).maskedFill(chain.isNone(), 0);
    }

    /**
     * The probability of every tag at every step, given all emissions; 0 beyond the length. It is the gradient of {@link #logPartition} by
     * the emissions.
     *
     * <p>Shapes: emissions (batch, time, tags), lengths (batch) i32 → (batch, time, tags).
     */
    public Tensor marginals(Tensor emissions, Tensor lengths) {
        return Gradients.of(logPartition(emissions, lengths).sum()).wrt(emissions);
    }

    /**
     * The tags with the best score (Viterbi, 1967); of equal ones, those whose last tag that differs is the first. It is a formula as any
     * other, so that a plan can hold it. If none is possible, the score is −∞.
     *
     * <p>Shapes: emissions (batch, time, tags), lengths (batch) i32.
     */
    public Best best(Tensor emissions, Tensor lengths) {
        Chain chain = chain(emissions, lengths);
        Tensor isStep = chain.isStep().transpose();
        Tensor each = chain.seen().moveAxis(1, 0);
        Tensor same = Tensor.of(IntStream.range(0, tags()).toArray());
        Tensor ways = each.get(0).plus(start);
        List<Tensor> before = new ArrayList<>();
        for (int t = 1; t < chain.time(); t++) {
            Tensor all = ways.expandDims(2).plus(transitions);
            Tensor isOn = isStep.get(t).expandDims(1);
            before.add(Tensor.where(isOn, all.argMax(1), same));
            ways = Tensor.where(isOn, all.max(1).plus(each.get(t)), ways);
        }
        Tensor ended = ways.plus(end);
        Tensor score = ended.max(1).maskedFill(chain.isNone(), 0);
        return new Best(Padding.fill(traced(ended.argMax(1), before), chain.isStep(), -1), score);
    }

    /** From the last tag back to the first. */
    private static Tensor traced(Tensor last, List<Tensor> before) {
        Tensor[] tags = new Tensor[before.size() + 1];
        Arrays.fill(tags, last);
        for (int t = before.size() - 1; t >= 0; t--) {
            tags[t] = before.get(t).pick(tags[t + 1]);
        }
        return Tensor.stack(1, List.of(tags));
    }

    /**
     * What is walked along.
     *
     * @param seen emissions, 0 beyond the length
     * @param isStep (batch, time) bool
     * @param isNone where the length is 0: (batch) bool
     */
    private record Chain(Tensor seen, Tensor lengths, Tensor isStep, Tensor isNone) {
        int time() {
            return isStep.shape().length(1);
        }
    }

    private Chain chain(Tensor emissions, Tensor lengths) {
        Present.single(NAME, emissions, lengths);
        Shape shape = emissions.shape();
        if (shape.rank() != 3
                || shape.length(2) != tags()
                || shape.length(1) == 0
                || emissions.dtype() != transitions.dtype()) {
            throw new IllegalArgumentException(NAME + ": emissions " + LossInputs.typed(emissions) + " of a chain of "
                    + tags() + " tags must be (batch, time, " + tags() + ") " + transitions.dtype()
                    + ", with at least one step of time");
        }
        Tensor all = Padding.lengths(NAME, "lengths", lengths, shape.length(0), shape.length(1));
        Tensor isStep = Padding.mask(all, shape.length(1));
        return new Chain(Padding.fill(emissions, isStep, 0), all, isStep, all.equalTo(0));
    }

    private int tags() {
        return start.shape().length(0);
    }
}
