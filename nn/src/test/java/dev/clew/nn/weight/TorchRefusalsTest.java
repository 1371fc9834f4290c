package dev.clew.nn.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Initializer;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.Projection;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.sequence.Layers;
import dev.clew.tensor.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/** What is wrong with a state dict is said with the name of the array, what it is and what it must be. */
class TorchRefusalsTest {
    private static final RandomKey KEY = RandomKey.of(5);

    /** Two layers, one way, 2 inputs, 3 units. */
    private static Map<String, NDArray> lstm() {
        TorchWeights weights = TorchWeights.create();
        weights.put("rnn", Layers.of(List.of(Lstm.create(2, 3, KEY), Lstm.create(3, 3, KEY))));
        return new LinkedHashMap<>(weights.arrays());
    }

    private static NDArray zeros(int... shape) {
        return NDArray.full(0, DType.F64, Shape.of(shape));
    }

    private static void refused(ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static void refused(Consumer<Map<String, NDArray>> change, String message) {
        Map<String, NDArray> arrays = lstm();
        change.accept(arrays);
        refused(() -> TorchWeights.of(arrays).lstm("rnn"), "lstm 'rnn' of PyTorch: " + message);
    }

    @Test
    void aMissingArrayIsNamedWithTheNearest() {
        refused(
                () -> TorchWeights.of(lstm()).lstm("rn"),
                "lstm 'rn' of PyTorch: there is no 'rn.weight_ih_l0'; did you mean 'rnn.weight_ih_l0'? The names are"
                        + " [rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, rnn.bias_hh_l0, rnn.weight_ih_l1,"
                        + " rnn.weight_hh_l1, rnn.bias_ih_l1, rnn.bias_hh_l1]");
        refused(
                () -> TorchWeights.of(Map.of("a", zeros(2))).linear("head"),
                "linear 'head' of PyTorch: there is no 'head.weight'. The names are [a]");
        refused(
                arrays -> arrays.remove("rnn.bias_hh_l1"),
                "there is no 'rnn.bias_hh_l1'. The names are [rnn.weight_ih_l0,"
                        + " rnn.weight_hh_l0, rnn.bias_ih_l0, rnn.bias_hh_l0, rnn.weight_ih_l1, rnn.weight_hh_l1,"
                        + " rnn.bias_ih_l1]");
    }

    @Test
    void arraysOfTheWrongShapeAreNamed() {
        refused(
                arrays -> arrays.put("rnn.weight_hh_l0", zeros(12, 4)),
                "'rnn.weight_hh_l0' is (12, 4) f64, and must be (16, 4), (4·units, units); it is that of a layer of another"
                        + " kind, GRU");
        refused(
                arrays -> arrays.put("rnn.weight_hh_l0", zeros(12)),
                "'rnn.weight_hh_l0' is (12) f64, and must be (4·units, units)");
        refused(
                arrays -> arrays.put("rnn.weight_ih_l0", zeros(9, 2)),
                "'rnn.weight_ih_l0' is (9, 2) f64, and must be (12, 2), (4·units, inputs), beside 'rnn.weight_hh_l0' (12, 3)"
                        + " f64");
        refused(
                arrays -> arrays.put("rnn.weight_ih_l1", zeros(12, 6)),
                "'rnn.weight_ih_l1' is (12, 6) f64, and must be (12, 3), (4·units, inputs), beside 'rnn.weight_ih_l0' (12, 2)"
                        + " f64");
        refused(
                arrays -> arrays.put("rnn.bias_hh_l0", zeros(3)),
                "'rnn.bias_hh_l0' is (3) f64, and must be (12), (4·units), beside 'rnn.weight_ih_l0' (12, 2) f64");
    }

    @Test
    void anotherKindOfCellIsNoticed() {
        refused(
                () -> TorchWeights.of(lstm()).gru("rnn"),
                "gru 'rnn' of PyTorch: 'rnn.weight_hh_l0' is (12, 3) f64, and must be (9, 3), (3·units, units); it is that of"
                        + " a layer of another kind, LSTM");
    }

    @Test
    void arraysThatBelongToTheLayersAndAreNoneOfThemAreNoticed() {
        refused(
                arrays -> arrays.put("rnn.weight_ih_l3", zeros(12, 3)),
                "there is no 'rnn.weight_ih_l2', but 'rnn.weight_ih_l3' is (12, 3) f64, which goes with it");
        refused(
                arrays -> arrays.remove("rnn.weight_ih_l1"),
                "there is no 'rnn.weight_ih_l1', but 'rnn.weight_hh_l1' is (12, 3) f64, which goes with it");
        refused(
                arrays -> arrays.put("rnn.bias_ih_l1_reverse", zeros(12)),
                "there is no 'rnn.weight_ih_l0_reverse', but 'rnn.bias_ih_l1_reverse' is (12) f64, which goes with it");
        TorchWeights elman = TorchWeights.create();
        elman.put("rnn", Layers.of(List.of(RnnCell.create(2, 3, KEY))));
        Map<String, NDArray> projected = new LinkedHashMap<>(elman.arrays());
        projected.put("rnn.weight_hr_l0", zeros(2, 3));
        refused(
                () -> TorchWeights.of(projected).rnn("rnn", RnnCell.Activation.TANH),
                "rnn 'rnn' of PyTorch: 'rnn.weight_hr_l0' is (2, 3) f64, which is none of its arrays: is it a layer of"
                        + " another kind?");
    }

    @Test
    void typesAreNotMixedAndAreFloatingPoint() {
        refused(
                arrays -> arrays.put("rnn.bias_ih_l0", zeros(12).cast(DType.F32)),
                "'rnn.bias_ih_l0' is (12) f32, and 'rnn.weight_ih_l0' is (12, 2) f64: the weights of a layer are of one type;"
                        + " cast one of them");
        refused(
                arrays -> arrays.put("rnn.weight_ih_l0", zeros(12, 2).cast(DType.I32)),
                "'rnn.weight_ih_l0' is (12, 2) i32: weights are floating-point numbers; cast first: .cast(DType.F32)");
    }

    @Test
    void layersHaveTheTypeThatTheirArraysWereCastTo() {
        Map<String, NDArray> arrays = lstm();
        arrays.replaceAll((_, array) -> array.cast(DType.F32));
        var layers = TorchWeights.of(arrays).lstm("rnn");
        assertThat(Parameters.named(layers).values()).hasSize(8).allMatch(each -> each.dtype() == DType.F32);
    }

    @Test
    void whatNobodyReadIsSaid() {
        Map<String, NDArray> arrays = lstm();
        arrays.put("head.weight", zeros(2, 3));
        TorchWeights weights = TorchWeights.of(arrays);
        weights.lstm("rnn");
        assertThat(weights.unread()).containsExactly("head.weight");
        assertThatThrownBy(weights::requireAllRead)
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "weights of PyTorch: no layer has read [head.weight]; read them too, or take them out of the map");
        refused(
                () -> weights.linear("head"),
                "linear 'head' of PyTorch: there is no 'head.bias'. The names are [rnn.weight_ih_l0, rnn.weight_hh_l0,"
                        + " rnn.bias_ih_l0, rnn.bias_hh_l0, rnn.weight_ih_l1, rnn.weight_hh_l1, rnn.bias_ih_l1,"
                        + " rnn.bias_hh_l1, head.weight]");
        weights.projection("head");
        weights.requireAllRead();
        refused(
                () -> weights.lstm("rnn"),
                "lstm 'rnn' of PyTorch: 'rnn.weight_ih_l0' was read or put before; begin anew, or give another prefix");
        refused(
                () -> weights.put("rnn", Layers.of(List.of(Lstm.create(2, 3, KEY)))),
                "put 'rnn.weight_ih_l0' of PyTorch: a parameter of that name was read or put before; begin anew, or give"
                        + " another prefix");
    }

