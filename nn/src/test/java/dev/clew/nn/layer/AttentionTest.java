package dev.clew.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.GradientAssert;
import dev.clew.audit.GradientCheck;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.sequence.Masks;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Attention number by number. */
class AttentionTest {
    private static final int FEATURES = 3;

    private static NDArray numbers(RandomKey key, int... shape) {
        return key.normal(0, 1, DType.F64, Shape.of(shape));
    }

    private static double at(NDArray array, int... index) {
        return array.get(index);
    }

    /** The context by hand, of the first steps. */
    private static double[] context(int length, NDArray values, int row, IntToDoubleFunction score) {
        double[] context = new double[values.shape().length(2)];
        double total = 0;
        for (int t = 0; t < length; t++) {
            total += Math.exp(score.applyAsDouble(t));
        }
        for (int t = 0; t < length; t++) {
            for (int i = 0; i < context.length; i++) {
                context[i] += Math.exp(score.applyAsDouble(t)) / total * at(values, row, t, i);
            }
        }
        return context;
    }

    private static void near(double[] found, double[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-12));
        }
    }

    @Property(tries = 30)
    void contextsAreThoseByHand(@ForAll @IntRange(min = 1, max = 5) int time, @ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        NDArray query = numbers(key.fold(0), 2, FEATURES);
        NDArray keys = numbers(key.fold(1), 2, time, FEATURES);
        NDArray values = numbers(key.fold(2), 2, time, 2);
        int[] lengths = {time, 1 + (time - 1) / 2};
        Tensor mask = Masks.ofLengths(Tensor.of(lengths), time);
        Attention.Read dot = Attention.dot(Tensor.of(query), Tensor.of(keys), Tensor.of(values), mask);
        Attention additive = Attention.create(FEATURES, FEATURES, 4, DType.F64, key.fold(3));
        Attention.Read added = additive.of(Tensor.of(query), Tensor.of(keys), mask);
        for (int row = 0; row < 2; row++) {
            int b = row;
            near(dot.context().get(0, row).value().toDoubles(), context(lengths[row], values, row, t -> {
                double sum = 0;
                for (int f = 0; f < FEATURES; f++) {
                    sum += at(query, b, f) * at(keys, b, t, f);
                }
                return sum / Math.sqrt(FEATURES);
            }));
            near(added.context().get(0, row).value().toDoubles(), context(lengths[row], keys, row, t -> {
                double score = 0;
                for (int u = 0; u < 4; u++) {
                    double sum = 0;
                    for (int f = 0; f < FEATURES; f++) {
                        sum += at(query, b, f) * at(additive.wq().value(), f, u)
                                + at(keys, b, t, f) * at(additive.wk().value(), f, u);
                    }
                    score += Math.tanh(sum) * at(additive.v().value(), u);
                }
                return score;
            }));
            double[] weights = dot.weights().get(0, row).value().toDoubles();
            for (int t = lengths[row]; t < time; t++) {
                assertThat(weights[t]).isZero();
            }
        }
    }

    @Test
    void gradientsAreThoseByDifferences() {
        Attention attention = Attention.create(FEATURES, 2, 4, DType.F64, RandomKey.of(1));
        Tensor query = Tensor.of(numbers(RandomKey.of(2), 2, FEATURES));
        Tensor keys = Tensor.of(numbers(RandomKey.of(3), 2, 4, 2));
        Tensor loss = attention.of(query, keys).context().square().sum();
        GradientAssert.assertThat(GradientCheck.of(loss, Parameters.named(attention)))
                .isRight();
    }

    @Test
    void stepsThatDoNotCountMayBeAnything() {
        Attention attention = Attention.create(FEATURES, 2, 4, DType.F64, RandomKey.of(1));
        Tensor query = Tensor.of(numbers(RandomKey.of(2), 1, FEATURES));
        Tensor mask = Masks.ofLengths(Tensor.of(new int[] {2}), 3);
        List<List<NDArray>> all = new ArrayList<>();
        for (double padding : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
            Parameter keys = Parameter.of(NDArray.of(Shape.of(1, 3, 2), 1, 2, 3, 4, padding, padding));
            Tensor loss = attention
                    .of(query, keys, mask)
                    .context()
                    .plus(Attention.dot(keys.get(1, 0), keys, keys, mask).context())
                    .square()
                    .sum();
            Gradients gradients = Gradients.of(loss);
            all.add(Tensor.values(
                    loss, gradients.wrt(keys), gradients.wrt(attention.wk()), gradients.wrt(attention.v())));
        }
        assertThat(all.get(1)).isEqualTo(all.get(0));
        assertThat(all.get(2)).isEqualTo(all.get(0));
        assertThat(all.get(0).get(1).toDoubles()).endsWith(0, 0);
    }

    @Test
    void whatDoesNotFitIsSaid() {
        Tensor query = Tensor.of(numbers(RandomKey.of(2), 2, 3));
        Tensor keys = Tensor.of(numbers(RandomKey.of(3), 2, 4, 2));
        assertThatThrownBy(() -> Attention.dot(query, keys, keys))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "attention with query (2, 3), keys or values (2, 4, 2): they must be (batch, 3), (batch, time, 3)"
                                + " and (batch, time) bool");
    }
}
