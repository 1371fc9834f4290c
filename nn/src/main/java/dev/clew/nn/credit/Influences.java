package dev.clew.nn.credit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Chooses the form in which an influence is kept. */
final class Influences {
    /** A multiplication by index takes as long as so many of a matrix product, about. */
    private static final int DENSE = 8;

    private Influences() {}

    static <S> Influence of(Credit credit, Influenced<S> of, NDArray x, int sources) {
        if (credit instanceof Credit.Unbiased way) {
            return new RankOneInfluence(of, way.key(), sources);
        }
        requireApart(credit, of, x);
        Reach reach = Reach.of(of, x);
        boolean keepsAll = credit instanceof Credit.RealTime;
        List<BitSet> mask = reach.within(credit instanceof Credit.Sparse way ? way.steps() : Integer.MAX_VALUE);
        long rows = mask.size();
        long kept = mask.stream().mapToLong(BitSet::cardinality).sum();
        boolean isSparse = 2 * kept <= rows * of.numbers()
                && DENSE * Places.products(mask, reach) <= of.units() * rows * of.numbers();
        if (isSparse) {
            return SparseInfluence.of(of, reach, mask, keepsAll, outputs(of, x), sources);
        }
        boolean isMasked = !keepsAll && kept < rows * of.numbers();
        return new FullInfluence(of, isMasked ? Optional.of(ones(mask, of)) : Optional.empty(), sources);
    }

    /** 1 at the places of a mask, 0 elsewhere. */
    private static NDArray ones(List<BitSet> mask, Influenced<?> of) {
        double[] ones = new double[mask.size() * of.numbers()];
        for (int row = 0; row < mask.size(); row++) {
            int from = row * of.numbers();
            mask.get(row).stream().forEach(column -> ones[from + column] = 1);
        }
        return NDArray.of(Shape.of(mask.size(), of.numbers()), ones).cast(of.dtype());
    }

    private static <S> int outputs(Influenced<S> of, NDArray x) {
        Tensor output = of.task()
                .step(Tensor.of(x), States.detach(of.task().start(of.batch())))
                .output();
        return output.shape().elements() / of.batch();
    }

    /** Refuses a cell that mixes the sequences of a batch: its step on the batch must be that on every sequence. */
    private static <S> void requireApart(Credit credit, Influenced<S> of, NDArray x) {
        if (of.batch() == 1) {
            return;
        }
        S start = States.detach(of.task().start(of.batch()));
        Tensor fed = Tensor.of(x);
        List<Tensor> together = Influenced.parts(of.task().step(fed, start).state());
        List<Tensor> differences = new ArrayList<>();
        for (int n = 0; n < of.batch(); n++) {
            List<Tensor> alone = Influenced.parts(of.task()
                    .step(fed.slice(0, n, n + 1), Influenced.ofSequence(start, n))
                    .state());
            for (int i = 0; i < alone.size(); i++) {
                Tensor whole = together.get(i).slice(0, n, n + 1);
                differences.add(whole.minus(alone.get(i))
                        .abs()
                        .max()
                        .div(whole.abs().max().plus(1)));
            }
        }
        double largest = Tensor.stack(0, differences).max().item();
        if (largest > (of.dtype() == DType.F64 ? 1e-9 : 1e-3)) {
            throw new IllegalArgumentException("online by " + credit + " with a batch of " + of.batch()
                    + ": stepped by itself, a sequence comes to another state, by " + largest
                    + ", than beside the others; a cell whose sequences see one another goes by bptt(), truncated(k1, k2)"
                    + " or unbiased(key)");
        }
    }
}
