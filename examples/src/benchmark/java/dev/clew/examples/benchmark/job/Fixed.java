package dev.clew.examples.benchmark.job;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Initializer;
import dev.clew.tensor.Parameter;
import java.util.List;
import java.util.stream.IntStream;

/** Weights and data from fixed keys. */
final class Fixed {
    private static final RandomKey WEIGHTS = RandomKey.of(2024);
    private static final RandomKey INPUTS = RandomKey.of(1);
    private static final RandomKey LABELS = RandomKey.of(2);

    private final DType dtype;
    private final int units;
    private int drawn;

    /** Draws the weights of a network of so many units, one after the other. */
    Fixed(DType dtype, int units) {
        this.dtype = dtype;
        this.units = units;
    }

    /** The next weight, uniform on ±1/√units. */
    Parameter weight(int... shape) {
        return Parameter.of(Initializer.inverseSquareRoot(units).create(WEIGHTS.fold(drawn++), dtype, Shape.of(shape)));
    }

    /** Rows of normal numbers for every step. Shapes: per step (batch, inputs). */
    static List<NDArray> inputs(int steps, int batch, int inputs, DType dtype) {
        return IntStream.range(0, steps)
                .mapToObj(t -> INPUTS.fold(t).normal(0, 1, dtype, Shape.of(batch, inputs)))
                .toList();
    }

    /** Classes for every step, i32, each as likely as the others. Shapes: per step (batch). */
    static List<NDArray> labels(int steps, int batch, int classes) {
        return IntStream.range(0, steps)
                .mapToObj(t -> LABELS.fold(t)
                        .uniform(0, classes, DType.F64, Shape.of(batch))
                        .cast(DType.I32))
                .toList();
    }
}
