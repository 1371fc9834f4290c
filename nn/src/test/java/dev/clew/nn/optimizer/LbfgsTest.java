package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Expect;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LbfgsTest {
    private static final int SIZE = 4;

    private static double kept(Optimizer optimizer, String name) {
        return Objects.requireNonNull(optimizer.state().get(name)).item();
    }

    /** Σ cosh(aᵢ·xᵢ) + ¼·(Σ xᵢ − 1)⁴ + waves·Σ sin(5·xᵢ): steep, far from a square, and with waves in it not convex. */
    private static final class Steep implements LbfgsByHand.Loss {
        private final double[] a;
        private final double waves;

        Steep(double[] a, double waves) {
            this.a = a;
            this.waves = waves;
        }

        Tensor of(Parameter x) {
            return x.times(Tensor.of(a))
                    .cosh()
                    .sum()
                    .plus(x.sum().minus(1).square().square().times(0.25))
                    .plus(x.times(5).sin().sum().times(waves));
        }

        @Override
        public double at(double[] x) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += Math.cosh(a[i] * x[i]) + waves * Math.sin(5 * x[i]);
            }
            return sum + Math.pow(Arrays.stream(x).sum() - 1, 4) / 4;
        }

        @Override
        public double[] slopes(double[] x) {
            double cubed = Math.pow(Arrays.stream(x).sum() - 1, 3);
            double[] slopes = new double[x.length];
            Arrays.setAll(slopes, i -> a[i] * Math.sinh(a[i] * x[i]) + cubed + 5 * waves * Math.cos(5 * x[i]));
            return slopes;
        }
    }

    /**
     * Where a loss is not convex, a search multiplies every rounding, and where it is nearly flat, rounding decides. So the one by hand walks
     * beside itself, from points that are a little away: by a hundred times as much the library may differ beside 1e-9, and if one of them
     * decides otherwise, there is nothing to compare.
     */
    @Property(tries = 40)
    void stepsAreThoseByHand(
            @ForAll long seed,
            @ForAll boolean isWavy,
            @ForAll @IntRange(min = 1, max = 6) int iterations,
            @ForAll @IntRange(min = 1, max = 4) int history) {
        RandomKey key = RandomKey.of(seed);
        Steep steep =
                new Steep(key.fold(0).uniform(0.5, 3, DType.F64, Shape.of(SIZE)).toDoubles(), isWavy ? 3 : 0);
        Parameter x = Parameter.of(key.fold(1).normal(0, 2, DType.F64, Shape.of(SIZE)));
        Lbfgs lbfgs = Lbfgs.of(List.of(x)).withIterations(iterations).withHistory(history);
        Walk byHand =
                new Walk(new LbfgsByHand(steep, iterations, history), x.value().toDoubles());
        List<Walk> beside = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            double[] away = key.fold(2)
                    .fold(i)
                    .normal(1, 1e-13, DType.F64, Shape.of(SIZE))
                    .toDoubles();
            Arrays.setAll(away, j -> away[j] * byHand.at[j]);
            beside.add(new Walk(new LbfgsByHand(steep, iterations, history), away));
        }
        for (int step = 0; step < 20 / iterations; step++) {
            double before = steep.at(x.value().toDoubles());
            Step made = lbfgs.step(steep.of(x));
            byHand.step();
            beside.forEach(Walk::step);
            if (beside.stream().anyMatch(walk -> walk.by.evaluations != byHand.by.evaluations)) {
                break;
            }
            double apart = beside.stream()
                    .mapToDouble(walk -> apart(byHand.at, walk.at))
                    .max()
                    .orElseThrow();
            if (apart > 1e-9) {
                break;
            }
            assertThat(made.loss()).isCloseTo(before, within(1e-12 * Math.max(1, Math.abs(before))));
            Expect.close(x.value(), byHand.at, 1e-9 + 100 * apart);
            assertThat(kept(lbfgs, "lbfgs.evaluations")).isEqualTo(byHand.by.evaluations);
        }
    }

    /** On convex losses nothing multiplies roundings, until a loss is so flat that they decide. */
    @Test
    void twentyStepsOnConvexLossesAreThoseByHandToTheLastDigits() {
        int compared = 0;
        for (int seed = 0; seed < 30; seed++) {
            RandomKey key = RandomKey.of(seed);
            Steep steep = new Steep(
                    key.fold(0).uniform(0.5, 3, DType.F64, Shape.of(SIZE)).toDoubles(), 0);
            Parameter x = Parameter.of(key.fold(1).normal(0, 2, DType.F64, Shape.of(SIZE)));
            Lbfgs lbfgs = Lbfgs.of(List.of(x)).withIterations(1).withHistory(5);
            LbfgsByHand byHand = new LbfgsByHand(steep, 1, 5);
            double[] at = x.value().toDoubles();
            for (int step = 0; step < 20; step++) {
                double flat =
                        Arrays.stream(steep.slopes(at)).map(Math::abs).max().orElseThrow();
                if (flat < 1e-3) {
                    break;
                }
                double loss = lbfgs.step(steep.of(x)).loss();
                assertThat(loss).isCloseTo(steep.at(at), within(1e-12 * Math.max(1, Math.abs(loss))));
                at = byHand.step(at);
                Expect.close(x.value(), at, 1e-12);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(200);
    }

    private static final class Walk {
        private final LbfgsByHand by;
        private double[] at;

        Walk(LbfgsByHand by, double[] at) {
            this.by = by;
            this.at = at;
        }

        void step() {
            at = by.step(at);
        }
    }

    /** The largest difference, relative to the largest number. */
    private static double apart(double[] one, double[] other) {
        double most = 0;
        double largest = Double.MIN_NORMAL;
        for (int i = 0; i < one.length; i++) {
            most = Math.max(most, Math.abs(one[i] - other[i]));
            largest = Math.max(largest, Math.abs(one[i]));
        }
        return most / largest;
    }

    private static Tensor rosenbrock(Parameter x, Parameter y) {
        return x.negate().plus(1).square().plus(y.minus(x.square()).square().times(100));
    }

    @Test
    void itFindsTheEndOfABentValley() {
        Parameter x = Parameter.of(-1.2);
        Parameter y = Parameter.of(1f);
        Lbfgs lbfgs = Lbfgs.of(List.of(x, y)).withTolerances(1e-9, 1e-14);
        int steps = 0;
        while (lbfgs.step(valley(x, y)).gradientNorm() > 1e-3) {
            assertThat(++steps).isLessThan(10);
        }
        assertThat(x.item()).isCloseTo(1, within(1e-5));
        assertThat(y.item()).isCloseTo(1, within(1e-5));
    }

    /** Of a parameter in f64 and one in f32. */
    private static Tensor valley(Parameter x, Parameter y) {
        return x.negate()
                .plus(1)
                .square()
                .plus(y.cast(DType.F64).minus(x.square()).square().times(100));
    }

    @Test
    void aSquareTakesFewIterations() {
        Parameter x = Parameter.of(new double[] {5, -3, 2});
        Tensor loss = x.minus(Tensor.of(new double[] {1, 2, 3}))
                .square()
                .times(Tensor.of(new double[] {1, 4, 9}))
                .sum();
        Lbfgs.of(x).step(loss);
        Expect.close(x.value(), new double[] {1, 2, 3}, 1e-6);
    }

    @Test
    void theStepTellsOfBeforeAndChangesParametersOnce() {
        Parameter x = Parameter.of(-1.2);
        Parameter y = Parameter.of(1.0);
        Lbfgs lbfgs = Lbfgs.of(Map.of("x", x, "y", y));
        Tensor twice = x.times(2);
        Step step = lbfgs.step(rosenbrock(x, y), Map.of("twice", twice, "x", x));
        assertThat(step.loss()).isCloseTo(24.2, within(1e-12));
        assertThat(step.gradient(x).item()).isCloseTo(-215.6, within(1e-10));
        assertThat(step.value("twice").item()).isEqualTo(-2.4);
        assertThat(step.value(x).item()).isEqualTo(-1.2);
        assertThat(x.version()).isEqualTo(1);
        assertThat(kept(lbfgs, "lbfgs.evaluations")).isGreaterThan(10);
        assertThat(lbfgs.rate()).isEqualTo(1);
    }

    /** 100·p − ln p from p = 1: the first try is at 0, where the loss is infinite. */
    @Test
    void aPointThatIsNotFiniteIsTooFar() {
        Parameter p = Parameter.of(1.0);
        Lbfgs lbfgs = Lbfgs.of(p);
        for (int i = 0; i < 3; i++) {
            lbfgs.step(p.times(100).minus(p.log()));
        }
        assertThat(p.item()).isCloseTo(0.01, within(1e-6));
    }

    @Test
    void anErrorOnTheWayChangesNothing() {
        Parameter p = Parameter.of(2.5);
        Tensor table = Tensor.of(new double[] {0, 1, 2, 3});
        Tensor loss = table.gather(p.floor().cast(DType.I32).reshape(1)).sum().plus(p.times(7));
        Lbfgs lbfgs = Lbfgs.of(p);
        List<NDArray> state = values(lbfgs);
        assertThatThrownBy(() -> lbfgs.step(loss)).isInstanceOf(IllegalArgumentException.class);
        assertThat(p.item()).isEqualTo(2.5);
        assertThat(p.version()).isZero();
        assertThat(values(lbfgs)).isEqualTo(state);
    }

    private static List<NDArray> values(Optimizer optimizer) {
        return optimizer.state().values().stream().map(Parameter::value).toList();
    }

    private static final AtomicInteger VALUES = new AtomicInteger();
    private static final AtomicInteger DERIVATIVES = new AtomicInteger();

    /** The same number; the third time it is computed, somebody changes a parameter. */
    private record Disturbed(Parameter changed) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            if (VALUES.incrementAndGet() == 3) {
                changed.set(NDArray.of(5.0));
            }
            return inputs.getFirst();
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            DERIVATIVES.incrementAndGet();
            return yBar;
        }
    }

    @Test
    void aChangeOfAParameterMeanwhileIsNotLost() {
        for (boolean isTrained : new boolean[] {true, false}) {
            VALUES.set(0);
            Parameter p = Parameter.of(1.0);
            Parameter target = Parameter.of(3.0);
            Lbfgs lbfgs = Lbfgs.of(p);
            Step step = lbfgs.step(new Disturbed(isTrained ? p : target)
                    .on(p)
                    .minus(target)
                    .square()
                    .square());
            // Of the numbers after the change.
            assertThat(step.loss()).isEqualTo(isTrained ? 16 : 256);
            assertThat(p.item()).isCloseTo(isTrained ? 3 : 5, within(0.1));
        }
    }

    @Test
    void lossesOfOneStructureAreOnePlan() {
        DERIVATIVES.set(0);
        VALUES.set(10);
        Parameter p = Parameter.of(1.0);
        Lbfgs lbfgs = Lbfgs.of(p).withIterations(2);
        for (int step = 0; step < 5; step++) {
            lbfgs.step(new Disturbed(p).on(p).minus(step + 3.5).square().square());
        }
        assertThat(DERIVATIVES).hasValue(1);
        assertThat(VALUES.get()).isGreaterThan(15);
    }

    @Test
    void theWalkTakesTheSameSteps() {
        Parameter x = Parameter.of(-1.2);
        Parameter y = Parameter.of(1.0);
        Lbfgs.of(List.of(x, y)).step(rosenbrock(x, y));
        Parameter u = Parameter.of(-1.2);
        Parameter v = Parameter.of(1.0);
        ScopedValue.where(Evaluator.SCOPED, Evaluator.plain())
                .run(() -> Lbfgs.of(List.of(u, v)).step(rosenbrock(u, v)));
        assertThat(List.of(u.value(), v.value())).isEqualTo(List.of(x.value(), y.value()));
    }

    @Test
    void whatItDoesNotDo() {
        Parameter p = Parameter.of(1.0);
        Lbfgs lbfgs = Lbfgs.of(p);
        assertThatThrownBy(() -> lbfgs.compile(p.square()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("compile: L-BFGS runs a plan several times in a step");
        assertThatThrownBy(() -> lbfgs.compileWithin(1, p.square()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("compileWithin: L-BFGS runs a plan several times in a step");
        assertThatThrownBy(() -> lbfgs.step(Map.of(p, p.value())))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("step along given gradients: L-BFGS evaluates the loss at several points");
        assertThatThrownBy(() -> lbfgs.step(Parameter.of(2.0).square()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("depends on none of the parameters that this optimizer trains");
        assertThatThrownBy(
                        () -> lbfgs.step(p.times(Tensor.input("x", DType.F64)).square()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("step with the input \"x\" () f64 in its graph");
        assertThatThrownBy(() -> Lbfgs.of(p, 0)).hasMessageStartingWith("learning rate 0.0 of L-BFGS");
        assertThatThrownBy(() -> lbfgs.withHistory(0)).hasMessage("withHistory with changes = 0: it must be 1 or more");
        assertThatThrownBy(() -> lbfgs.withTolerances(-1, 0))
                .hasMessage("withTolerances with gradient = -1.0: it must be a finite number, 0 or more");
    }
}
