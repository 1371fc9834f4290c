package dev.clew.nn.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.MinimalGatedUnit;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/**
 * Weights of Keras and Flax, with outputs that NumPy computed in f64 from the equations that these document, gate by gate with their names.
 * The same sums in another order agree to 1e-12.
 */
class KerasAndFlaxTest {
    private static final RandomKey KEY = RandomKey.of(5);

    private static <S> Run<S> run(Cell<S> cell, Map<String, NDArray> golden) {
        return Run.of(cell, Tensor.of(Golden.array(golden, "x")));
    }

    private static void near(Map<String, NDArray> golden, String name, Tensor found) {
        Golden.near(name, found.value(), Golden.array(golden, name), 1e-12);
    }

    private static void simpleLayers(Weights weights, Map<String, NDArray> golden, String... prefixes) {
        Tensor x = Tensor.of(Golden.array(golden, "x"));
        near(golden, "dense.y", weights.linear(prefixes[0]).of(x));
        near(golden, "embedding.y", weights.embedding(prefixes[1]).of(Tensor.of(new int[] {3, 0})));
        near(golden, "norm.y", weights.layerNorm(prefixes[2]).of(x));
    }

    @Test
    void weightsOfKerasGiveWhatItsEquationsGiveAndAreWrittenToTheLastBit() {
        Map<String, NDArray> golden = Golden.arrays("keras.safetensors");
        Map<String, NDArray> arrays = Golden.below(golden, "weight.");
        KerasWeights weights = KerasWeights.of(arrays);
        Run<Lstm.State> lstm = run(weights.lstmCell("model/lstm/lstm_cell"), golden);
        near(golden, "lstm.y", lstm.outputs());
        near(golden, "lstm.c", lstm.last().c());
        near(
                golden,
                "bare.y",
                run(weights.lstmCell("model/lstm_1/lstm_cell/"), golden).outputs());
        near(golden, "gru.y", run(weights.gruCell("model/gru/gru_cell"), golden).outputs());
        near(
                golden,
                "before.y",
                run(weights.gruCell("model/gru_1/gru_cell"), golden).outputs());
        RnnCell rnn = weights.rnnCell("model/simple_rnn/simple_rnn_cell", RnnCell.Activation.TANH);
        near(golden, "rnn.y", run(rnn, golden).outputs());
        simpleLayers(weights, golden, "model/dense", "model/embedding", "model/layer_normalization");
        weights.requireAllRead();
        assertThat(weights.arrays()).isEqualTo(arrays);
    }

    @Test
    void weightsOfFlaxGiveWhatItsEquationsGiveAndAreWrittenToTheLastBit() {
        Map<String, NDArray> golden = Golden.arrays("flax.safetensors");
        Map<String, NDArray> arrays = Golden.below(golden, "weight.");
        FlaxWeights weights = FlaxWeights.of(arrays);
        Run<Lstm.State> lstm = run(weights.lstmCell("LSTMCell_0"), golden);
        near(golden, "lstm.y", lstm.outputs());
        near(golden, "lstm.c", lstm.last().c());
        near(golden, "gru.y", run(weights.gruCell("GRUCell_0"), golden).outputs());
        near(
                golden,
                "rnn.y",
                run(weights.rnnCell("SimpleCell_0", RnnCell.Activation.TANH), golden)
                        .outputs());
        simpleLayers(weights, golden, "Dense_0", "Embed_0", "LayerNorm_0");
        weights.requireAllRead();
        assertThat(weights.arrays()).isEqualTo(arrays);
    }

    @Test
    void namesOfFlaxJoinedByDotsAreWrittenWithDots() {
        Map<String, NDArray> dotted = new LinkedHashMap<>();
        Golden.below(Golden.arrays("flax.safetensors"), "weight.Dense_0/")
                .forEach((name, array) -> dotted.put("params.Dense_0." + name, array));
        FlaxWeights weights = FlaxWeights.of(dotted);
        weights.linear("params.Dense_0");
        assertThat(weights.arrays()).isEqualTo(dotted);
    }

    /** A cell goes through each framework that has one like it, and comes back with the same numbers. */
    @Test
    void cellsComeBackFromEveryFrameworkThatHasThem() {
        Lstm lstm = Lstm.create(2, 3, KEY);
        Gru gru = Gru.create(2, 3, DType.F32, KEY);
        Gru before = Gru.createWithResetBefore(2, 3, DType.F64, Initializer.normal(0, 1), KEY);
        for (Weights weights : new Weights[] {KerasWeights.create(), FlaxWeights.create()}) {
            weights.put("lstm", lstm);
            weights.put("gru", gru);
            Weights read = weights instanceof KerasWeights
                    ? KerasWeights.of(weights.arrays())
                    : FlaxWeights.of(weights.arrays());
            Lstm found = read.lstmCell("lstm");
            assertThat(Tensor.values(found.wx(), found.wh(), found.b()))
                    .isEqualTo(Tensor.values(lstm.wx(), lstm.wh(), lstm.b()));
            Gru same = read.gruCell("gru");
            assertThat(Tensor.values(same.wx(), same.wh(), same.b()))
                    .isEqualTo(Tensor.values(gru.wx(), gru.wh(), gru.b()));
            NDArray inner = same.inner().orElseThrow().value();
            int all = inner.shape().length(0);
            assertThat(inner.rows(all - 3, all))
                    .isEqualTo(gru.inner().orElseThrow().value());
        }
        KerasWeights keras = KerasWeights.create();
        keras.put("before", before);
        Gru found = KerasWeights.of(keras.arrays()).gruCell("before");
        assertThat(found.inner()).isEmpty();
        assertThat(Tensor.values(found.wx(), found.wh(), found.b()))
                .isEqualTo(Tensor.values(before.wx(), before.wh(), before.b()));
    }

