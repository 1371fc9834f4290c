package dev.clew.nn.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.RnnCell;
import dev.clew.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayersOfCellsTest {
    private static final RandomKey KEY = RandomKey.of(3);
    private static final Tensor X = Tensor.of(KEY.normal(0, 1, DType.F64, Shape.of(2, 4, 2)));
    private static final RnnCell A = RnnCell.create(2, 3, KEY.fold(1));
    private static final RnnCell B = RnnCell.create(2, 3, KEY.fold(2));
    private static final RnnCell C = RnnCell.create(6, 1, KEY.fold(3));

    private static final Layers<Tensor> LAYERS = new Layers<>(List.of(new Layers.Layer<>(A, B), new Layers.Layer<>(C)));

    @Test
    void everyLayerReadsAllThatTheOneBelowItGives() {
        Tensor lengths = Tensor.of(new int[] {4, 2});
        Run.BothWays<Tensor, Tensor> below = Run.bothWays(A, B, X, lengths);
        Run<Tensor> above = Run.of(C, below.outputs(), lengths);
        Layers.Passage<Tensor> passage = LAYERS.run(X, 4, 2);
        assertThat(passage.outputs().value()).isEqualTo(above.outputs().value());
        assertThat(Tensor.values(passage.last()))
                .isEqualTo(
                        Tensor.values(below.forward().last(), below.backward().last(), above.last()));
        assertThat(LAYERS.run(X, lengths).outputs().value())
                .isEqualTo(above.outputs().value());
    }

    @Test
    void sequencesOfOneLengthNeedNone() {
        assertThat(LAYERS.run(X).outputs().value())
                .isEqualTo(LAYERS.run(X, 4, 4).outputs().value());
    }

    @Test
    void aPassageGoesOnFromTheStatesOfTheOneBefore() {
        Layers<Tensor> oneWay = Layers.of(List.of(A, RnnCell.create(3, 2, KEY.fold(4))));
        NDArray whole = oneWay.run(X).outputs().value();
        Layers.Passage<Tensor> begun = oneWay.run(X.slice(1, 0, 3));
        Layers.Passage<Tensor> goneOn = oneWay.run(X.slice(1, 3, 4), begun.last());
        assertThat(goneOn.outputs().get(1, 0).value())
                .isEqualTo(Tensor.of(whole).get(1, 3).value());
        Tensor lengths = Tensor.of(new int[] {1, 0});
        List<Tensor> last = oneWay.run(X.slice(1, 3, 4), lengths, begun.last()).last();
        assertThat(last.getLast().get(0, 0).value())
                .isEqualTo(Tensor.of(whole).get(1, 3).get(0, 0).value());
        assertThat(last.getLast().get(0, 1).value())
                .isEqualTo(begun.last().getLast().get(0, 1).value());
    }

    @Test
    void everyCellHasAFirstState() {
        List<Tensor> first = List.of(A.start(2), B.start(2), C.start(2));
        assertThat(LAYERS.run(X, first).outputs().value())
                .isEqualTo(LAYERS.run(X).outputs().value());
        assertThatThrownBy(() -> LAYERS.run(X, first.subList(0, 2)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "layers from 2 first states: they have 3 cells, and a state for each of them, by layers, forwards"
                                + " before backwards");
    }

    @Test
    void outputsBeyondTheEndAreZero() {
        NDArray outputs = LAYERS.run(X, 4, 2).outputs().value();
        assertThat(outputs.get(1, 2, 0)).isZero();
        assertThat(outputs.get(1, 3, 0)).isZero();
        assertThat(outputs.get(1, 1, 0)).isNotZero();
    }

    @Test
    void theirParametersHaveNames() {
        assertThat(Parameters.named(LAYERS).keySet())
                .containsExactly(
                        "layers.0.forward.wx",
                        "layers.0.forward.wh",
                        "layers.0.forward.b",
                        "layers.0.backward.wx",
                        "layers.0.backward.wh",
                        "layers.0.backward.b",
                        "layers.1.forward.wx",
                        "layers.1.forward.wh",
                        "layers.1.forward.b");
        assertThat(Parameters.copy(LAYERS).run(X).outputs().value())
                .isEqualTo(LAYERS.run(X).outputs().value());
    }

    @Test
    void noLayersAreRefused() {
        assertThatThrownBy(() -> new Layers<Tensor>(List.of()))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("layers: there must be at least one");
    }
}
