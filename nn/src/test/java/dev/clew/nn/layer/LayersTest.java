package dev.clew.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Layers of one parameter or two, number by number. */
class LayersTest {
    private final Parameter table = Parameter.of(new double[][] {{1, 2}, {3, 4}, {5, 6}});

    @Test
    void anEmbeddingIsARowForEverySymbol() {
        Embedding embedding = Embedding.create(3, 2, DType.F64, RandomKey.of(1));
        assertThat(embedding.padding()).isEmpty();
        Tensor found = new Embedding(table, embedding.padding()).of(Tensor.of(new int[][] {{2, 0}, {1, 1}}));
        assertThat(found.shape().lengths()).containsExactly(2, 2, 2);
        assertThat(found.value().toDoubles()).containsExactly(5, 6, 1, 2, 3, 4, 3, 4);
    }

    @Test
    void paddingIsZeroAndItsRowIsNotTrained() {
        Parameter bad = Parameter.of(new double[][] {{1, 2}, {Double.NaN, Double.POSITIVE_INFINITY}, {5, 6}});
        Embedding embedding = new Embedding(bad, OptionalInt.empty()).withPadding(1);
        Tensor found = embedding.of(Tensor.of(new int[] {2, 1, 0}));
        assertThat(found.value().toDoubles()).containsExactly(5, 6, 0, 0, 1, 2);
        assertThat(Gradients.of(found.square().sum()).wrt(bad).value()).isEqualTo(NDArray.of(new double[][] {
            {2, 4}, {0, 0}, {10, 12}
        }));
    }

    @Test
    void logitsOfTiedWeightsUseTheSameTable() {
        Embedding embedding = new Embedding(table, OptionalInt.empty());
        Tensor x = Tensor.of(new double[][] {{1, -1}});
        assertThat(embedding.logits(x).value()).isEqualTo(NDArray.of(new double[][] {{-1, -1, -1}}));
        Tensor both = embedding.logits(embedding.of(Tensor.of(new int[] {0}))).sum();
        // d/dT of Σⱼ T₀·Tⱼ: row 0 gets Σⱼ Tⱼ + T₀, the others T₀.
        assertThat(Gradients.of(both).wrt(table).value()).isEqualTo(NDArray.of(new double[][] {{10, 14}, {1, 2}, {1, 2}
        }));
    }

    @Test
    void aProjectionIsALinearLayerWithoutABias() {
        Tensor x = Tensor.of(new double[][] {{1, 0, -1}});
        assertThat(new Projection(table).of(x).value()).isEqualTo(NDArray.of(new double[][] {{-4, -4}}));
        double[] begin = Projection.create(4, 100, DType.F64, RandomKey.of(1))
                .weight()
                .value()
                .toDoubles();
        assertThat(Arrays.stream(begin).map(Math::abs).max().orElseThrow()).isBetween(0.49, 0.5);
    }

    @Test
    void normsBeginWithGainOneAndAreTheFunctions() {
        Tensor x = Tensor.of(new double[][] {{1, 2, 6}});
        LayerNorm layer = LayerNorm.create(3, DType.F64);
        assertThat(layer.of(x).value())
                .isEqualTo(
                        Normalization.standardize(x, 1e-5, -1).times(1).plus(0).value());
        RmsNorm rms = new RmsNorm(Parameter.of(new double[] {1, 2, 3}), 0);
        double size = Math.sqrt((1 + 4 + 36) / 3.0);
        assertThat(rms.of(x).value().toDoubles()).containsExactly(1 / size, 2 / size * 2, 6 / size * 3);
        assertThat(RmsNorm.create(2, DType.F32).gain().value()).isEqualTo(NDArray.of(new float[] {1, 1}));
    }

    @Test
    void whatDoesNotFitIsSaid() {
        Embedding embedding = new Embedding(table, OptionalInt.empty());
        fails(
                () -> embedding.of(Tensor.of(new double[] {1})),
                "embedding of (1) f64: symbols are integers, i32; write 3 for 3.0");
        fails(
                () -> embedding.withPadding(3),
                "embedding with padding 3 and table (3, 2): the padding must be one of the symbols, 0 to 2");
        fails(
                () -> embedding.logits(Tensor.of(new double[] {1})),
                "embedding: logits of (1) with table (3, 2): x is (..., 2)");
        fails(
                () -> new Projection(table).of(Tensor.of(new double[] {1})),
                "projection of (1) with weight (3, 2): x is (..., 3), one number for every row of the weight");
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
