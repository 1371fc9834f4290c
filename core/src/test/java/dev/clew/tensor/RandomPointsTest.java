package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Doubles;
import dev.clew.array.DType;
import dev.clew.exact.ExactFunction;
import dev.clew.exact.ExactFunctions;
import dev.clew.exact.Points;
import dev.clew.exact.Real;
import dev.clew.exact.Rounded;
import dev.clew.testing.Tries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values of every row at points that are drawn, against exact ones. {@code -Dclew.seed=n} draws others and {@code -Dclew.tries=n} n
 * times as many; {@code -Dclew.show=errors} prints the largest error of every row.
 */
final class RandomPointsTest {
    private static final long SEED = Long.getLong("clew.seed", 1);
    private static final int POINTS = Tries.times(1000);
    private static final int AT_ONCE = 5_000;
    /** More than any promise needs: of the exact value to be told from its neighbours. */
    private static final int BITS = 64;

    record Row(String function, DType type) {
        ExactFunction exact() {
            return ExactFunctions.of(function).orElseThrow();
        }

        @Override
        public String toString() {
            return function + " " + type;
        }
    }

    /** A value, how far it is off and how far it may be. */
    record Found(Row row, List<Double> x, double value, Rounded exact, double error, double bound) {
        boolean isWithin() {
            return error <= bound;
        }

        double share() {
            return error == 0 ? 0 : error / bound;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s of %s is %s (%s), exactly %s and %.3f units: off by %.3f units of at most %.2f",
                    row,
                    x.stream().map(Double::toHexString).collect(Collectors.joining(", ")),
                    Double.toHexString(value),
                    value,
                    Double.toHexString(exact.nearest()),
                    exact.rest(),
                    error,
                    bound);
        }
    }

    static List<Row> rows() {
        return Functions.labels()
                .filter(label -> ExactFunctions.of(label).isPresent())
                .flatMap(label -> Stream.of(new Row(label, DType.F64), new Row(label, DType.F32)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aRowIsWithinItsPromiseEverywhere(Row row) {
        Points points = new Points(SEED, row.type);
        Optional<Found> worst = Optional.empty();
        for (int left = POINTS; left > 0; left -= AT_ONCE) {
            List<Found> found = some(row, points, Math.min(left, AT_ONCE));
            worst = Stream.concat(worst.stream(), found.stream()).reduce((a, b) -> a.share() >= b.share() ? a : b);
        }
        Found largest = worst.orElseThrow();
        if (System.getProperty("clew.show", "").equals("errors")) {
            System.out.println(largest);
        }
        assertThat(largest.isWithin())
                .as(
                        "%s. Of %d points from -Dclew.seed=%d it is the worst. Either the row loses digits there, and its formula needs care, "
                                + "or dev.clew.exact.ExactFunctions is wrong about it, or Tensor promises less and Promise must say so.",
                        largest, POINTS, SEED)
                .isTrue();
    }

    private static List<Found> some(Row row, Points points, int count) {
        List<double[]> at = Stream.generate(() -> points.of(row.exact().inputs()))
                .filter(row.exact()::isDefined)
                .limit(count)
                .toList();
        List<double[]> columns = IntStream.range(0, row.exact().inputs())
                .mapToObj(i -> at.stream().mapToDouble(x -> x[i]).toArray())
                .toList();
        double[] values = Functions.values(row.function, row.type, columns);
        return IntStream.range(0, count)
                .mapToObj(i -> found(row, at.get(i), values[i]))
                .toList();
    }

    private static Found found(Row row, double[] x, double value) {
        Real exact = row.exact().at(BITS, x);
        Rounded rounded = Rounded.of(exact, row.type);
        double bound = Promise.of(row.function, row.type, rounded.nearest(), x);
        return new Found(row, Doubles.asList(x), value, rounded, rounded.error(row.type, value), bound);
    }

    @Test
    void everyRowHasAnOracle() {
        assertThat(Functions.labels().filter(label -> ExactFunctions.of(label).isEmpty()))
                .as(
                        "a new row needs a line in dev.clew.exact.ExactFunctions: its definition, from which its exact values are computed")
                .containsExactlyInAnyOrderElementsOf(Promise.WITHOUT_DIGITS);
    }
}
