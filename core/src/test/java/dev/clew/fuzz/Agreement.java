package dev.clew.fuzz;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Whether two ways to one formula's numbers agree. */
final class Agreement {
    private static final double F64_CLOSE = 1e-12;
    private static final double F32_CLOSE = 2e-5;
    private static final int MOVES = 4;
    private static final double MORE = 64;

    private Agreement() {}

    /** The first output that has other bits; every NaN is the same. */
    static Optional<String> bits(List<Tensor> outputs, List<NDArray> found, List<NDArray> expected) {
        for (int i = 0; i < expected.size(); i++) {
            if (!isShaped(found.get(i), expected.get(i)) || !Arrays.equals(bits(found.get(i)), bits(expected.get(i)))) {
                return different(outputs, i, found, expected);
            }
        }
        return Optional.empty();
    }

    private static boolean isShaped(NDArray found, NDArray expected) {
        return found.shape().equals(expected.shape()) && found.dtype() == expected.dtype();
    }

    private static long[] bits(NDArray array) {
        return Arrays.stream(array.toDoubles())
                .mapToLong(Double::doubleToLongBits)
                .toArray();
    }

    private static Optional<String> different(
            List<Tensor> outputs, int i, List<NDArray> found, List<NDArray> expected) {
        return Optional.of("output " + i + ", " + outputs.get(i).op().label() + ", is " + Numbers.of(found.get(i))
                + " but should be " + Numbers.of(expected.get(i)));
    }

    /** The first output that is not close to what the walk gives. */
    static Optional<String> close(Sketch sketch, List<Tensor> outputs, List<NDArray> found) {
        return near(
                sketch,
                outputs,
                found,
                Evaluator.plain().evaluate(Graph.of(sketch, false).outputs()),
                moved -> Graph.of(moved, false).outputs());
    }

    /**
     * The first output that is farther from what it should be than sums in another order can bring it: a few units in the last
     * place, or what becomes of such a difference in the numbers that it is computed from.
     */
    static Optional<String> near(
            Sketch sketch,
            List<Tensor> outputs,
            List<NDArray> found,
            List<NDArray> expected,
            Function<Sketch, List<Tensor>> again) {
        if (choosesBesideInfinities(sketch)) {
            return Optional.empty();
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!isShaped(found.get(i), expected.get(i))) {
                return different(outputs, i, found, expected);
            }
            double apart = apart(found.get(i), expected.get(i));
            double close = expected.get(i).dtype() == DType.F64 && !isSingle(sketch) ? F64_CLOSE : F32_CLOSE;
            if (apart > close * (1 + Numbers.of(expected.get(i)).largest())
                    && apart > MORE * moved(sketch, i, expected, again)) {
                return different(outputs, i, found, expected);
            }
        }
        return Optional.empty();
    }

    /** Of NaN or infinities in rows that one-hots do not choose, the walk makes NaN, and a plan nothing. */
    static boolean choosesBesideInfinities(Sketch sketch) {
        boolean chooses = sketch.lines().stream()
                .anyMatch(line ->
                        line instanceof Line.Call call && call.rule().method().equals("oneHot"));
        return chooses && !Walked.isFinite(sketch);
    }

    private static boolean isSingle(Sketch sketch) {
        return sketch.meaning().stream().anyMatch(numbers -> numbers.type() == DType.F32);
    }

    private static double apart(NDArray found, NDArray expected) {
        double[] a = found.toDoubles();
        double[] b = expected.toDoubles();
        return IntStream.range(0, a.length)
                .mapToDouble(i -> Double.compare(a[i] + 0.0, b[i] + 0.0) == 0
                        ? 0
                        : Double.isNaN(a[i] - b[i]) ? Double.POSITIVE_INFINITY : Math.abs(a[i] - b[i]))
                .max()
                .orElse(0);
    }

    /** How far an output moves when all leaves do by a few units in the last place. */
    private static double moved(
            Sketch sketch, int output, List<NDArray> expected, Function<Sketch, List<Tensor>> again) {
        double most = 0;
        for (int move = 0; move < MOVES; move++) {
            SplittableRandom random = new SplittableRandom(move);
            List<Line> lines = new ArrayList<>();
            for (Line line : sketch.lines()) {
                lines.add(
                        line instanceof Line.Leaf(Line.Role role, Numbers x) && x.isFloating()
                                ? new Line.Leaf(
                                        role,
                                        x.map(x.type(), each -> each + ulp(x.type(), each) * random.nextInt(-2, 3)))
                                : line);
            }
            Tensor tensor = again.apply(sketch.with(lines)).get(output);
            most = Math.max(
                    most, apart(Evaluator.plain().evaluate(List.of(tensor)).getFirst(), expected.get(output)));
        }
        return most;
    }

    private static double ulp(DType type, double x) {
        return type == DType.F32 ? Math.ulp((float) x) : Math.ulp(x);
    }
}
