package dev.clew.nn.sequence;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A cell over a batch of sequences: every output, every state and the last one, each a formula whose gradient can be asked for. It is the
 * plain loop over time, which a plan sees as any other.
 *
 * <p>Sequences of a padded batch end at lengths of their own. From there on a sequence's state holds still and its output is 0, so the
 * last state is that at its end, in both directions. What stands in the padding, NaN too, is replaced by 0 before the cell sees it: it
 * changes nothing, and its gradient is exactly 0. A sequence of length 0 keeps the state it began with.
 *
 * @param <S> the cell's state
 */
public final class Run<S> {
    private final Cell<S> cell;
    private final Tensor x;
    private final Optional<Tensor> lengths;
    private final Optional<S> first;
    private final boolean isBackwards;
    private final Supplier<Unrolled<S>> unrolled = Suppliers.memoize(this::unroll);

    private Run(Cell<S> cell, Tensor x, Optional<Tensor> lengths, Optional<S> first, boolean isBackwards) {
        this.cell = cell;
        this.x = x;
        this.lengths = lengths;
        this.first = first;
        this.isBackwards = isBackwards;
    }

    /** @param outputs (batch, time, ...) */
    private record Unrolled<S>(Tensor outputs, ImmutableList<S> states, S last) {}

    /** Sequences of one length, from the cell's first state on. Shapes: x (batch, time, ...). */
    public static <S> Run<S> of(Cell<S> cell, Tensor x) {
        Present.require("run", cell, x);
        if (x.shape().rank() < 2 || x.shape().length(1) == 0) {
            throw new IllegalArgumentException(
                    "run over " + x.describe() + ": it is (batch, time, ...), with at least one step of time");
        }
        return new Run<>(cell, x, Optional.empty(), Optional.empty(), false);
    }

    /** Sequences of these lengths, from the cell's first state on: {@code of(cell, x).withLengths(lengths)}. */
    public static <S> Run<S> of(Cell<S> cell, Tensor x, int... lengths) {
        return of(cell, x).withLengths(lengths);
    }

    /** Sequences of these lengths, from the cell's first state on: {@code of(cell, x).withLengths(lengths)}. */
    public static <S> Run<S> of(Cell<S> cell, Tensor x, Tensor lengths) {
        return of(cell, x).withLengths(lengths);
    }

    /** Two cells over the same sequences, one from each end. */
    public static <F, B> BothWays<F, B> bothWays(Cell<F> forward, Cell<B> backward, Tensor x) {
        Present.require("bothWays", forward, backward, x);
        return new BothWays<>(of(forward, x), of(backward, x).backwards());
    }

    /** The same for sequences of these lengths: (batch) i32. */
    public static <F, B> BothWays<F, B> bothWays(Cell<F> forward, Cell<B> backward, Tensor x, Tensor lengths) {
        Present.require("bothWays", forward, backward, x, lengths);
        return new BothWays<>(of(forward, x, lengths), of(backward, x, lengths).backwards());
    }

    /**
     * A run from each end.
     *
     * @param backward the one whose outputs at a time tell of what comes after it
     */
    public record BothWays<F, B>(Run<F> forward, Run<B> backward) {
        /** Of two runs over the same sequences. */
        public BothWays {
            Present.require("bothWays", forward, backward);
        }

        /** Those of both, one behind the other. Shapes: (batch, time, units + units). */
        public Tensor outputs() {
            return Tensor.concat(-1, List.of(forward.outputs(), backward.outputs()));
        }
    }

    /**
     * The same with a length for every sequence, the first steps of which are it.
     *
     * @throws IllegalArgumentException if there is another number of lengths than of sequences, or one is not from 0 to the steps of x
     */
    public Run<S> withLengths(int... each) {
        Present.require("run", (Object) each);
        return withLengths(Tensor.of(each));
    }

    /**
     * The same with lengths that are data, of a plan too: (batch) i32. Lengths that are an input of a plan are not looked at: one beyond
     * the steps of x is all of them, one below 0 is none.
     *
     * @throws IllegalArgumentException if they are not (batch) i32, or known and not from 0 to the steps of x
     */
    public Run<S> withLengths(Tensor each) {
        Present.require("run", each);
        int batch = x.shape().length(0);
        int time = x.shape().length(1);
        if (each.dtype() != DType.I32
                || each.shape().rank() != 1
                || each.shape().length(0) != batch) {
            throw new IllegalArgumentException("run over " + x.describe() + " with the lengths " + each.describe()
                    + ": there is one for every sequence, (" + batch + ") i32");
        }
        if (each.op() instanceof Source.Constant constant) {
            requireInRange(constant.array(), time);
        }
        return new Run<>(cell, x, Optional.of(each), first, isBackwards);
    }

