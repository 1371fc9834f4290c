package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Tries;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Of the wild no right gradient is called wrong; where differences can tell, nothing wrong passes and little stays undecided. */
final class FalseAlarmsTest {
    /** Ten thousand in the long run; -Dclew.seed=n starts elsewhere. */
    private static final int WILD = Tries.FACTOR == 1 ? 100 : Tries.times(500);

    private static final long FIRST = Long.getLong("clew.seed", 1);

    /**
     * What was accused once: a NaN of the Jacobian beside an infinite value, and a second derivative of f32 on whose way numbers
     * underflow.
     */
    private static final long[] ONCE_ACCUSED = {7694, 9637};

    /** Of first and second order, along directions, and whole Jacobians. */
    private static GradientCheck check(RightGradients drawn, long seed) {
        GradientCheck check = GradientCheck.of(drawn.function(), drawn.point()).withSeed(seed);
        return switch (Math.floorMod(seed, 12)) {
            case 0 -> check.withOrder(2);
            case 1 -> check.withDirections(3).withOrder(2);
            case 2 -> check.withJacobian();
            case 3 -> check.withDirections(3);
            default -> check;
        };
    }

    @Test
    void noRightGradientOfAnyScaleIsAccused() {
        long[] seeds = LongStream.concat(LongStream.of(ONCE_ACCUSED), LongStream.range(FIRST, FIRST + WILD))
                .toArray();
        for (long seed : seeds) {
            RightGradients drawn = RightGradients.wild(seed);
            GradientReport report = report(check(drawn, seed));
            assertThat(report.with(Verdict.WRONG))
                    .as("%s\n%s", drawn.name(), report)
                    .isEmpty();
            assertThat(report.unrepeatable() + report.baked()).as(drawn.name()).isEmpty();
        }
    }

    /** Stairs of a few units in the last place look like a slope from afar; coarser ones are seen as what they are. */
    @Test
    void aGradientOnAFineStaircaseIsNotAccused() {
        for (double stair : new double[] {1e-16, 3e-16, 1e-15, 1e-14, 1e-9, 1e-3, 0.3}) {
            NDArray point = NDArray.of(new double[] {0.7312345678, 1.2345678901});
            for (UnaryOperator<Tensor> stairs : List.<UnaryOperator<Tensor>>of(
                    x -> x.div(stair).floor().times(stair),
                    x -> x.div(stair).round().times(stair).plus(x.square()),
                    x -> x.remainder(stair).times(3))) {
                GradientReport report = report(GradientCheck.of(stairs, point));
                assertThat(report.with(Verdict.WRONG))
                        .as("stairs of %s\n%s", stair, report)
                        .isEmpty();
            }
        }
    }

    /**
     * A tail beside a number at its limit: what moves is swallowed where both are added, and so is what it brings to the loss. Where all
     * are added to something large the same holds.
     */
    @Test
    void aTailThatASumSwallowsIsNotAccused() {
        Map<UnaryOperator<Tensor>, double[][]> swallowed = new LinkedHashMap<>();
        swallowed.put(x -> x.softmax(0), new double[][] {{0, -25}, {0, -60}, {0, -300}});
        swallowed.put(x -> x.softmax(0).square().sum(), new double[][] {{0, -25}, {0, -60}, {0, -700}});
        swallowed.put(x -> x.sigmoid().sum(), new double[][] {{-25, 25}, {-60, 60}, {-172, -345, 172}});
        swallowed.put(x -> x.exp().sum(), new double[][] {{88.7, 1}, {709.7, 1}});
        swallowed.put(x -> x.cosh().sum(), new double[][] {{89.3, 1}, {710.4, 1}});
        swallowed.put(
                x -> x.reshape(1, -1).matmul(Tensor.of(new double[] {1e20, 1}).cast(x.dtype())), new double[][] {{1, 1}
                });
        swallowed.forEach((function, points) -> {
            for (double[] point : points) {
                for (DType type : DType.values()) {
                    for (long seed = 1; type.isFloating() && seed < 8; seed++) {
                        GradientReport report = report(
                                GradientCheck.of(function, NDArray.of(point).cast(type))
                                        .withSeed(seed));
                        assertThat(report.with(Verdict.WRONG))
                                .as("%s %s\n%s", type, Arrays.toString(point), report)
                                .isEmpty();
                    }
                }
            }
        });
    }

