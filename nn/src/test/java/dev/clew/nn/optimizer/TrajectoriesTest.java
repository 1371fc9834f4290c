package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Twenty steps of every optimizer beside plain loops over numbers, in the order in which PyTorch's documentation of torch.optim writes each algorithm (Lion's as its
 * paper does).
 */
class TrajectoriesTest {
    private static final int STEPS = 20;

    /** What is done to one number; it remembers what it needs. */
    private interface ByHand {
        double step(double p, double g);
    }

    private record Case(Optimizer optimizer, Supplier<ByHand> byHand) {}

    /** Its loss is Σ a·p + c/2·Σ p², with other a in every step: a gradient a + c·p of any size and sign. */
    private record Model(Parameter w, Parameter b) {
        static Model create(DType type, RandomKey key, int rows, int columns) {
            return new Model(
                    Parameter.of(key.fold(0).normal(0, 1, type, Shape.of(rows, columns))),
                    Parameter.of(key.fold(1).normal(0, 1, type, Shape.of(columns))));
        }

        Tensor loss(RandomKey key, double curvature) {
            return term(w, key.fold(0), curvature).plus(term(b, key.fold(1), curvature));
        }

        private static Tensor term(Parameter p, RandomKey key, double curvature) {
            return Tensor.of(slopes(p, key))
                    .times(p)
                    .sum()
                    .plus(p.square().sum().times(curvature / 2));
        }
    }

    private static NDArray slopes(Parameter p, RandomKey key) {
        return key.normal(0, 1, p.dtype(), p.shape());
    }

    private interface Options {
        Case of(Model model, Random random, double rate);
    }

    private static double share(Random random) {
        return random.nextInt(4) == 0 ? 0 : 0.98 * random.nextDouble();
    }

    private static double little(Random random) {
        return random.nextBoolean() ? 0 : 0.2 * random.nextDouble();
    }

    @Property(tries = 25)
    void sgd(@ForAll long seed) {
        follows(seed, DType.F64, 1e-12, TrajectoriesTest::sgd);
    }

    private static Case sgd(Model model, Random random, double rate) {
        double past = share(random);
        boolean nesterov = past > 0 && random.nextBoolean();
        double dampening = nesterov ? 0 : share(random);
        double decay = little(random);
        return new Case(
                Sgd.of(model, rate)
                        .withMomentum(new Momentum(past, dampening, nesterov))
                        .withWeightDecay(decay),
                () -> new ByHand() {
                    private double buffer;
                    private boolean isLater;

                    @Override
                    public double step(double p, double g) {
                        double slope = g + decay * p;
                        if (past == 0) {
                            return p - rate * slope;
                        }
                        buffer = isLater ? past * buffer + (1 - dampening) * slope : slope;
                        isLater = true;
                        return p - rate * (nesterov ? slope + past * buffer : buffer);
                    }
                });
    }

    @Property(tries = 25)
    void rmsProp(@ForAll long seed) {
        follows(seed, DType.F64, 1e-12, TrajectoriesTest::rmsProp);
    }

    private static Case rmsProp(Model model, Random random, double rate) {
        double alpha = share(random);
        boolean isCentered = alpha > 0.5 && random.nextBoolean(); // Else the variance of a first gradient is nearly 0.
        double momentum = share(random);
        double decay = little(random);
        RmsProp optimizer = RmsProp.of(model, rate)
                .withPast(alpha)
                .withEpsilon(1e-3)
                .withMomentum(momentum)
                .withWeightDecay(decay);
        return new Case(isCentered ? optimizer.centered() : optimizer, () -> new ByHand() {
            private double square;
            private double mean;
            private double buffer;

            @Override
            public double step(double p, double g) {
                double slope = g + decay * p;
                square = alpha * square + (1 - alpha) * slope * slope;
                mean += (1 - alpha) * (slope - mean);
                double size = Math.sqrt(isCentered ? square - mean * mean : square) + 1e-3;
                buffer = momentum * buffer + slope / size;
                return p - rate * (momentum > 0 ? buffer : slope / size);
            }
        });
    }

    @Property(tries = 25)
    void adagrad(@ForAll long seed) {
        follows(seed, DType.F64, 1e-12, TrajectoriesTest::adagrad);
    }

    private static Case adagrad(Model model, Random random, double rate) {
        double rateDecay = little(random);
        double initial = little(random);
        double decay = little(random);
        return new Case(
                Adagrad.of(model, rate)
                        .withRateDecay(rateDecay)
                        .withInitial(initial)
                        .withEpsilon(1e-8)
                        .withWeightDecay(decay),
                () -> new ByHand() {
                    private double sum = initial;
                    private int steps;

                    @Override
                    public double step(double p, double g) {
                        steps++;
                        double slope = g + decay * p;
                        double now = rate / (1 + (steps - 1) * rateDecay);
                        sum += slope * slope;
                        return p - now * (slope / (Math.sqrt(sum) + 1e-8));
                    }
                });
    }

    @Property(tries = 25)
    void adam(@ForAll long seed) {
        follows(seed, DType.F64, 1e-12, TrajectoriesTest::adam);
    }

    private static Case adam(Model model, Random random, double rate) {
        double first = share(random);
        double second = 0.5 + share(random) / 2;
        boolean isMaximal = random.nextBoolean();
        double decay = little(random);
        Adam adam =
                Adam.of(model, rate).withBetas(first, second).withEpsilon(1e-6).withWeightDecay(decay);
        return new Case(
                isMaximal ? adam.withMaximum() : adam,
                () -> new AdamByHand(rate, first, second, 1e-6, isMaximal, decay, 0));
    }