    @Test
    void aBiasIsNotPassedOver() {
        TorchWeights weights = TorchWeights.create();
        weights.put("head", Linear.create(2, 3, KEY));
        refused(
                () -> TorchWeights.of(weights.arrays()).projection("head"),
                "projection 'head' of PyTorch: 'head.bias' is (3) f64, a bias, which a projection has not; read it by linear");
        TorchWeights bare = TorchWeights.create();
        bare.put("head", Projection.create(2, 3, DType.F32, KEY));
        assertThat(TorchWeights.of(bare.arrays()).projection("head").weight().shape())
                .isEqualTo(Shape.of(2, 3));
    }

    @Test
    void layersThatPyTorchCannotHaveAreRefused() {
        TorchWeights weights = TorchWeights.create();
        Gru before = Gru.createWithResetBefore(2, 3, DType.F64, Initializer.zeros(), KEY);
        refused(
                () -> weights.put("rnn", Layers.of(List.of(before))),
                "put 'rnn' of PyTorch with a GRU that resets before the product (it has no inner): that of PyTorch resets"
                        + " after it, and computes something else");
        refused(
                () -> weights.put("rnn", Layers.of(List.of(Lstm.create(2, 3, KEY), Lstm.create(3, 4, KEY)))),
                "put 'rnn' of PyTorch: a cell of layer 1 is LSTM of 3 inputs and 4 units, with biases, f64, in 1 directions,"
                        + " and must be LSTM of 3 inputs and 3 units, with biases, f64, in 1: layers of PyTorch are of one"
                        + " kind and size; put the cells one by one");
        Lstm lstm = Lstm.create(2, 3, KEY);
        Optional<Parameter> projection = Optional.of(Parameter.zeros(DType.F64, 3, 3));
        Lstm projecting = new Lstm(lstm.wx(), lstm.wh(), lstm.b(), Optional.empty(), projection, false);
        refused(
                () -> weights.put("cell", projecting),
                "put 'cell' of PyTorch with a cell with a projection: nn.LSTMCell has none, nn.LSTM has: put it as"
                        + " Layers.of(List.of(cell))");
        weights.put("rnn", Layers.of(List.of(projecting)));
        assertThat(weights.arrays().keySet())
                .containsExactly(
                        "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "rnn.weight_hr_l0");
    }

    /** One bias is written as the first of two; the second, 0, is no parameter here, and so it has no gradient. */
    @Test
    void aCellWithOneBiasIsWrittenWithASecondOfZeros() {
        RnnCell cell = RnnCell.create(2, 3, KEY);
        TorchWeights weights = TorchWeights.create();
        weights.put("cell", cell);
        assertThat(weights.arrays())
                .containsEntry("cell.bias_hh", zeros(3))
                .containsEntry("cell.bias_ih", cell.b().value());
        assertThat(weights.arrays(Parameter::value).keySet())
                .containsExactly("cell.weight_ih", "cell.weight_hh", "cell.bias_ih");
        Gru gru = Gru.create(2, 1, KEY);
        weights.put("gru", gru);
        assertThat(Golden.array(weights.arrays(), "gru.bias_hh"))
                .isEqualTo(NDArray.of(
                        new double[] {0, 0, gru.inner().orElseThrow().value().get(0)}));
    }

    @Test
    void numbersOfAnotherShapeAreRefused() {
        TorchWeights weights = TorchWeights.create();
        weights.put("head", Projection.create(2, 3, DType.F32, KEY));
        assertThatThrownBy(() -> weights.arrays(_ -> zeros(3, 2)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("arrays: the function gave (3, 2) for parameter (2, 3) f32")
                .hasMessageEndingWith(": numbers have the shape of their parameter");
    }

    /** Whatever shapes and types stand under the names, layers are read or refused with the documented exception. */
    @Property(tries = 3000)
    void anyArraysAreReadOrRefused(@ForAll Random random) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (String name : List.of(
                "weight_ih_l0",
                "weight_hh_l0",
                "bias_ih_l0",
                "bias_hh_l0",
                "weight_hr_l0",
                "weight_ih_l1",
                "weight",
                "bias",
                "kernel",
                "recurrent_kernel",
                "gamma",
                "beta",
                "ii/kernel",
                "hi/kernel",
                "i/kernel",
                "h/kernel",
                "i/bias")) {
            if (random.nextInt(8) > 0) {
                int[] shape = random.ints(random.nextInt(4), 0, 5).toArray();
                DType dtype = random.nextInt(9) == 0 ? (random.nextBoolean() ? DType.F64 : DType.I32) : DType.F32;
                arrays.put(name, NDArray.full(1, dtype, Shape.of(shape)));
            }
        }
        TorchWeights torch = TorchWeights.of(arrays);
        KerasWeights keras = KerasWeights.of(arrays);
        FlaxWeights flax = FlaxWeights.of(arrays);
        for (Runnable read : List.<Runnable>of(
                () -> torch.lstm(""),
                () -> TorchWeights.of(arrays).gru(""),
                () -> TorchWeights.of(arrays).rnn("", RnnCell.Activation.TANH),
                () -> TorchWeights.of(arrays).linear(""),
                () -> torch.projection(""),
                () -> TorchWeights.of(arrays).layerNorm(""),
                () -> TorchWeights.of(arrays).embedding(""),
                () -> keras.lstmCell(""),
                () -> KerasWeights.of(arrays).gruCell(""),
                () -> KerasWeights.of(arrays).gruCell("", true),
                () -> keras.layerNorm(""),
                () -> flax.rnnCell("", RnnCell.Activation.TANH),
                () -> FlaxWeights.of(arrays).lstmCell(""))) {
            try {
                read.run();
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageMatching("(?s)\\w+ '' of (PyTorch|Keras|Flax): .+");
            }
        }
        assertThat(arrays.entrySet()).containsAll(torch.arrays().entrySet());
    }
}
