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
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Of the wild no right gradient is called wrong; where differences can tell, nothing wrong passes and little stays undecided. */
final class FalseAlarmsTest {
    @Property(tries = 100)
    void noRightGradientOfAnyScaleIsAccused(@ForAll long seed, @ForAll boolean ofSecondOrder) {
        RightGradients drawn = RightGradients.wild(seed);
        GradientCheck check = GradientCheck.of(drawn.function(), drawn.point()).withSeed(seed);
        GradientReport report = report(ofSecondOrder && seed % 8 == 0 ? check.withOrder(2) : check);
        assertThat(report.with(Verdict.WRONG))
                .as("%s\n%s", drawn.name(), report)
                .isEmpty();
        assertThat(report.unrepeatable() + report.baked()).as(drawn.name()).isEmpty();
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

    /** In single precision an error has to be a hundredth, in double a thousandth. */
    @Property(tries = 100)
    void whatIsWrongOnAPlainPointIsFound(@ForAll long seed) {
        RightGradients drawn = RightGradients.plain(seed);
        Random random = new Random(seed);
        random.nextLong();
        Parameter x = Parameter.of(drawn.point());
        Tensor loss = drawn.function().apply(x).square().sum();
        boolean single = x.dtype() == DType.F32;
        double[] right = Evaluator.plain()
                .evaluate(List.of(Gradients.of(loss).wrt(x)))
                .getFirst()
                .toDoubles();
        double largest = Arrays.stream(right).map(Math::abs).max().orElse(0);
        int element = random.nextInt(right.length);
        double[] wrong = right.clone();
        switch (random.nextInt(5)) {
            case 0 -> wrong[element] = -wrong[element];
            case 1 -> wrong[element] *= single ? 1.05 : 1.001;
            case 2 -> wrong[element] = 0;
            case 3 -> wrong[element] += 0.1 * largest;
            default -> wrong[element] *= 2;
        }
        GradientReport report = report(GradientCheck.of(loss, Map.of("x", x))
                .withGradients(Map.of("x", NDArray.of(wrong).cast(x.dtype()))));
        boolean tells = Math.abs(right[element]) > (single ? 0.2 : 1e-3) * largest && largest > 0;
        if (tells) {
            assertThat(report.with(Verdict.WRONG))
                    .as("%s\n%s", drawn.name(), report)
                    .hasSize(1);
            assertThat(report.with(Verdict.WRONG).getFirst().index()).containsExactly(element);
        }
    }

    /** On the plain walk: compiling a plan for each of so many structures would take most of the time. */
    private static GradientReport report(GradientCheck check) {
        return ScopedValue.where(Evaluator.SCOPED, Evaluator.plain()).call(check::report);
    }
}
