package dev.clew.nn.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.onnx.Literal.Body;
import dev.clew.nn.onnx.Literal.Node;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Layers;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Loops of built-in cells as one operator, with random weights: where all weights are one number, as in ONNX's own tests, a wrong order
 * of the gates is not seen.
 */
class LoopsTest {
    private static final int BATCH = 3;
    private static final int TIME = 5;
    private static final int INPUTS = 4;
    private static final int UNITS = 3;

    private static final NDArray X = random(1, Shape.of(BATCH, TIME, INPUTS));
    private static final NDArray LENGTHS = NDArray.of(new int[] {TIME, 2, 0});

    private static NDArray random(int seed, Shape shape) {
        return RandomKey.of(seed).normal(0, 1, DType.F32, shape);
    }

    /** Makes parameters, no two alike, and not so large that a loop makes much of a rounding. */
    private static final class Draws {
        private int seed;

        Draws(int seed) {
            this.seed = seed;
        }

        Parameter of(int... shape) {
            return Parameter.of(RandomKey.of(seed++).normal(0, 0.5, DType.F32, Shape.of(shape)));
        }
    }

    private static RnnCell rnn(Draws draws) {
        return new RnnCell(draws.of(INPUTS, UNITS), draws.of(UNITS, UNITS), draws.of(UNITS));
    }

    private static Gru gru(Draws draws, Optional<Parameter> inner) {
        return new Gru(draws.of(INPUTS, 3 * UNITS), draws.of(UNITS, 3 * UNITS), draws.of(3 * UNITS), inner);
    }

    private static Lstm lstm(Draws draws, boolean hasPeepholes, boolean isCoupled) {
        int gates = isCoupled ? 3 : 4;
        return new Lstm(
                draws.of(INPUTS, gates * UNITS),
                draws.of(UNITS, gates * UNITS),
                draws.of(gates * UNITS),
                hasPeepholes ? Optional.of(draws.of(gates - 1, UNITS)) : Optional.empty(),
                Optional.empty(),
                isCoupled);
    }

    private static Map<String, Cell<?>> cells(Draws draws) {
        ImmutableMap.Builder<String, Cell<?>> all = ImmutableMap.builder();
        all.put("RNN", rnn(draws));
        all.put("RNN with relu and two biases", rnn(draws).withRelu().withInner(draws.of(UNITS)));
        all.put("RNN clipped", rnn(draws).withClip(0.5));
        all.put("GRU", gru(draws, Optional.of(draws.of(UNITS))));
        all.put("GRU with two biases", gru(draws, Optional.of(draws.of(3 * UNITS))));
        all.put("GRU with the reset before", gru(draws, Optional.empty()));
        all.put("GRU clipped", gru(draws, Optional.of(draws.of(UNITS))).withClip(0.5));
        all.put("LSTM", lstm(draws, false, false));
        all.put("LSTM with two biases", lstm(draws, false, false).withInner(draws.of(4 * UNITS)));
        all.put("LSTM with peepholes", lstm(draws, true, false));
        all.put("LSTM coupled", lstm(draws, false, true));
        all.put("LSTM coupled with peepholes", lstm(draws, true, true));
        all.put("LSTM clipped", lstm(draws, false, false).withClip(0.4));
        all.put("LSTM clipped with peepholes", lstm(draws, true, false).withClip(0.4));
        all.put("LSTM without a bias", withoutBias(lstm(draws, false, false)));
        return all.buildOrThrow();
    }

    private static Lstm withoutBias(Lstm of) {
        return new Lstm(
                of.wx(), of.wh(), Parameter.zeros(DType.F32, 0), of.peepholes(), of.projection(), of.isCoupled());
    }

    enum Direction {
        FORWARD,
        REVERSE,
        BIDIRECTIONAL
    }