    @Test
    void aGruOfKerasWithoutBiasesIsToldWhenItResets() {
        Parameter none = Parameter.zeros(DType.F64, 0);
        Gru made = Gru.create(2, 3, KEY);
        KerasWeights put = KerasWeights.create();
        put.put("gru", new Gru(made.wx(), made.wh(), none, Optional.of(none)));
        Map<String, NDArray> arrays = put.arrays();
        assertThat(arrays.keySet()).containsExactly("gru/kernel", "gru/recurrent_kernel");
        assertThat(KerasWeights.of(arrays).gruCell("gru", true).inner()).isPresent();
        assertThat(KerasWeights.of(arrays).gruCell("gru", false).inner()).isEmpty();
        refused(
                () -> KerasWeights.of(arrays).gruCell("gru"),
                "gruCell 'gru' of Keras: there is no 'gru/bias', so nothing says whether the reset comes after the product;"
                        + " say it: gruCell(prefix, true) is reset_after=True");
    }

    @Test
    void aGruOfKerasThatResetsOtherwiseThanIsSaidIsRefused() {
        KerasWeights put = KerasWeights.create();
        put.put("gru", Gru.create(2, 3, KEY));
        refused(
                () -> KerasWeights.of(put.arrays()).gruCell("gru", false),
                "gruCell 'gru' of Keras: 'gru/bias' is (2, 9) f64, and must be (9), (3·units), where the reset comes before"
                        + " the product, beside 'gru/kernel' (2, 9) f64");
    }

    /** Two biases are one sum to the outputs, and the sum is written where there is one bias. */
    @Test
    void biasesAreMergedWhenThatIsAskedFor() {
        Map<String, NDArray> golden = Golden.arrays("keras.safetensors");
        Parameter second = Parameter.of(KEY.normal(0, 1, DType.F64, Shape.of(8)));
        Lstm lstm = Lstm.create(3, 2, KEY).withInner(second);
        refused(
                () -> KerasWeights.create().put("lstm", lstm),
                "put 'lstm' of Keras with a cell with two biases: Keras has one; withMergedBiases() adds them up, which cannot"
                        + " be undone");
        assertSame(golden, lstm, lstm.withMergedBiases(), KerasWeights.create());
        RnnCell rnn = RnnCell.create(3, 2, KEY).withInner(Parameter.of(new double[] {1, -1}));
        refused(
                () -> FlaxWeights.create().put("rnn", rnn),
                "put 'rnn' of Flax with a cell with two biases: Flax has one; withMergedBiases() adds them up, which cannot"
                        + " be undone");
        assertSame(golden, rnn, rnn.withMergedBiases(), FlaxWeights.create());
        Gru gru = Gru.create(3, 2, KEY).withInner(Parameter.of(new double[] {1, -1, 2, -2, 3, -3}));
        refused(
                () -> FlaxWeights.create().put("gru", gru),
                "put 'gru' of Flax with a GRU with inner (6): that of Flax has a second bias of n alone, (2);"
                        + " withMergedBiases() adds the others up, which cannot be undone");
        assertSame(golden, gru, gru.withMergedBiases(), FlaxWeights.create());
    }

    private static <S> void assertSame(Map<String, NDArray> golden, Cell<S> cell, Cell<S> merged, Weights weights) {
        NDArray expected = run(cell, golden).outputs().value();
        Golden.near("merged", run(merged, golden).outputs().value(), expected, 1e-14);
        weights.put("cell", merged);
        assertThat(weights.arrays()).isNotEmpty();
    }

    @Test
    void whatAFrameworkDoesNotHaveIsRefusedByName() {
        Lstm lstm = Lstm.create(2, 3, KEY);
        Optional<Parameter> peepholes = Optional.of(Parameter.zeros(DType.F64, 3, 3));
        Optional<Parameter> projection = Optional.of(Parameter.zeros(DType.F64, 3, 3));
        Lstm seeing = new Lstm(lstm.wx(), lstm.wh(), lstm.b(), peepholes, Optional.empty(), false);
        Lstm projecting = new Lstm(lstm.wx(), lstm.wh(), lstm.b(), Optional.empty(), projection, false);
        Parameter matrix = Parameter.zeros(DType.F64, 3, 9);
        Parameter vector = Parameter.zeros(DType.F64, 9);
        Lstm coupled = new Lstm(matrix, matrix, vector, Optional.empty(), Optional.empty(), true);
        Gru before = Gru.createWithResetBefore(2, 3, DType.F64, Initializer.zeros(), KEY);
        String put = "put 'cell' of Flax with a cell with ";
        refused(seeing, put + "peepholes: Flax has no such cell");
        refused(projecting, put + "a projection: Flax has no such cell");
        refused(coupled, put + "coupled gates: Flax has no such cell");
        refused(lstm.withClip(1), put + "a clip: Flax has no such cell");
        refused(Gru.create(2, 3, KEY).withClip(1), put + "a clip: Flax has no such cell");
        refused(RnnCell.create(2, 3, KEY).withClip(1), put + "a clip: Flax has no such cell");
        refused(
                before,
                "put 'cell' of Flax with a GRU that resets before the product (it has no inner): that of Flax resets after"
                        + " it, and computes something else");
        refused(
                MinimalGatedUnit.create(2, 3, KEY),
                "put 'cell' of Flax with a MinimalGatedUnit: Flax has the cells RnnCell, Lstm and Gru, and no such one");
    }

    private static void refused(Cell<?> cell, String message) {
        refused(() -> FlaxWeights.create().put("cell", cell), message);
    }

    private static void refused(ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