    /** By rows of the Jacobian, what is infinite in another row comes back as 0·∞. */
    @Test
    void aGradientBesideAValueThatIsNotFiniteIsNotAccused() {
        NDArray point = NDArray.of(new double[] {800, 1});
        GradientReport report = report(GradientCheck.of(Tensor::exp, point).withJacobian());
        assertThat(report.with(Verdict.WRONG)).isEmpty();
        assertThat(report.with(Verdict.NOT_FINITE)).hasSize(3);
        assertThat(report.with(Verdict.RIGHT)).hasSize(1);
    }

    @Test
    void ofPlainGradientsAtMostTwoInAHundredStayUndecided() {
        int undecided = 0;
        int all = 0;
        for (long seed = 0; seed < Tries.times(150); seed++) {
            RightGradients drawn = RightGradients.plain(seed);
            GradientReport report = report(GradientCheck.of(drawn.function(), drawn.point()));
            assertThat(report.with(Verdict.WRONG))
                    .as("%s\n%s", drawn.name(), report)
                    .isEmpty();
            all += report.findings().size();
            undecided += report.findings().size() - report.with(Verdict.RIGHT).size();
        }
        assertThat(undecided).as("undecided of %d", all).isLessThanOrEqualTo(all / 50);
    }

    /**
     * A gradient with one wrong element; in single precision the error has to be a hundredth, in double a thousandth. It never passes,
     * no other is accused for it, and as few as of right gradients stay undecided.
     */
    @Test
    void whatIsWrongOnAPlainPointIsFound() {
        int undecided = 0;
        int all = 0;
        for (long seed = FIRST; seed < FIRST + Tries.times(100); seed++) {
            RightGradients drawn = RightGradients.plain(seed);
            Parameter x = Parameter.of(drawn.point());
            Tensor loss = drawn.function().apply(x).square().sum();
            double[] right = Evaluator.plain()
                    .evaluate(List.of(Gradients.of(loss).wrt(x)))
                    .getFirst()
                    .toDoubles();
            double largest = Arrays.stream(right).map(Math::abs).max().orElse(0);
            Random random = new Random(seed);
            random.nextLong();
            int element = random.nextInt(right.length);
            double[] wrong = wrong(random, right, element, largest, x.dtype() == DType.F32);
            boolean tells = Math.abs(right[element]) > (x.dtype() == DType.F32 ? 0.2 : 1e-3) * largest && largest > 0;
            if (tells) {
                GradientReport report = report(GradientCheck.of(loss, Map.of("x", x))
                        .withGradients(Map.of("x", NDArray.of(wrong).cast(x.dtype()))));
                String name = drawn.name() + "\n" + report;
                assertThat(report.with(Verdict.RIGHT))
                        .as(name)
                        .noneMatch(finding -> finding.index().getFirst() == element);
                assertThat(report.with(Verdict.WRONG))
                        .as(name)
                        .allMatch(finding -> finding.index().getFirst() == element);
                all++;
                undecided += report.with(Verdict.WRONG).isEmpty() ? 1 : 0;
            }
        }
        assertThat(all).isGreaterThan(Tries.times(50));
        assertThat(undecided).as("undecided of %d", all).isLessThanOrEqualTo(all / 50);
    }

    private static double[] wrong(Random random, double[] right, int element, double largest, boolean single) {
        double[] wrong = right.clone();
        switch (random.nextInt(5)) {
            case 0 -> wrong[element] = -wrong[element];
            case 1 -> wrong[element] *= single ? 1.05 : 1.001;
            case 2 -> wrong[element] = 0;
            case 3 -> wrong[element] += 0.1 * largest;
            default -> wrong[element] *= 2;
        }
        return wrong;
    }

    /** On the plain walk: compiling a plan for each of so many structures would take most of the time. */
    private static GradientReport report(GradientCheck check) {
        return ScopedValue.where(Evaluator.SCOPED, Evaluator.plain()).call(check::report);
    }
}
