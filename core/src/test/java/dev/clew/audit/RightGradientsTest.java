package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.bug.AuditedCell;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Tries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The audit accuses no right gradient, in double precision or rounded to single, whatever the size of the weights. */
class RightGradientsTest {
    private static final int TRIED = Tries.FACTOR == 1 ? 40 : 1000;
    private static final long FIRST = Long.getLong("clew.seed", 1);
    private static final double SMALLEST = -1.5;
    private static final double LARGEST = 0.4;

    @Test
    void aRightGradientIsRight() {
        List<String> accused = LongStream.range(FIRST, FIRST + TRIED)
                .parallel()
                .mapToObj(RightGradientsTest::accusation)
                .filter(each -> !each.isEmpty())
                .toList();
        System.out.printf("right gradients: %d of %d accused%n", accused.size(), TRIED);
        assertThat(accused).isEmpty();
    }

    /** Of a random cell and point, in one of two precisions, with adjoints or without; empty if there is none. */
    private static String accusation(long seed) {
        Random random = new Random(seed);
        random.nextLong();
        List<AuditedCell> cells = AuditedCell.all();
        AuditedCell cell = cells.get(random.nextInt(cells.size()));
        double scale = random.nextBoolean() ? 1 : Math.pow(10, random.nextDouble(SMALLEST, LARGEST));
        DType type = random.nextBoolean() ? DType.F64 : DType.F32;
        boolean adjoints = random.nextBoolean();
        Map<String, NDArray> point = scaled(cell, cell.point(seed), scale);
        ByHand right = cell.run(point, Set.of());
        AuditReport report = GradientAudit.of(cell::model, point)
                .withGradients(rounded(right, type, adjoints))
                .report();
        return report.isRight()
                ? ""
                : "seed " + seed + ", " + cell + ", weights times " + scale + ", " + type
                        + (adjoints ? ", with adjoints" : "") + ":\n" + report;
    }

    private static Map<String, NDArray> scaled(AuditedCell cell, Map<String, NDArray> point, double scale) {
        Map<String, NDArray> scaled = new LinkedHashMap<>(point);
        for (String name : cell.run(point, Set.of()).gradients().keySet()) {
            scaled.computeIfPresent(name, (same, array) -> times(array, scale));
        }
        return scaled;
    }

    private static NDArray times(NDArray array, double scale) {
        double[] numbers = array.toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] *= scale;
        }
        return NDArray.of(array.shape(), numbers);
    }

    /** Softmax does not see what is added to all logits: the derivative by it is 0, and what either order of a sum leaves is rounding. */
    @Test
    void roundingThatIsLeftOfZeroIsRight() {
        NDArray weights = NDArray.of(Shape.of(2, 3), 0.3, -0.7, 0.2, 0.9, 0.1, -0.4);
        NDArray targets = NDArray.of(Shape.of(2, 3), 0.2, 0.5, 0.3, 0.6, 0.3, 0.1);
        Map<String, NDArray> point = Map.of("logits", weights, "shift", NDArray.of(Shape.of(), 0.4));
        GradientAudit audit = GradientAudit.of(
                in -> {
                    Tensor logits =
                            Objects.requireNonNull(in.get("logits")).plus(Objects.requireNonNull(in.get("shift")));
                    Tensor loss =
                            logits.logSoftmax(1).times(Tensor.of(targets)).sum().negate();
                    return Unrolled.of(loss, in);
                },
                point);
        NDArray slope = NDArray.of(Shape.of(2, 3), slopes(weights.toDoubles(), targets.toDoubles()));
        for (double left : new double[] {0, 3e-17, -2e-16}) {
            assertThat(audit.withGradients(ByHand.of(Map.of("logits", slope, "shift", NDArray.of(Shape.of(), left))))
                            .report()
                            .outcome())
                    .isEqualTo(AuditOutcome.RIGHT);
        }
        assertThat(audit.withGradients(ByHand.of(Map.of("logits", slope, "shift", NDArray.of(Shape.of(), 1e-6))))
                        .report()
                        .isRight())
                .isFalse();
    }

    private static double[] slopes(double[] logits, double[] targets) {
        double[] slopes = new double[logits.length];
        for (int row = 0; row < 2; row++) {
            double sum = 0;
            for (int k = 0; k < 3; k++) {
                sum += Math.exp(logits[3 * row + k]);
            }
            for (int k = 0; k < 3; k++) {
                slopes[3 * row + k] = Math.exp(logits[3 * row + k]) / sum - targets[3 * row + k];
            }
        }
        return slopes;
    }

    private static ByHand rounded(ByHand right, DType type, boolean adjoints) {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        right.gradients().forEach((name, array) -> gradients.put(name, array.cast(type)));
        ByHand rounded = ByHand.of(gradients);
        if (adjoints) {
            for (Map.Entry<String, List<NDArray>> each : right.adjoints().entrySet()) {
                List<NDArray> steps =
                        each.getValue().stream().map(array -> array.cast(type)).toList();
                rounded = rounded.withAdjoints(each.getKey(), steps);
            }
        }
        return rounded;
    }
}
