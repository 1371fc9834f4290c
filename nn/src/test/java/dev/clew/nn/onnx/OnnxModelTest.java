package dev.clew.nn.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.io.UnreadableFileException;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.Dropout;
import dev.clew.nn.layer.Embedding;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxModelTest {
    private static final NDArray LETTERS = NDArray.of(new int[][] {{1, 4, 0, 2}, {3, 3, 1, 0}});
    private static final NDArray TARGETS = NDArray.of(new int[][] {{4, 0, 2, 2}, {3, 1, 0, 4}});

    @TempDir
    private Path folder;

    private record Model(Embedding embedding, Gru cell, Linear head) {
        static Model create(DType dtype) {
            RandomKey key = RandomKey.of(5);
            return new Model(
                    Embedding.create(5, 3, dtype, key.fold(0)),
                    Gru.create(3, 4, dtype, key.fold(1)),
                    Linear.create(4, 5, dtype, key.fold(2)));
        }

        Tensor logits(Tensor letters) {
            return head.of(Run.of(cell, embedding.of(letters)).outputs());
        }
    }

    private static final Tensor INPUT = Tensor.input("letters", DType.I32, 2, 4);
    private static final Tensor LABELS = Tensor.input("targets", DType.I32, 2, 4);

    /** A loss of a recurrent model, and its gradient: a formula is a formula. */
    @Test
    void aLossAndItsGradientAreComputedAlike() throws Exception {
        Model model = Model.create(DType.F64);
        Tensor loss = Losses.softmaxCrossEntropy(model.logits(INPUT), LABELS);
        Map<String, Parameter> parameters = Parameters.named(model);
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        Gradients gradients = Gradients.of(loss);
        parameters.forEach((name, parameter) -> outputs.put("gradient of " + name, gradients.wrt(parameter)));
        Comparison.assertSame(
                OnnxModel.of(outputs).withParameters(model), Map.of("letters", LETTERS, "targets", TARGETS));
    }

    @Test
    void whatWasWrittenIsReadWithItsNamesAndNumbers() throws IOException {
        Model model = Model.create(DType.F32);
        Path file = folder.resolve("model.onnx");
        OnnxModel.of(Map.of("logits", model.logits(INPUT)))
                .withParameters(model)
                .write(file);
        OnnxModel read = OnnxModel.read(file);
        assertThat(read.toString()).isEqualTo("OnnxModel\n  input letters (2, 4) i32\n  output logits (2, 4, 5) f32");
        assertThat(read.parameters().keySet()).isEqualTo(Parameters.named(model).keySet());
        read.parameters()
                .forEach((name, parameter) -> assertThat(parameter.value())
                        .as(name)
                        .isEqualTo(Parameters.named(model, name).value()));
        assertThat(folder.toFile().list()).containsExactly("model.onnx");
    }

    /** Names of values in between are those that nothing else has, also within the body of a loop. */
    @Test
    void namesOfInputsAndParametersMayBeAny() throws Exception {
        Tensor exp = Tensor.input("Exp_0", DType.F64, 3, 2);
        Tensor mul = Tensor.input("Mul_1", DType.F64, 3, 2);
        Parameter own = Parameter.of(NDArray.full(0.5, DType.F64, Shape.of(3, 2)));
        Tensor y = exp.exp().plus(mul).linearRecurrence(0, exp.times(mul)).times(own);
        Map<String, NDArray> inputs = Map.of(
                "Exp_0", RandomKey.of(1).normal(0, 1, DType.F64, Shape.of(3, 2)),
                "Mul_1", RandomKey.of(2).normal(0, 1, DType.F64, Shape.of(3, 2)));
        Comparison.assertSame(OnnxModel.of(Map.of("y", y)).withParameters(Map.of("Add_0", own)), inputs);
        Comparison.assertSame(OnnxModel.of(Map.of("y", y)).withParameters(own), inputs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "\ud83d"})
    void namesThatOnnxDoesNotHaveAreRefused(String name) {
        Tensor x = Tensor.input("x", DType.F32, 2);
        OnnxModel output = OnnxModel.of(Map.of(name, x.exp()));
        OnnxModel input =
                OnnxModel.of(Map.of("y", Tensor.input(name, DType.F32, 2).exp()));
        assertThatThrownBy(output::toBytes)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("export to ONNX: an output is named '" + name
                        + "'; a name of ONNX is a text that is not empty and has no U+0000");
        assertThatThrownBy(input::toBytes)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("export to ONNX: an input is named '" + name + "'; a name of ONNX");
    }

    /** Those within the body of a loop too. */
    @Test
    void itSaysWhichOperatorsARuntimeNeeds() {
        Tensor x = Tensor.input("x", DType.F32, 3, 4);
        Tensor y = x.matmul(Parameter.zeros(DType.F32, 4, 4)).tanh();
        assertThat(OnnxModel.of(Map.of("a", y, "b", y.exp().plus(y))).operators())
                .containsExactly(
                        Map.entry("Add", 1),
                        Map.entry("Exp", 1),
                        Map.entry("Identity", 2),
                        Map.entry("MatMul", 1),
                        Map.entry("Tanh", 1));
        assertThat(OnnxModel.of(Map.of("h", x.linearRecurrence(1, x))).operators())
                .containsEntry("Scan", 1)
                .containsEntry("Mul", 1)
                .containsEntry("Add", 1);
    }

    /** Parameters that were read are trained like any others. */
    @Test
    void whatWasReadIsTrainedOn() throws IOException {
        Model model = Model.create(DType.F64);
        Path file = folder.resolve("model.onnx");
        Tensor letters = Tensor.of(LETTERS);
        Tensor targets = Tensor.of(TARGETS);
        Tensor loss = Losses.softmaxCrossEntropy(model.logits(letters), targets);
        OnnxModel.of(Map.of("loss", loss)).withParameters(model).write(file);
        OnnxModel read = OnnxModel.read(file);
        Tensor again = requireNonNull(read.outputs().get("loss"));
        Sgd.of(model, 0.5).step(loss);
        Sgd.of(read.parameters(), 0.5).step(again);
        read.parameters()
                .forEach((name, parameter) -> Comparison.assertSame(
                        name, parameter.value(), Parameters.named(model, name).value()));
    }

    /** An operator has weights in a layout of its own; they are read back as the parameters that they were. */
    @Test
    void aLoopThatWasReadHasTheParametersThatItHad() throws IOException {
        Model model = Model.create(DType.F32);
        Tensor x = Tensor.input("x", DType.F32, 2, 4, 3);
        Run<Tensor> run = Run.of(model.cell(), x);
        Path file = folder.resolve("model.onnx");
        OnnxModel.of(Map.of("y", model.head().of(run.outputs())))
                .withParameters(model)
                .withRun(run)
                .write(file);
        Map<String, Parameter> read = OnnxModel.read(file).parameters();
        assertThat(read.keySet())
                .containsExactlyInAnyOrder("cell.wx", "cell.wh", "cell.b", "cell.inner", "head.weight", "head.bias");
        read.forEach((name, parameter) -> assertThat(parameter.value())
                .as(name)
                .isEqualTo(Parameters.named(model, name).value()));
    }

    /** One cell from both ends, of whose weights a formula has some too: one parameter everywhere, so training is the same. */
    @Test
    void aParameterInSeveralPlacesStaysOne() throws IOException {
        Gru cell = Gru.create(3, 4, RandomKey.of(2));
        Tensor x = Tensor.of(RandomKey.of(3).normal(0, 1, DType.F64, Shape.of(2, 4, 3)));
        Run.BothWays<Tensor, Tensor> both = Run.bothWays(cell, cell, x);
        Tensor loss = both.outputs().square().mean().plus(cell.wx().square().mean());
        Path file = folder.resolve("model.onnx");
        OnnxModel.of(Map.of("loss", loss)).withRun(both).write(file);
        OnnxModel read = OnnxModel.read(file);
        Tensor again = requireNonNull(read.outputs().get("loss"));
        assertThat(read.parameters()).hasSize(4);
        for (int step = 0; step < 3; step++) {
            Sgd.of(cell, 0.5).step(loss);
            Sgd.of(read.parameters(), 0.5).step(again);
        }
        Comparison.assertSame("loss", again.value(), loss.value());
    }

    @Test
    void namesAreGivenOnce() {
        Tensor a = Tensor.input("x", DType.F64, 2);
        Tensor b = Tensor.input("x", DType.F64, 3);
        assertThatThrownBy(() ->
                        OnnxModel.of(Map.of("y", a.sum().plus(b.sum()))).toBytes())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two inputs are named 'x', DOUBLE [2] and DOUBLE [3]");
        assertThatThrownBy(() -> OnnxModel.of(Map.of("x", a.sum())).toBytes())
                .hasMessageContaining("an input is named 'x', as another value is");
        Parameter w = Parameter.of(2.0);
        assertThatThrownBy(() -> OnnxModel.of(Map.of("w", w.times(2)))
                        .withParameters(Map.of("w", w))
                        .toBytes())
                .hasMessageContaining("a parameter is named 'w', as another value is");
        OnnxModel one = OnnxModel.of(Map.of("y", w)).withParameters(Map.of("w", w));
        assertThatThrownBy(() -> one.withParameters(Map.of("w", Parameter.of(1.0))))
                .hasMessageContaining("two parameters are named 'w'");
        assertThatThrownBy(() -> OnnxModel.of(Map.of())).hasMessageContaining("name at least one formula");
    }

    /** Whatever names a user gives, those that are made up differ from them. */
    @Test
    void madeUpNamesDifferFromGivenOnes() throws Exception {
        Tensor x = Tensor.input("Add_0", DType.F64, 2);
        Comparison.assertSame(
                OnnxModel.of(Map.of("Tanh_1", x.plus(1).tanh())), Map.of("Add_0", NDArray.of(new double[] {1, 2})));
    }

    private record Cube() implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar;
        }
    }

    @Test
    void operationsOfTheUsersOwnAreRefused() throws IOException {
        Tensor y = new Cube().on(Tensor.input("x", DType.F64, 2));
        Path file = Files.writeString(folder.resolve("model.onnx"), "before");
        assertThatThrownBy(() -> OnnxModel.of(Map.of("y", y)).write(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("export to ONNX of cube (2) f64: ONNX has no operator for cube, whose value is Java code;"
                        + " write it as a formula of tensors, or build the formula as it is used, without dropout");
        assertThat(file).hasContent("before");
    }

    /** Every run of the model would leave out the same. */
    @Test
    void whatWasDrawnForOneEvaluationIsRefused() {
        Tensor x = Tensor.input("x", DType.F64, 4);
        Tensor y = new Dropout(0.5).of(x, RandomKey.of(1));
        assertThatThrownBy(() -> OnnxModel.of(Map.of("y", y)).toBytes())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "it was drawn at random for one evaluation, and every run of the model would repeat it");
    }

    /** A formula is unrolled step by step: its depth costs no stack. */
    @Test
    void longLoopsAreWritten() throws Exception {
        Tensor x = Tensor.input("x", DType.F64, 3);
        Tensor h = x;
        for (int t = 0; t < 20_000; t++) {
            h = h.times(0.999).plus(x);
        }
        byte[] bytes = OnnxModel.of(Map.of("h", h)).toBytes();
        OnnxModel read = OnnxModel.read(Path.of("model.onnx"), ByteBuffer.wrap(bytes));
        assertThat(OnnxModel.of(read.outputs()).toBytes()).hasSameSizeAs(bytes);
    }

    @Test
    void aFileOfAnotherKindIsNotReadToItsEnd() throws IOException {
        Path zeros = Files.write(folder.resolve("zeros.onnx"), new byte[100]);
        assertThatThrownBy(() -> OnnxModel.read(zeros))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageEndingWith(
                        "zeros.onnx: it is no ONNX model; a model is a message of protocol buffers, and its first"
                                + " byte names a field");
        assertThatThrownBy(() -> OnnxModel.read(Files.createFile(folder.resolve("empty.onnx"))))
                .isInstanceOf(UnreadableFileException.class);
        assertThatThrownBy(() -> OnnxModel.read(folder))
                .hasMessageEndingWith("it is a folder; a model of ONNX is one file");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> OnnxModel.read(folder.resolve("none.onnx"))).isInstanceOf(NoSuchFileException.class);
    }
}
