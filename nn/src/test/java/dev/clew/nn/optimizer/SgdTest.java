package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Expect;
import dev.clew.nn.Initializer;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.loss.Losses;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class SgdTest {
    record Model(RnnCell cell, Linear head) {
        static Model create(DType dtype, RandomKey key) {
            Initializer normal = Initializer.normal(0, 0.5);
            return new Model(
                    RnnCell.create(3, 4, dtype, normal, key.fold(0)), Linear.create(4, 2, dtype, normal, key.fold(1)));
        }

        Tensor loss(DType dtype, RandomKey key) {
            Tensor h = cell.start(5);
            for (int t = 0; t < 4; t++) {
                h = cell.next(Expect.tensor(Expect.rows(key.fold(t), dtype, 5, 3), dtype), h);
            }
            return Losses.softmaxCrossEntropy(head.of(h), 0, 1, 1, 0, 1);
        }
    }

    record Pair(Parameter a, Parameter b) {}

    private final Parameter a = Parameter.of(3.0);
    private final Parameter b = Parameter.of(4.0);
    private final Pair pair = new Pair(a, b);

    @Property(tries = 30)
    void newValueIsTheOldOneMinusRateTimesGradientBitForBit(
            @ForAll boolean single, @ForAll @DoubleRange(min = 0.01, max = 10) double rate, @ForAll long seed) {
        DType dtype = single ? DType.F32 : DType.F64;
        RandomKey key = RandomKey.of(seed);
        Model model = Model.create(dtype, key);
        Map<Parameter, NDArray> before = new LinkedHashMap<>();
        Parameters.named(model).values().forEach(p -> before.put(p, p.value()));
        Tensor loss = model.loss(dtype, key.fold(2));
        double lossBefore = loss.item();
        Map<Parameter, NDArray> slopes = new LinkedHashMap<>();
        Gradients gradients = Gradients.of(loss);
        before.keySet().forEach(p -> slopes.put(p, gradients.wrt(p).value()));

        Step step = Sgd.of(model, rate).step(loss);

        assertThat(step.loss()).isEqualTo(lossBefore);
        before.forEach((p, old) -> {
            assertThat(step.gradient(p)).isEqualTo(slopes.get(p));
            assertThat(p.value()).isEqualTo(moved(old, rate, step.gradient(p)));
        });
    }

    private static NDArray moved(NDArray old, double rate, NDArray gradient) {
        double[] numbers = old.toDoubles();
        double[] slopes = gradient.toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = old.dtype() == DType.F32
                    ? (float) numbers[i] - (float) rate * (float) slopes[i]
                    : numbers[i] - rate * slopes[i];
        }
        return NDArray.of(old.shape(), numbers).cast(old.dtype());
    }

    @Test
    void numbersOfAStepAreFromBeforeItsUpdate() {
        Tensor loss = a.square().plus(b.square());
        Tensor product = a.times(b);
        Step step = Sgd.of(pair, 0.1).step(loss, product, a, product);
        assertThat(step.loss()).isEqualTo(25);
        assertThat(step.gradient(a).item()).isEqualTo(6);
        assertThat(step.gradient(b).item()).isEqualTo(8);
        assertThat(step.gradientNorm()).isEqualTo(10);
        assertThat(step.value(product).item()).isEqualTo(12);
        assertThat(step.value(a).item()).isEqualTo(3);
        assertThat(a.item()).isEqualTo(3 - 0.1 * 6);
        assertThat(b.item()).isEqualTo(4 - 0.1 * 8);
        assertThat(product.item()).isEqualTo(a.item() * b.item());
        assertThat(step.value(a).item()).isEqualTo(3);
    }

    @Test
    void rateOfOneParameterIsItsOwnAndTheFirstOptimizerKeepsItsRates() {
        Sgd first = Sgd.of(pair, 0.5);
        Sgd second = first.withRate(b, 0.25);
        Tensor loss = a.plus(b);
        second.step(loss);
        assertThat(a.item()).isEqualTo(2.5);
        assertThat(b.item()).isEqualTo(3.75);
        first.step(loss);
        assertThat(a.item()).isEqualTo(2.0);
        assertThat(b.item()).isEqualTo(3.25);
        second.withRate(a, 0).withRate(b, 1).step(loss);
        assertThat(a.item()).isEqualTo(2.0);
        assertThat(b.item()).isEqualTo(2.25);
    }

    @Test
    void oneGraphSteppedAgainUsesTheNewValues() {
        Tensor loss = a.square();
        Sgd sgd = Sgd.of(pair, 0.25);
        assertThat(sgd.step(loss).loss()).isEqualTo(9);
        assertThat(sgd.step(loss).loss()).isEqualTo(2.25);
        assertThat(sgd.step(loss).loss()).isEqualTo(0.5625);
    }

    @Test
    void parameterThatTheLossDoesNotDependOnStaysAsItIs() {
        Parameter minusZero = Parameter.of(new double[] {-0.0, 0.1, Double.MIN_VALUE});
        NDArray before = minusZero.value();
        Step step = Sgd.of(List.of(a, minusZero), 0.1).step(a.square());
        assertThat(minusZero.value()).isEqualTo(before);
        assertThat(step.gradient(minusZero)).isEqualTo(NDArray.full(0, DType.F64, Shape.of(3)));
        assertThat(a.item()).isNotEqualTo(3);
    }

    @Test
    void sharedParameterMovesByTheSumOfItsUses() {
        Sgd.of(new Pair(a, a), 0.5).step(a.times(2).plus(a.times(3)));
        assertThat(a.item()).isEqualTo(3 - 0.5 * 5);
    }

    @Test
    void lossOfOneElementMayHaveAxes() {
        Step step = Sgd.of(pair, 0.5).step(a.plus(b).reshape(1, 1));
        assertThat(step.loss()).isEqualTo(7);
        assertThat(a.item()).isEqualTo(2.5);
    }

    @Test
    void normOfHugeAndTinyGradientsIsAsExactAsOfOthers() {
        for (double scale : new double[] {0x1p600, 0x1p-600, 0x1p-1060, 0}) {
            Step step = Sgd.of(pair, 0).step(a.times(3 * scale).plus(b.times(4 * scale)));
            assertThat(step.gradientNorm()).isEqualTo(5 * scale);
        }
    }

    @Test
    void stateCarriedAsNumbersIsTheStateFromBeforeTheUpdate() {
        RnnCell cell = RnnCell.create(1, 2, RandomKey.of(4));
        Sgd sgd = Sgd.of(cell, 0.1);
        Tensor x = Tensor.of(new double[][] {{1}});
        Tensor h = cell.start(1);
        for (int i = 0; i < 5; i++) {
            h = cell.next(x, h);
            NDArray before = h.value();
            Step step = sgd.step(h.square().mean(), h);
            assertThat(step.value(h)).isEqualTo(before);
            assertThat(h.value()).isNotEqualTo(before);
            h = Tensor.of(step.value(h));
        }
    }

    @Test
    void trainingFindsTheLineThroughItsPoints() {
        Linear line = Linear.create(1, 1, RandomKey.of(1));
        Sgd sgd = Sgd.of(line, 0.1);
        Tensor x = Tensor.of(new double[][] {{-1}, {0}, {1}, {2}});
        Tensor y = Tensor.of(new double[][] {{-5}, {-2}, {1}, {4}});
        Tensor loss = Losses.meanSquaredError(line.of(x), y);
        for (int i = 0; i < 500; i++) {
            sgd.step(loss);
        }
        assertThat(line.weight().item()).isCloseTo(3, within(1e-9));
        assertThat(line.bias().item()).isCloseTo(-2, within(1e-9));
    }

    @Test
    void parametersAreFoundByTheirNames() {
        Step step = Sgd.of(pair, 1).withRate("b", 0.5).step(a.times(b));
        assertThat(a.item()).isEqualTo(3.0 - 4.0);
        assertThat(b.item()).isEqualTo(4.0 - 0.5 * 3.0);
        assertThat(step.gradient("a").item()).isEqualTo(4);
        assertThat(step.gradient("b").item()).isEqualTo(3);
    }

    @Test
    void valueOfTheLossIsThatFromBeforeTheUpdate() {
        Tensor loss = a.times(b).reshape(1, 1);
        Step step = Sgd.of(pair, 1).step(loss);
        assertThat(step.value(loss)).isEqualTo(NDArray.of(new double[][] {{12}}));
    }

    @Test
    void stepsAndOptimizersPrintWhatIsInThem() {
        Sgd sgd = Sgd.of(pair, 1).withRate("b", 0.5);
        assertThat(sgd).hasToString("Sgd after 0 steps: a () at 1.0, b () at 0.5");
        Tensor sum = a.plus(b);
        assertThat(sgd.step(a.times(b), sum)).hasToString("""
                Step: loss 12.0, gradient norm 5.0
                  a (): gradient norm 4.0
                  b (): gradient norm 3.0
                  times () f64 = 12.0
                  plus () f64 = 7.0""");
        assertThat(sgd).hasToString("Sgd after 1 step: a () at 1.0, b () at 0.5");
        assertThat(a).hasToString("parameter () f64 -1.0");
        assertThat(Gradients.of(a.times(b)))
                .hasToString("Gradients of times () f64 with respect to any of the 3 tensors that it is computed from,"
                        + " 2 of them parameters: wrt(x)");
    }
}