    static Stream<Arguments> loops() {
        List<Arguments> all = new ArrayList<>();
        Map<String, Cell<?>> forward = cells(new Draws(100));
        Map<String, Cell<?>> backward = cells(new Draws(500));
        for (String name : forward.keySet()) {
            for (Direction direction : Direction.values()) {
                for (boolean hasLengths : new boolean[] {false, true}) {
                    for (boolean hasStart : new boolean[] {false, true}) {
                        all.add(Arguments.of(
                                name, direction, hasLengths, hasStart, forward.get(name), backward.get(name)));
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1}, lengths {2}, start {3}")
    @MethodSource("loops")
    <S> void loopsAreOneOperator(
            String name, Direction direction, boolean hasLengths, boolean hasStart, Cell<S> forward, Cell<S> backward)
            throws Exception {
        Tensor x = Tensor.input("x", DType.F32, BATCH, TIME, INPUTS);
        Optional<Tensor> lengths =
                hasLengths ? Optional.of(Tensor.input("lengths", DType.I32, BATCH)) : Optional.empty();
        Run<S> there = run(forward, x, lengths, hasStart, 900);
        Run<S> back = run(backward, x, lengths, hasStart, 950).backwards();
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        OnnxModel model = switch (direction) {
            case FORWARD -> model(outputs, there).withRun(there);
            case REVERSE -> model(outputs, back).withRun(back);
            case BIDIRECTIONAL -> {
                Run.BothWays<S, S> both = new Run.BothWays<>(there, back);
                results("there", there, outputs);
                outputs.put("outputs", both.outputs());
                yield model(outputs, back).withRun(both);
            }
        };
        assertThat(operators(model)).containsOnlyOnce(name.substring(0, name.startsWith("LSTM") ? 4 : 3));
        Comparison.assertSame(model, Map.of("x", X, "lengths", LENGTHS));
    }

    private static <S> Run<S> run(Cell<S> cell, Tensor x, Optional<Tensor> lengths, boolean hasStart, int seed) {
        Run<S> run = lengths.map(each -> Run.of(cell, x, each)).orElseGet(() -> Run.of(cell, x));
        if (!hasStart) {
            return run;
        }
        S zeros = cell.start(BATCH);
        List<Tensor> parts = new ArrayList<>();
        for (Tensor part : States.tensors(zeros)) {
            parts.add(Tensor.of(random(seed + parts.size(), part.shape())));
        }
        return run.from(States.withTensors(zeros, parts));
    }

    private static OnnxModel model(Map<String, Tensor> outputs, Run<?> run) {
        results("run", run, outputs);
        return OnnxModel.of(outputs);
    }

    private static void results(String name, Run<?> run, Map<String, Tensor> outputs) {
        outputs.put(name + " outputs", run.outputs());
        outputs.put(name + " last outputs", run.lastOutputs());
        outputs.put(name + " at step 2", States.tensors(run.states().get(2)).getFirst());
        for (Tensor part : States.tensors(run.last())) {
            outputs.put(name + " last state " + outputs.size(), part);
        }
    }

    private static List<String> operators(OnnxModel model) throws Exception {
        Body graph = ModelReader.model(ByteBuffer.wrap(model.toBytes()));
        return graph.nodes().stream().map(Node::operator).toList();
    }

    /** The cells of both ends may differ in what one operator has but once. */
    @Test
    void whatOneOperatorCannotDoIsTwo() throws Exception {
        Draws draws = new Draws(1000);
        Tensor x = Tensor.input("x", DType.F32, BATCH, TIME, INPUTS);
        Run.BothWays<Tensor, Tensor> both =
                Run.bothWays(gru(draws, Optional.of(draws.of(UNITS))), gru(draws, Optional.empty()), x);
        OnnxModel model = OnnxModel.of(Map.of("y", both.outputs())).withRun(both);
        assertThat(operators(model)).filteredOn("GRU"::equals).hasSize(2);
        Comparison.assertSame(model, Map.of("x", X));
    }

    /** One operator cannot begin with what it finds. */
    @Test
    void aLoopThatBeginsWhereTheOtherEndsIsTwo() throws Exception {
        Draws draws = new Draws(1050);
        Tensor x = Tensor.input("x", DType.F32, BATCH, TIME, INPUTS);
        Run<Lstm.State> there = Run.of(lstm(draws, false, false), x);
        Run<Lstm.State> back =
                Run.of(lstm(draws, false, false), x).from(there.last()).backwards();
        Run.BothWays<Lstm.State, Lstm.State> both = new Run.BothWays<>(there, back);
        OnnxModel model = OnnxModel.of(Map.of("y", both.outputs())).withRun(both);
        assertThat(operators(model)).filteredOn("LSTM"::equals).hasSize(2);
        Comparison.assertSame(model, Map.of("x", X));
    }

    /** Encoder and decoder with the same numbers. */
    @Test
    void aCellMayBeThatOfTwoLoops() throws Exception {
        Draws draws = new Draws(1070);
        Gru cell = new Gru(
                draws.of(UNITS, 3 * UNITS),
                draws.of(UNITS, 3 * UNITS),
                draws.of(3 * UNITS),
                Optional.of(draws.of(UNITS)));
        Tensor x = Tensor.input("x", DType.F32, BATCH, TIME, UNITS);
        Run<Tensor> encoder = Run.of(cell, x);
        Run<Tensor> decoder = Run.of(cell, encoder.outputs()).from(encoder.last());
        OnnxModel model = OnnxModel.of(
                        Map.of("y", decoder.outputs(), "z", decoder.last().matmul(cell.wh())))
                .withParameters(cell)
                .withRun(decoder)
                .withRun(encoder);
        Comparison.assertSame(model, Map.of("x", random(1, Shape.of(BATCH, TIME, UNITS))));
    }

    @Test
    void aLoopOverALoopIsTwoOperators() throws Exception {
        Draws draws = new Draws(1100);
        Tensor x = Tensor.input("x", DType.F32, BATCH, TIME, INPUTS);
        Tensor lengths = Tensor.input("lengths", DType.I32, BATCH);
        Run<Lstm.State> lower = Run.of(lstm(draws, false, false), x, lengths);
        Gru cell = new Gru(
                draws.of(UNITS, 3 * UNITS),
                draws.of(UNITS, 3 * UNITS),
                draws.of(3 * UNITS),
                Optional.of(draws.of(UNITS)));
        Run<Tensor> upper = Run.of(cell, lower.outputs(), lengths);
        OnnxModel model = OnnxModel.of(
                        Map.of("y", upper.lastOutputs(), "c", lower.last().c()))
                .withRun(lower)
                .withRun(upper);
        assertThat(operators(model)).contains("LSTM", "GRU").doesNotContain("Sigmoid");
        Comparison.assertSame(model, Map.of("x", X, "lengths", LENGTHS));
    }

    @Test
    void layersOfBothDirectionsAreOneOperatorEach() throws Exception {
        Draws draws = new Draws(1500);
        Lstm above = new Lstm(
                draws.of(2 * UNITS, 4 * UNITS),
                draws.of(UNITS, 4 * UNITS),
                draws.of(4 * UNITS),
                Optional.empty(),
                Optional.empty(),
                false);
        Layers<Lstm.State> layers = new Layers<>(List.of(
                new Layers.Layer<>(lstm(draws, false, false), lstm(draws, false, false)), new Layers.Layer<>(above)));
        Tensor x = Tensor.input("x", DType.F32, BATCH, TIME, INPUTS);
        Layers.Passage<Lstm.State> passage = layers.run(x, Tensor.input("lengths", DType.I32, BATCH));
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("y", passage.outputs());
        passage.last().forEach(state -> outputs.put("c" + outputs.size(), state.c()));
        OnnxModel model = OnnxModel.of(outputs).withRun(passage);
        assertThat(operators(model)).filteredOn("LSTM"::equals).hasSize(2);
        assertThat(operators(model)).doesNotContain("Sigmoid");
        Comparison.assertSame(model, Map.of("x", X, "lengths", LENGTHS));
    }

    /** What the operator does not give, the cell at a step in between, is computed step by step. */
    @Test
    void whatTheOperatorDoesNotGiveIsAFormula() throws Exception {
        Tensor x = Tensor.input("x", DType.F32, BATCH, TIME, INPUTS);
        Run<Lstm.State> run = Run.of(lstm(new Draws(1200), true, false), x);
        OnnxModel model = OnnxModel.of(
                        Map.of("y", run.outputs(), "c", run.states().get(1).c()))
                .withRun(run);
        assertThat(operators(model)).contains("LSTM", "Sigmoid");
        Comparison.assertSame(model, Map.of("x", X));
    }

    /** In f64 the operator is as ONNX has it, but onnxruntime has it in f32 alone; step by step it runs. */
    @Test
    void loopsOfF64RunStepByStep() throws Exception {
        Tensor x = Tensor.input("x", DType.F64, BATCH, TIME, INPUTS);
        Run<Lstm.State> run = Run.of(Lstm.create(INPUTS, UNITS, RandomKey.of(3)), x);
        OnnxModel model =
                OnnxModel.of(Map.of("y", run.outputs(), "c", run.last().c()));
        Map<String, NDArray> inputs = Map.of("x", X.cast(DType.F64));
        Comparison.assertSame(model, inputs);
        assertThatThrownBy(() -> OnnxRuntime.run(model.withRun(run).toBytes(), inputs))
                .isInstanceOf(OrtException.class)
                .hasMessageContaining("does not support double");
    }

    /** Why X and Y are transposed: the runtime takes the batch first from nobody. */
    @Test
    void theRuntimeRefusesTheBatchFirst() throws Exception {
        Tensor x = Tensor.input("x", DType.F32, TIME, BATCH, INPUTS);
        Run<Tensor> run = Run.of(rnn(new Draws(1300)), x.transpose(1, 0, 2));
        OnnxModel model = OnnxModel.of(Map.of("y", run.outputs())).withRun(run);
        Body graph = ModelReader.model(ByteBuffer.wrap(model.toBytes()));
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Map<String, Literal> attributes = new HashMap<>(node.attributes());
            if (node.operator().equals("RNN")) {
                attributes.put("layout", new Literal.Whole(1));
            }
            nodes.add(Node.of(node.operator(), node.inputs(), node.outputs(), attributes));
        }
        Body changed = new Body(
                graph.name(), ImmutableList.copyOf(nodes), graph.initializers(), graph.inputs(), graph.outputs());
        byte[] bytes = ModelWriter.model(changed).toBytes();
        assertThatThrownBy(() -> OnnxRuntime.run(bytes, Map.of("x", random(1, Shape.of(TIME, BATCH, INPUTS)))))
                .isInstanceOf(OrtException.class)
                .hasMessageContaining("layout");
    }

    @Test
    void otherCellsHaveNoOperator() {
        Tensor x = Tensor.input("x", DType.F32, BATCH, TIME, INPUTS);
        Run<Tensor> run = Run.of(new Own(Parameter.of(random(1, Shape.of(INPUTS, UNITS)))), x);
        OnnxModel model = OnnxModel.of(Map.of("y", run.outputs()));
        assertThatThrownBy(() -> model.withRun(run))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "Run of Own over (3, 5, 4) as one operator: there are operators for RnnCell, Gru");
        Run<Tensor> twice = Run.of(rnn(new Draws(1400)), x);
        assertThat(OnnxModel.of(Map.of("y", twice.outputs()))
                        .withRun(twice)
                        .withRun(twice)
                        .toBytes())
                .isEqualTo(OnnxModel.of(Map.of("y", twice.outputs()))
                        .withRun(twice)
                        .toBytes());
    }

    private record Own(Parameter w) implements Cell<Tensor> {
        @Override
        public Tensor start(int batch) {
            return Tensor.zeros(DType.F32, batch, UNITS);
        }

        @Override
        public Out<Tensor> step(Tensor x, Tensor state) {
            Tensor next = x.matmul(w).plus(state).tanh();
            return new Out<>(next, next);
        }
    }
}
