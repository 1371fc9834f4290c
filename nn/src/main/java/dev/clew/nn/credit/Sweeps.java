package dev.clew.nn.credit;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * By how many sweeps back the rows of D and I are found. Rows that nothing reaches in common need one for all of them, which is their
 * sum: every number of it is of one row (Curtis, Powell and Reid, 1974). For a cell whose units go each by itself, that is one sweep for
 * all units.
 *
 * @param ofRow by row, in which sweep it is
 * @param count how many sweeps there are
 * @param sums 1 for the rows of each, (sweeps, rows); none if every row has one of its own
 * @param beyond if it matters, 1 for the numbers of D and I that are of no row: (sweeps, n + p)
 * @param proof if it matters, and there are sums
 */
record Sweeps(IntTuple ofRow, int count, Optional<NDArray> sums, Optional<NDArray> beyond, Optional<Proof> proof) {

    /**
     * The same sums with random factors in place of 1. If a row is reached by more than is known, what is taken for another row's
     * contains its part, and the two sums do not belong together.
     *
     * @param factors (sweeps, rows)
     * @param owners the factor of the row that a number of D and I is of; 0 if it is of none: (sweeps, n + p)
     */
    record Proof(NDArray factors, NDArray owners) {}

    /** Every row by itself; what is more than is known is left out. */
    static Sweeps single(Reach reach) {
        return new Sweeps(
                IntTuple.of(IntStream.range(0, reach.past().size())),
                reach.past().size(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** As few as may be, such that it is noticed if there is more than is known. */
    static Sweeps proved(Reach reach, DType dtype) {
        int rows = reach.past().size();
        int[] together = together(reach);
        int least = Arrays.stream(together).max().orElse(-1) + 1;
        boolean isWorthIt = 2 * least < rows; // With the proof there are twice as many.
        IntTuple ofRow = isWorthIt ? IntTuple.of(together) : IntTuple.of(IntStream.range(0, rows));
        int count = isWorthIt ? least : rows;
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        NDArray owned = owners(reach, ofRow, count, ones, dtype);
        Optional<NDArray> beyond = Optional.of(Tensor.of(owned).negate().plus(1).value());
        if (!isWorthIt) {
            return new Sweeps(ofRow, count, Optional.empty(), beyond, Optional.empty());
        }
        double[] random =
                RandomKey.of(1974).uniform(0.5, 1.5, DType.F64, Shape.of(rows)).toDoubles();
        Proof proof = new Proof(factors(ofRow, count, random, dtype), owners(reach, ofRow, count, random, dtype));
        return new Sweeps(ofRow, count, Optional.of(factors(ofRow, count, ones, dtype)), beyond, Optional.of(proof));
    }

    /** By row, the first sweep whose rows are reached by nothing that reaches it. */
    private static int[] together(Reach reach) {
        List<BitSet> reached = new ArrayList<>();
        int[] ofRow = new int[reach.past().size()];
        for (int row = 0; row < ofRow.length; row++) {
            BitSet own = reach.both(row);
            while (ofRow[row] < reached.size() && reached.get(ofRow[row]).intersects(own)) {
                ofRow[row]++;
            }
            if (ofRow[row] == reached.size()) {
                reached.add(new BitSet());
            }
            reached.get(ofRow[row]).or(own);
        }
        return ofRow;
    }

    private static NDArray factors(IntTuple ofRow, int count, double[] each, DType dtype) {
        double[] factors = new double[count * each.length];
        for (int row = 0; row < each.length; row++) {
            factors[ofRow.get(row) * each.length + row] = each[row];
        }
        return NDArray.of(Shape.of(count, each.length), factors).cast(dtype);
    }

    private static NDArray owners(Reach reach, IntTuple ofRow, int count, double[] each, DType dtype) {
        int width = reach.units() + reach.numbers();
        double[] owners = new double[count * width];
        for (int row = 0; row < each.length; row++) {
            int from = ofRow.get(row) * width;
            double factor = each[row];
            reach.both(row).stream().forEach(place -> owners[from + place] = factor);
        }
        return NDArray.of(Shape.of(count, width), owners).cast(dtype);
    }

    Jacobians.Swept of(Jacobians jacobians) {
        return sums.map(jacobians::sums).orElseGet(jacobians::all);
    }

    /** How much more there is than is known: 0, to rounding. */
    Optional<Tensor> missed(Jacobians jacobians, Jacobians.Swept swept) {
        return beyond.map(mask -> {
            Tensor numbers = swept.both();
            Tensor more = numbers.times(Tensor.of(mask)).abs().sum();
            return proof.map(each -> more.plus(missed(each, jacobians, numbers)))
                    .orElse(more);
        });
    }

    private static Tensor missed(Proof proof, Jacobians jacobians, Tensor numbers) {
        Tensor again = jacobians.sums(proof.factors).both();
        Tensor difference = again.minus(numbers.times(Tensor.of(proof.owners))).abs();
        double rounding = numbers.dtype() == DType.F64 ? 1e-9 : 1e-4;
        return difference
                .minus(again.abs().plus(numbers.abs().max()).times(rounding))
                .maximum(0)
                .sum();
    }
}
