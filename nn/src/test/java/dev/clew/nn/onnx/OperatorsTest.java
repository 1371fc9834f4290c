package dev.clew.nn.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.onnxruntime.OrtException;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Op;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the language, written to ONNX, computed by onnxruntime, and read back. */
class OperatorsTest {
    /** What ONNX has no operators for. */
    private static final Set<Op> REFUSED = Set.of(
            Unary.ERFC,
            Unary.NORMAL_CDF,
            Unary.LOG_GAMMA,
            Unary.DIGAMMA,
            Unary.TRIGAMMA,
            Binary.ATAN2,
            Binary.HYPOT,
            Binary.HYPOT_SLOPE);

    /** What ONNX has in f64, but onnxruntime has not. */
    private static final Set<Op> SINGLE_ALONE =
            Set.of(Unary.COS, Unary.TAN, Unary.ASIN, Unary.ACOS, Unary.ATAN, Unary.ERF, Unary.GELU);

    private static final double INFINITE = Double.POSITIVE_INFINITY;

    private static final double[] NUMBERS = {
        0.3, -0.7, 1.5, -2.5, 0.5, 1e-9, -1e-9, 30, -30, 0, -0.0, Double.NaN, INFINITE, -INFINITE, 0.999, 8
    };
    private static final double[] OTHERS = {2.5, 2.7, 0.4, -2.3, -2.9, -0.8, 2, 3, 1.2, -1.6, 3, -1.6, 1.3, 3, 2, -0.9};
    private static final int[] WHOLE = {3, -7, 0, 5, -5, 100, 1, 2, -1, 8, 9, 10, 11, 12, 13, 14};
    private static final int[] OTHER_WHOLE = {2, 2, 0, -3, 3, 7, 1, 0, -1, 3, -4, 10, 5, 5, 4, 3};

    private static final Map<DType, List<NDArray>> OPERANDS = Map.of(
            DType.F64, List.of(NDArray.of(NUMBERS), NDArray.of(OTHERS)),
            DType.F32,
                    List.of(
                            NDArray.of(NUMBERS).cast(DType.F32),
                            NDArray.of(OTHERS).cast(DType.F32)),
            DType.I32, List.of(NDArray.of(WHOLE), NDArray.of(OTHER_WHOLE)),
            DType.BOOL,
                    List.of(
                            NDArray.of(WHOLE).cast(DType.BOOL),
                            NDArray.of(OTHER_WHOLE).cast(DType.BOOL)));

    static Stream<Arguments> elementwise() {
        List<Arguments> all = new ArrayList<>();
        for (DType dtype : DType.values()) {
            Tensor a = Tensor.input("a", dtype, NUMBERS.length);
            Tensor b = Tensor.input("b", dtype, NUMBERS.length);
            for (Unary unary : Unary.values()) {
                add(all, dtype, unary, a);
            }
            for (Binary binary : Binary.values()) {
                boolean isOfPositive = binary == Binary.NATS || binary == Binary.NATS_SLOPE;
                add(all, dtype, binary, a, isOfPositive && dtype.isFloating() ? b.abs() : b);
            }
        }
        return all.stream();
    }

