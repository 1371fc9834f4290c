package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Elementwise functions by their names in tables of expected values, and distances in units in the last place. */
final class Functions {
    private Functions() {}

    /** All rows, and functions of them that are promised the same. */
    static Stream<String> labels() {
        Stream<String> rows = Stream.concat(
                Arrays.stream(Unary.values()).map(Unary::label),
                Arrays.stream(Binary.values()).map(Binary::label));
        return Stream.concat(rows, Stream.of("logSigmoid", "elu", "selu", "hardSigmoid"));
    }

    static Tensor apply(String name, List<Tensor> inputs) {
        Tensor x = inputs.getFirst();
        return switch (name) {
            case "logSigmoid" -> x.logSigmoid();
            case "elu" -> x.elu(1.5);
            case "selu" -> x.selu();
            case "hardSigmoid" -> x.hardSigmoid();
            default ->
                Stream.concat(Arrays.stream(Unary.values()), Arrays.stream(Binary.values()))
                        .filter(op -> op.label().equals(name))
                        .map(op -> op.on(inputs.toArray(new Tensor[0])))
                        .findFirst()
                        .orElseThrow();
        };
    }

    /** The values for columns of numbers, one column for every input. */
    static double[] values(String name, DType type, List<double[]> columns) {
        List<Tensor> inputs = columns.stream()
                .map(column -> Tensor.of(NDArray.of(column).cast(type)))
                .toList();
        return apply(name, inputs).value().toDoubles();
    }

    /** How far two numbers of a type are apart, counted in the numbers of that type between them; NaN is 0 from NaN. */
    static long apart(DType type, double a, double b) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Double.isNaN(a) && Double.isNaN(b) ? 0 : Long.MAX_VALUE;
        }
        return Math.abs(rank(type, a) - rank(type, b));
    }

    /** Which number of the type this is, counted from 0; −0 is number −1, so that it is not 0. */
    private static long rank(DType type, double x) {
        if (type == DType.F32) {
            int bits = Float.floatToIntBits((float) x);
            return bits >= 0 ? bits : -1L - (bits & 0x7FFFFFFF);
        }
        long bits = Double.doubleToLongBits(x);
        return bits >= 0 ? bits : -1L - (bits & Long.MAX_VALUE);
    }
}
