package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Axes of length 0 and 1, single steps and single sequences, and NaN where sequences have ended. */
class SmallestShapesTest {
    private static final int INPUTS = 3;
    private static final int UNITS = 2;
    private static final RandomKey KEY = RandomKey.of(5);

    private static Map<String, UnaryOperator<Tensor>> formulas() {
        return ImmutableMap.<String, UnaryOperator<Tensor>>builder()
                .put("sum of the first axis", x -> x.sum(0))
                .put("sum of the last", x -> x.sum(1))
                .put("product with no rows", x -> x.transpose(1, 0).matmul(x))
                .put("product with no columns", x -> x.matmul(x.transpose(1, 0)))
                .put("reshape", x -> x.reshape(x.shape().length(1), x.shape().length(0), 1))
                .put(
                        "concat",
                        x -> Tensor.concat(
                                0,
                                List.of(x, Tensor.ones(x.dtype(), 2, x.shape().length(1)))))
                .put("cumulative sum", x -> x.cumulativeSum(0))
                .put("recurrence along the first axis", x -> x.linearRecurrence(0, x))
                .put("recurrence along the last", x -> x.linearRecurrence(1, x))
                .put("no rows of it", x -> x.slice(0, 0, 0))
                .put("backwards", x -> x.flip(0))
                .put(
                        "gradient of nothing gathered",
                        x -> Gradients.of(x.gather(new int[0]).sum()).wrt(x))
                .put("one hot", x -> Tensor.oneHot(x.cast(DType.I32).times(0), 3, x.dtype()))
                .build();
    }

    static Stream<Arguments> shapes() {
        List<Arguments> all = new ArrayList<>();
        for (Shape shape : List.of(Shape.of(0, 3), Shape.of(3, 0), Shape.of(0, 0), Shape.of(1, 1), Shape.of(1, 4))) {
            for (DType dtype : new DType[] {DType.F32, DType.F64}) {
                formulas().forEach((name, formula) -> all.add(Arguments.of(name, shape, dtype, formula)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("shapes")
    void shortAxesAreComputedAlike(String name, Shape shape, DType dtype, UnaryOperator<Tensor> formula)
            throws Exception {
        Tensor x = Tensor.input("x", dtype, shape.lengths());
        Comparison.assertSame(
                OnnxModel.of(Map.of(name, formula.apply(x))), Map.of("x", KEY.normal(0, 1, dtype, shape)));
    }

    static Stream<Arguments> loops() {
        List<Arguments> all = new ArrayList<>();
        for (Cell<?> cell : List.of(
                RnnCell.create(INPUTS, UNITS, DType.F32, KEY),
                Gru.create(INPUTS, UNITS, DType.F32, KEY),
                Lstm.create(INPUTS, UNITS, DType.F32, KEY))) {
            for (boolean isOperator : new boolean[] {false, true}) {
                all.add(Arguments.of(cell, 1, 1, isOperator));
                all.add(Arguments.of(cell, 1, 4, isOperator));
                all.add(Arguments.of(cell, 4, 1, isOperator));
                all.add(Arguments.of(cell, 4, 3, isOperator));
            }
        }
        return all.stream();
    }

    /** Sequences of all lengths from 0 on, with NaN behind them. */
    @ParameterizedTest(name = "{0}, batch {1}, time {2}, one operator {3}")
    @MethodSource("loops")
    <S> void whatIsPaddingDoesNotCount(Cell<S> cell, int batch, int time, boolean isOperator) throws Exception {
        Run<S> there = Run.of(
                cell, Tensor.input("x", DType.F32, batch, time, INPUTS), Tensor.input("lengths", DType.I32, batch));
        Run.BothWays<S, S> both = new Run.BothWays<>(there, there.backwards());
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("both", both.outputs());
        outputs.put("last outputs", there.lastOutputs());
        for (Run<S> run : List.of(both.forward(), both.backward())) {
            States.tensors(run.last()).forEach(part -> outputs.put("state " + outputs.size(), part));
            States.tensors(run.states().getFirst()).forEach(part -> outputs.put("state " + outputs.size(), part));
        }
        int[] lengths = new int[batch];
        float[] numbers =
                KEY.normal(0, 1, DType.F32, Shape.of(batch, time, INPUTS)).toFloats();
        for (int i = 0; i < numbers.length; i++) {
            int sequence = i / (time * INPUTS);
            lengths[sequence] = (sequence + 1) % (time + 1);
            numbers[i] = i / INPUTS % time < lengths[sequence] ? numbers[i] : Float.NaN;
        }
        OnnxModel model = OnnxModel.of(outputs);
        Comparison.assertSame(
                isOperator ? model.withRun(both) : model,
                Map.of(
                        "x", NDArray.of(Shape.of(batch, time, INPUTS), numbers),
                        "lengths", NDArray.of(lengths)));
    }
}
