package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Projection;
import dev.clew.tensor.Parameter;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** What the parameters of a cell begin with: numbers of one type, drawn from one key, each parameter under a number of its own. */
record Draws(DType dtype, RandomKey key) {
    /** Uniform on ±1/√inputs. */
    Linear linear(int number, int inputs, int outputs) {
        return Linear.create(inputs, outputs, dtype, Initializer.inverseSquareRoot(inputs), key.fold(number));
    }

    /** The same with biases that are given, by the number of the output. */
    Linear linear(int number, int inputs, int outputs, IntToDoubleFunction bias) {
        return new Linear(linear(number, inputs, outputs).weight(), each(bias, outputs));
    }

    /** Uniform on ±1/√inputs. */
    Projection projection(int number, int inputs, int outputs) {
        return Projection.create(inputs, outputs, dtype, key.fold(number));
    }

    /** From an initializer. */
    Parameter of(int number, Initializer initializer, int... shape) {
        return Parameter.of(initializer.create(key.fold(number), dtype, Shape.of(shape)));
    }

    /** Numbers that are given, by their place counted row-major. */
    Parameter each(IntToDoubleFunction number, int... shape) {
        Shape whole = Shape.of(shape);
        double[] numbers =
                IntStream.range(0, whole.elements()).mapToDouble(number).toArray();
        return Parameter.of(NDArray.of(whole, numbers).cast(dtype));
    }

    /** Uniform numbers, in f64. */
    double[] uniform(int number, double low, double high, int count) {
        return key.fold(number).uniform(low, high, DType.F64, Shape.of(count)).toDoubles();
    }

    /** x for which ln(1 + eˣ) is y. */
    static double inverseSoftplus(double y) {
        return y + Math.log(-Math.expm1(-y));
    }
}