    @Property(tries = 25)
    void adamW(@ForAll long seed) {
        follows(seed, DType.F64, 1e-12, TrajectoriesTest::adamW);
    }

    private static Case adamW(Model model, Random random, double rate) {
        double first = share(random);
        double second = 0.5 + share(random) / 2;
        boolean isMaximal = random.nextBoolean();
        double decay = little(random);
        AdamW adam =
                AdamW.of(model, rate).withBetas(first, second).withEpsilon(1e-6).withWeightDecay(decay);
        return new Case(
                isMaximal ? adam.withMaximum() : adam,
                () -> new AdamByHand(rate, first, second, 1e-6, isMaximal, 0, decay));
    }

    /** Both kinds of decay. */
    private static final class AdamByHand implements ByHand {
        private final double rate;
        private final double first;
        private final double second;
        private final double epsilon;
        private final boolean isMaximal;
        private final double ofGradient;
        private final double ofWeights;
        private double mean;
        private double square;
        private double most;
        private int steps;

        AdamByHand(
                double rate,
                double first,
                double second,
                double epsilon,
                boolean isMaximal,
                double ofGradient,
                double ofWeights) {
            this.rate = rate;
            this.first = first;
            this.second = second;
            this.epsilon = epsilon;
            this.isMaximal = isMaximal;
            this.ofGradient = ofGradient;
            this.ofWeights = ofWeights;
        }

        @Override
        public double step(double p, double g) {
            steps++;
            double kept = p * (1 - rate * ofWeights);
            double slope = g + ofGradient * p;
            mean += (1 - first) * (slope - mean);
            square = second * square + (1 - second) * slope * slope;
            most = Math.max(most, square);
            double size = Math.sqrt(isMaximal ? most : square) / Math.sqrt(1 - Math.pow(second, steps)) + epsilon;
            return kept - rate / (1 - Math.pow(first, steps)) * (mean / size);
        }
    }

    @Property(tries = 25)
    void lion(@ForAll long seed) {
        follows(seed, DType.F64, 1e-12, TrajectoriesTest::lion);
    }

    private static Case lion(Model model, Random random, double rate) {
        double first = share(random);
        double second = share(random);
        double decay = little(random);
        return new Case(Lion.of(model, rate).withBetas(first, second).withWeightDecay(decay), () -> new ByHand() {
            private double mean;

            @Override
            public double step(double p, double g) {
                double update = Math.signum(first * mean + (1 - first) * g);
                mean = second * mean + (1 - second) * g;
                return p - rate * (update + decay * p);
            }
        });
    }

    @Test
    void stepsInSinglePrecisionAreNearThoseInDouble() {
        // Lion's sign of a mean near 0 may be another.
        List<Options> all = List.of(
                TrajectoriesTest::sgd,
                TrajectoriesTest::rmsProp,
                TrajectoriesTest::adagrad,
                TrajectoriesTest::adam,
                TrajectoriesTest::adamW);
        for (Options options : all) {
            for (long seed = 0; seed < 3; seed++) {
                follows(seed, DType.F32, 2e-3, options);
            }
        }
    }

    /** What is not said is as in PyTorch. */
    @Test
    void settingsThatAreNotSetAreThoseOfPyTorch() {
        assertThat(Scale.adam()).isEqualTo(new Scale.AdamScale(0.9, 0.999, 1e-8, false));
        assertThat(Scale.rmsProp()).isEqualTo(new Scale.RmsScale(0.99, 1e-8, false));
        assertThat(Scale.adagrad()).isEqualTo(new Scale.AdagradScale(0, 0, 1e-10));
        assertThat(Scale.lion()).isEqualTo(new Scale.LionScale(0.9, 0.99));
        Parameter p = Parameter.of(1.0);
        // The gradient is 0, so only what decays by itself moves.
        AdamW.of(List.of(p), 0.5).step(p.times(0.0));
        assertThat(p.item()).isEqualTo(1 - 0.5 * 0.01);
    }

    private static void follows(long seed, DType type, double tolerance, Options options) {
        Random random = new Random(seed);
        RandomKey key = RandomKey.of(seed);
        double curvature = random.nextDouble();
        Model model = Model.create(type, key, 1 + random.nextInt(3), 1 + random.nextInt(3));
        Case tried = options.of(model, random, 0.01 + 0.1 * random.nextDouble());
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(model.w, tried.byHand));
        rows.add(new Row(model.b, tried.byHand));
        for (int step = 0; step < STEPS; step++) {
            RandomKey ofStep = key.fold(10 + step);
            tried.optimizer.step(model.loss(ofStep, curvature));
            for (int i = 0; i < rows.size(); i++) {
                rows.get(i).step(slopes(rows.get(i).parameter, ofStep.fold(i)).toDoubles(), curvature, tolerance);
            }
        }
    }

    /** The numbers of a parameter, by hand. */
    private static final class Row {
        private final Parameter parameter;
        private final double[] numbers;
        private final List<ByHand> byHand = new ArrayList<>();

        Row(Parameter parameter, Supplier<ByHand> each) {
            this.parameter = parameter;
            this.numbers = parameter.value().toDoubles();
            for (int i = 0; i < numbers.length; i++) {
                byHand.add(each.get());
            }
        }

        void step(double[] slopes, double curvature, double tolerance) {
            double[] found = parameter.value().toDoubles();
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = byHand.get(i).step(numbers[i], slopes[i] + curvature * numbers[i]);
                assertThat(Math.abs(found[i] - numbers[i]))
                        .as("%s for %s", found[i], numbers[i])
                        .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(numbers[i])));
            }
        }
    }
}
