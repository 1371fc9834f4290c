package dev.clew.nn.credit;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * By how many sweeps back the rows of D, or of I, are found. Rows that nothing reaches in common need one for all of them, which is their
 * sum: every number of it is of one row (Curtis, Powell and Reid, 1974). So I of an Elman cell, whose every parameter reaches one unit,
 * comes from one sweep, and if every unit goes by itself so does D.
 *
 * @param ofRow by row, in which sweep it is
 * @param count how many sweeps there are
 * @param sums 1 for the rows of each, (sweeps, rows); none if every row has one of its own
 * @param beyond if it matters, 1 for the numbers that are of no row: (sweeps, n or p)
 * @param proof if it matters, and there are sums
 */
record Sweeps(IntTuple ofRow, int count, Optional<NDArray> sums, Optional<NDArray> beyond, Optional<Proof> proof) {

    /**
     * The same sums with random factors in place of 1. If a row is reached by more than is known, what is taken for another row's
     * contains its part, and the two sums do not belong together.
     *
     * @param factors (sweeps, rows)
     * @param owners the factor of the row that a number is of; 0 if it is of none: (sweeps, n or p)
     */
    record Proof(NDArray factors, NDArray owners) {}

    /** Every row by itself; what is more than is known is left out. */
    static Sweeps single(int rows) {
        return new Sweeps(
                IntTuple.of(IntStream.range(0, rows)), rows, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * As few as may be, such that it is noticed if there is more than is known.
     *
     * @param reached by row, what reaches it
     * @param width how many there are of that
     */
    static Sweeps proved(List<BitSet> reached, int width, DType dtype) {
        int rows = reached.size();
        int[] together = together(reached);
        int least = Arrays.stream(together).max().orElse(-1) + 1;
        boolean isWorthIt = width > 0 && 2 * least < rows; // With the proof there are twice as many.
        IntTuple ofRow = isWorthIt ? IntTuple.of(together) : IntTuple.of(IntStream.range(0, rows));
        int count = isWorthIt ? least : rows;
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        Tensor owned = Tensor.of(owners(reached, width, ofRow, count, ones)).cast(dtype);
        Optional<NDArray> beyond = Optional.of(owned.negate().plus(1).value());
        if (!isWorthIt) {
            return new Sweeps(ofRow, count, Optional.empty(), beyond, Optional.empty());
        }
        double[] random =
                RandomKey.of(1974).uniform(0.5, 1.5, DType.F64, Shape.of(rows)).toDoubles();
        Proof proof = new Proof(
                factors(ofRow, count, random).cast(dtype),
                owners(reached, width, ofRow, count, random).cast(dtype));
        return new Sweeps(
                ofRow, count, Optional.of(factors(ofRow, count, ones).cast(dtype)), beyond, Optional.of(proof));
    }

    /** By row, the first sweep whose rows are reached by nothing that reaches it. */
    private static int[] together(List<BitSet> reached) {
        List<BitSet> sweeps = new ArrayList<>();
        int[] ofRow = new int[reached.size()];
        for (int row = 0; row < ofRow.length; row++) {
            while (ofRow[row] < sweeps.size() && sweeps.get(ofRow[row]).intersects(reached.get(row))) {
                ofRow[row]++;
            }
            if (ofRow[row] == sweeps.size()) {
                sweeps.add(new BitSet());
            }
            sweeps.get(ofRow[row]).or(reached.get(row));
        }
        return ofRow;
    }

    private static NDArray factors(IntTuple ofRow, int count, double[] each) {
        double[] factors = new double[count * each.length];
        for (int row = 0; row < each.length; row++) {
            factors[ofRow.get(row) * each.length + row] = each[row];
        }
        return NDArray.of(Shape.of(count, each.length), factors);
    }

    private static NDArray owners(List<BitSet> reached, int width, IntTuple ofRow, int count, double[] each) {
        double[] owners = new double[count * width];
        for (int row = 0; row < each.length; row++) {
            int from = ofRow.get(row) * width;
            double factor = each[row];
            reached.get(row).stream().forEach(place -> owners[from + place] = factor);
        }
        return NDArray.of(Shape.of(count, width), owners);
    }

    /** The sweeps; those that were made for other sweeps, if they are the same. */
    List<Gradients> of(Jacobians jacobians, Sweeps others, List<Gradients> made) {
        return ofRow.equals(others.ofRow) ? made : of(jacobians);
    }

    /** The sweeps. */
    List<Gradients> of(Jacobians jacobians) {
        return sums.map(jacobians::sums).orElseGet(jacobians::rowByRow);
    }

    /** The sweeps of the proof, if there is one; those that were made for other sweeps, if they are the same. */
    List<Gradients> ofProof(Jacobians jacobians, Sweeps others, List<Gradients> made) {
        return ofRow.equals(others.ofRow) ? made : ofProof(jacobians);
    }

    /** The sweeps of the proof, if there is one. */
    List<Gradients> ofProof(Jacobians jacobians) {
        return proof.map(each -> jacobians.sums(each.factors)).orElse(List.of());
    }

    /**
     * How much more there is than is known: 0, to rounding.
     *
     * @param numbers of the sweeps
     * @param matrix makes numbers of sweeps
     */
    Optional<Tensor> missed(Tensor numbers, List<Gradients> ofProof, Function<List<Gradients>, Tensor> matrix) {
        return beyond.map(mask -> {
            Tensor more = numbers.times(Tensor.of(mask)).abs().sum();
            return proof.map(each -> more.plus(missed(each, numbers, matrix.apply(ofProof))))
                    .orElse(more);
        });
    }

    private static Tensor missed(Proof proof, Tensor numbers, Tensor again) {
        Tensor difference = again.minus(numbers.times(Tensor.of(proof.owners))).abs();
        double rounding = numbers.dtype() == DType.F64 ? 1e-9 : 1e-4;
        return difference
                .minus(again.abs().plus(numbers.abs().max()).times(rounding))
                .maximum(0)
                .sum();
    }
}