    /** Types that an operation does not take are left out. */
    private static void add(List<Arguments> all, DType dtype, Op operation, Tensor... operands) {
        try {
            all.add(arguments(dtype, operation, operation.on(operands)));
        } catch (IllegalArgumentException notOfThisType) {
            assertThat(notOfThisType).hasMessageContaining(operation.label());
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("elementwise")
    void elementwiseOperationsAreComputedAlike(DType dtype, Op operation, Tensor y) throws Exception {
        OnnxModel model = OnnxModel.of(Map.of("y", y));
        List<NDArray> operands = requireNonNull(OPERANDS.get(dtype));
        Map<String, NDArray> inputs = Map.of("a", operands.getFirst(), "b", operands.getLast());
        if (REFUSED.contains(operation)) {
            assertThatThrownBy(model::toBytes)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ONNX has no operator for " + operation.label());
        } else if (dtype == DType.F64 && SINGLE_ALONE.contains(operation)) {
            assertThatThrownBy(() -> OnnxRuntime.run(model.toBytes(), inputs))
                    .isInstanceOf(OrtException.class)
                    .hasMessageContaining("NOT_IMPLEMENTED");
        } else {
            Comparison.assertEachSame(model, inputs);
        }
    }

    /** Of x (2, 3, 4). */
    private static Map<String, Function<Tensor, Tensor>> ofAnyType() {
        Map<String, Function<Tensor, Tensor>> all = new LinkedHashMap<>();
        all.put("broadcast", x -> x.slice(1, 0, 1).broadcastTo(2, 3, 4));
        all.put("reshape", x -> x.reshape(6, 4));
        all.put("transpose", x -> x.transpose(2, 0, 1));
        all.put("slice", x -> x.slice(2, 1, 3));
        all.put("flip", x -> x.flip(1));
        all.put("slice by 2", x -> x.slice(2, 0, 4, 2));
        all.put("slice by −2", x -> x.slice(2, 3, 0, -2));
        all.put("get", x -> x.get(1, 2));
        all.put("nothing", x -> x.slice(1, 1, 1));
        all.put("concat", x -> Tensor.concat(1, List.of(x, x.slice(1, 0, 1))));
        all.put("roll", x -> x.roll(2, 1));
        all.put("diagonal", x -> x.get(0).diagonal());
        all.put("gather", x -> x.gather(Tensor.of(new int[][] {{1, 0}, {1, 1}})));
        all.put("gather on an axis", x -> x.gather(1, Tensor.of(new int[] {2, 0})));
        all.put("pick", x -> x.pick(Tensor.of(new int[][] {{1, 0, 3}, {1, 1, 2}})));
        all.put("takeAlong", x -> x.takeAlong(2, Tensor.of(NDArray.of(Shape.of(2, 3, 1), 1, 0, 1, 2, 3, 3))));
        all.put("oneHot", x -> Tensor.oneHot(Tensor.of(new int[] {1, 2, 0}), 4, x.dtype()));
        all.put("where", x -> Tensor.where(x.notEqualTo(x.flip(0)), x, x.flip(1)));
        for (DType dtype : List.of(DType.F64, DType.F32, DType.BOOL)) {
            all.put("cast to " + dtype, x -> x.cast(dtype));
        }
        return all;
    }

    private static Map<String, Function<Tensor, Tensor>> ofFloatingType() {
        Map<String, Function<Tensor, Tensor>> all = new LinkedHashMap<>();
        all.put("sum", x -> x.sum(1));
        all.put("sum of all", Tensor::sum);
        all.put("sum of 20", x -> Tensor.sum(Collections.nCopies(20, x)));
        all.put("sum of a number and more", x -> Tensor.sum(List.of(x, x.get(0).broadcastTo(x.shape()), x)));
        all.put("mean", x -> x.mean(true, 0, 2));
        all.put("max", x -> x.max(1));
        all.put("argMax", x -> x.argMax(1));
        all.put("argMax of two axes", x -> x.argMax(true, 0, 2));
        all.put("argSort", x -> x.argSort(2));
        all.put("sort", x -> x.sort(1, true));
        all.put("scatterAdd", x -> x.scatterAdd(Tensor.of(new int[] {1, 1, 0}), x.gather(0, 1, 0)));
        all.put("cumulativeSum", x -> x.cumulativeSum(1));
        all.put("cumulativeProduct", x -> x.sin().cumulativeProduct(1));
        all.put("linearRecurrence", x -> x.linearRecurrence(2, x.sin()));
        all.put("linearRecurrenceBackwards", x -> x.linearRecurrenceBackwards(1, x.sin()));
        all.put(
                "backward sum",
                x -> x.linearRecurrenceBackwards(1, Tensor.of(1.0).cast(x.dtype())));
        all.put("matmul", x -> x.matmul(x.transpose()));
        all.put("matmul of a transposed", x -> x.transpose().matmul(x));
        all.put("einsum", x -> Tensor.einsum("abc,adc->bd", x, x));
        all.put("softmax", x -> x.softmax(2));
        all.put("logSoftmax", x -> x.logSoftmax(1));
        all.put("logSumExp", x -> x.logSumExp(1));
        all.put("logCumulativeSumExp", x -> x.logCumulativeSumExp(1));
        all.put("prod", x -> x.prod(2));
        all.put("variance", Tensor::variance);
        all.put("standardDeviation", x -> x.standardDeviation(1));
        all.put("norm", Tensor::norm);
        all.put("pad", x -> x.pad(1, 1, 2, 0));
        all.put("pad with 3", x -> x.pad(1, 1, 2, 3));
        all.put("cumulativeMax", x -> x.cumulativeMax(2));
        all.put("clip", x -> x.clip(-3, 3));
        all.put("lerp", x -> x.lerp(x.times(2), 0.3));
        all.put("hardSigmoid", Tensor::hardSigmoid);
        all.put("elu", x -> x.elu(0.7));
        all.put("lowerTriangle", x -> x.lowerTriangle(0));
        all.put("withDerivativeOf", x -> x.round().withDerivativeOf(x));
        all.put("a gradient", OperatorsTest::gradient);
        return all;
    }

    /** Of slices with steps, of chosen rows, and of picked elements. */
    private static Tensor gradient(Tensor x) {
        Tensor steps = x.slice(2, 0, 4, 2).tanh().times(x.slice(2, 1, 3));
        Tensor rows = x.gather(Tensor.of(new int[] {1, 0})).slice(2, 1, 3);
        Tensor picked = steps.plus(rows).pick(Tensor.of(new int[][] {{0, 1, 1}, {1, 0, 0}}));
        return Gradients.of(picked.square().sum()).wrt(x);
    }

    static Stream<Arguments> structured() {
        List<Arguments> all = new ArrayList<>();
        for (DType dtype : DType.values()) {
            ofAnyType().forEach((name, formula) -> all.add(arguments(dtype, name, formula)));
            if (dtype.isFloating()) {
                ofFloatingType().forEach((name, formula) -> all.add(arguments(dtype, name, formula)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("structured")
    void structuredOperationsAreComputedAlike(DType dtype, String name, Function<Tensor, Tensor> formula)
            throws Exception {
        NDArray numbers = NDArray.build(DType.F64, Shape.of(2, 3, 4), (block, from, count) -> {
                    for (int i = 0; i < count; i++) {
                        block[i] = Math.round(Math.sin(3 * (from + i)) * 50) / 10.0;
                    }
                })
                .cast(dtype);
        Tensor x = Tensor.input("x", dtype, 2, 3, 4);
        Tensor y = formula.apply(x);
        Comparison.assertSame(OnnxModel.of(Map.of("y", y)), Map.of("x", numbers));
    }

    /** Operators of ONNX broadcast by themselves; where all operands are smaller than the result, none of them says how large it is. */
    @Test
    void operandsAreBroadcast() throws Exception {
        Tensor row = Tensor.input("row", DType.F64, 4);
        Tensor column = Tensor.input("column", DType.F64, 3, 1);
        Tensor number = Tensor.input("number", DType.F64);
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("both", row.plus(column));
        outputs.put("one", row.times(number).minus(2));
        outputs.put("derivative of another", number.broadcastTo(4).withDerivativeOf(row));
        outputs.put("same", number.broadcastTo(3, 4).maximum(row.broadcastTo(3, 4)));
        Comparison.assertSame(
                OnnxModel.of(outputs),
                Map.of(
                        "row", NDArray.of(new double[] {1, -2, 3, 4}),
                        "column", NDArray.of(Shape.of(3, 1), 10.0, 20, 30),
                        "number", NDArray.of(0.5)));
    }

    /** A model of f64 would else come out in single precision, or not at all. */
    @Test
    void whatIsRefusedNamesTheOperation() {
        Throwable refused = catchThrowable(() -> OnnxModel.of(
                        Map.of("y", Tensor.input("x", DType.F64, 3).erfc().sum()))
                .toBytes());
        assertThat(refused)
                .hasMessage("export to ONNX of erfc (3) f64: ONNX has no operator for erfc; write the formula with"
                        + " operations that it has");
    }
}