    private void requireInRange(NDArray each, int time) {
        int[] numbers = each.toInts();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] < 0 || numbers[i] > time) {
                throw new IllegalArgumentException("run over " + x.describe() + ": length " + numbers[i]
                        + " of sequence " + i + " must be from 0 to " + time + ", the steps that x has");
            }
        }
    }

    /**
     * The same from another first state, such as the last one of the run before. For long streams carry its numbers, {@link States#detach}.
     *
     * @throws IllegalArgumentException if it is for another number of sequences
     */
    public Run<S> from(S state) {
        Present.require("run", state);
        int batch = x.shape().length(0);
        for (Tensor part : States.tensors(state)) {
            if (part.shape().rank() == 0 || part.shape().length(0) != batch) {
                throw new IllegalArgumentException("run over " + x.describe() + " from a state with " + part.describe()
                        + ": every tensor of a state has the batch as its first axis, here " + batch + " sequences");
            }
        }
        return new Run<>(cell, x, lengths, Optional.of(state), isBackwards);
    }

    /** The same from the last step of every sequence to its first. Outputs and states stand at the step that they come from. */
    public Run<S> backwards() {
        return new Run<>(cell, x, lengths, first, !isBackwards);
    }

    /** What runs. */
    public Cell<S> cell() {
        return cell;
    }

    /** What it runs over: (batch, time, ...). */
    public Tensor x() {
        return x;
    }

    /** How many steps of every sequence are it, if they are not all: (batch) i32. */
    public Optional<Tensor> lengths() {
        return lengths;
    }

    /** The state that it was told to begin with; without one it begins with the cell's first. */
    public Optional<S> first() {
        return first;
    }

    /** Whether it goes from the last step to the first. */
    public boolean isBackwards() {
        return isBackwards;
    }

    /** The output of every step; 0 where a sequence has ended. Shapes: (batch, time, ...). */
    public Tensor outputs() {
        return unrolled.get().outputs;
    }

    /**
     * The output of the last step of every sequence: forwards that at its end, backwards that at its first step; 0 for a sequence of
     * length 0. Shapes: (batch, ...).
     */
    public Tensor lastOutputs() {
        Tensor all = outputs();
        int time = x.shape().length(1);
        if (isBackwards || lengths.isEmpty()) {
            return all.get(1, isBackwards ? 0 : time - 1);
        }
        Tensor ends = lengths.get().minimum(Tensor.of(time)).reshape(-1, 1);
        Tensor isLast = ends.equalTo(Tensor.of(IntStream.rangeClosed(1, time).toArray()));
        Tensor isOther = States.of(isLast, all.shape().rank()).not();
        return all.maskedFill(isOther, 0).sum(1); // Of one number and zeros.
    }

    /** The state after every step, in the order of time. */
    public List<S> states() {
        return unrolled.get().states;
    }

    /** The state after all steps of every sequence: forwards that at its length, backwards that at its first step. */
    public S last() {
        return unrolled.get().last;
    }

    /** The steps that belong to sequences, where their lengths differ: (batch, time) bool. */
    public Optional<Tensor> mask() {
        return lengths.map(each -> Masks.ofLengths(each, x.shape().length(1)));
    }

    private Unrolled<S> unroll() {
        int batch = x.shape().length(0);
        int time = x.shape().length(1);
        Optional<Tensor> mask = mask();
        Tensor seen = mask.map(
                        each -> x.maskedFill(States.of(each, x.shape().rank()).not(), 0))
                .orElse(x);
        S state = first.orElseGet(() -> Present.given("run", "the cell's start", cell.start(batch)));
        @Nullable Tensor[] outputs = new @Nullable Tensor[time];
        List<S> states = new ArrayList<>();
        for (int i = 0; i < time; i++) {
            int t = isBackwards ? time - 1 - i : i;
            S before = state;
            Cell.Out<S> out = Present.given("run", "the cell's step", cell.step(seen.get(1, t), before));
            outputs[t] = required(out.output(), batch, t);
            state = mask.map(each -> States.carryWhere(each.get(1, t), out.state(), before))
                    .orElseGet(out::state);
            states.add(state);
        }
        Tensor all = Tensor.stack(0, Arrays.asList(outputs)).moveAxis(0, 1); // A step's elements lie together.
        Tensor shown = mask.map(each ->
                        all.maskedFill(States.of(each, all.shape().rank()).not(), 0))
                .orElse(all);
        return new Unrolled<>(shown, ImmutableList.copyOf(isBackwards ? Lists.reverse(states) : states), state);
    }

    private Tensor required(Tensor output, int batch, int t) {
        if (output.shape().rank() == 0 || output.shape().length(0) != batch) {
            throw new IllegalArgumentException("run over " + x.describe() + ": the output of the cell at step " + t
                    + " is " + output.describe() + "; its first axis is the batch, here " + batch + " sequences");
        }
        return output;
    }

    /** What runs over what. */
    @Override
    public String toString() {
        return "Run of " + cell.getClass().getSimpleName() + " over " + x.shape()
                + (lengths.isPresent() ? " with lengths" : "") + (isBackwards ? ", backwards" : "");
    }
}
