package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.Derivation;
import dev.clew.internal.tensor.ParameterLock;
import dev.clew.internal.tensor.ParameterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A tensor whose numbers training changes: the only thing that ever changes.
 *
 * <p>A graph does not hold a parameter's numbers but the parameter, and reads them when it is evaluated. Parameters that
 * change together are {@link #setAll set together}: an evaluation sees all of them before or all of them after.
 *
 * <p>No change is lost, whichever threads make them. A step of training that another change overtook (one of a parameter
 * that the step reads or changes, after the step had read it) is computed again from the new numbers, so steps and sets come out
 * as if they had happened one after the other. Steps that share no parameter do not overtake each other.
 */
public final class Parameter extends Tensor {
    private volatile ParameterState state;

    private Parameter(NDArray value) {
        super(new Source.Variable(value.shape(), value.dtype()));
        this.state = new ParameterState(() -> value, 0);
    }

    /** A parameter that begins with these numbers. */
    public static Parameter of(NDArray value) {
        Present.require("parameter", value);
        if (!value.dtype().isFloating()) {
            throw new IllegalArgumentException("parameter " + value.shape() + " " + value.dtype()
                    + ": training needs floating-point numbers; write 3.0 for 3, or cast first: .cast(DType.F64)");
        }
        return new Parameter(value);
    }

    /** A parameter with one number, f64. */
    public static Parameter of(double number) {
        return new Parameter(NDArray.of(number));
    }

    /** A parameter of shape (n), f64. */
    public static Parameter of(double[] numbers) {
        Present.require("parameter", (Object) numbers);
        return new Parameter(NDArray.of(numbers));
    }

    /** A parameter of shape (rows, columns), f64. */
    public static Parameter of(double[][] rows) {
        Present.require("parameter", (Object) rows);
        return new Parameter(NDArray.of(rows));
    }

    /** A parameter with one number, f32. */
    public static Parameter of(float number) {
        return new Parameter(NDArray.of(number));
    }

    /** A parameter of shape (n), f32. */
    public static Parameter of(float[] numbers) {
        Present.require("parameter", (Object) numbers);
        return new Parameter(NDArray.of(numbers));
    }

    /** A parameter of shape (rows, columns), f32. */
    public static Parameter of(float[][] rows) {
        Present.require("parameter", (Object) rows);
        return new Parameter(NDArray.of(rows));
    }

    /**
     * Refused, since it would otherwise be a constant of {@link Tensor}: a parameter needs floating-point numbers.
     *
     * @throws IllegalArgumentException always
     */
    public static Parameter of(int number) {
        return of(NDArray.of(number));
    }

    /**
     * Refused, since it would otherwise be a constant of {@link Tensor}: a parameter needs floating-point numbers.
     *
     * @throws IllegalArgumentException always
     */
    public static Parameter of(int[] numbers) {
        Present.require("parameter", (Object) numbers);
        return of(NDArray.of(numbers));
    }

    /** A parameter that begins with zeros. */
    public static Parameter zeros(DType dtype, int... shape) {
        return Asked.by("zeros", () -> of(NDArray.full(0, dtype, Shape.of(shape))), dtype, shape);
    }

    /** A parameter that begins with ones. */
    public static Parameter ones(DType dtype, int... shape) {
        return Asked.by("ones", () -> of(NDArray.full(1, dtype, Shape.of(shape))), dtype, shape);
    }

    /** The numbers it holds now. */
    @Override
    public NDArray value() {
        Derivation.requireFormula(() -> "value() of " + describe());
        return numbers();
    }

    NDArray numbers() {
        // Under the lock, since the numbers may lie in a memory that the next step overwrites.
        return ParameterLock.whileUnchanged(() -> state.numbers());
    }

    /** How often the numbers have changed. */
    public long version() {
        return state.version();
    }

    ParameterState state() {
        return state;
    }

    void state(ParameterState next) {
        state = next;
    }

    /**
     * Replaces the numbers. Steps of training that run meanwhile in other threads neither lose this change nor are lost: one
     * that has read the old numbers is computed again from these.
     *
     * @throws IllegalArgumentException if shape or type differ
     */
    public void set(NDArray value) {
        Present.require("set", value);
        setAll(Map.of(this, value));
    }

    /**
     * Replaces the numbers of several parameters together, or of none; beside steps of training as {@link #set} does.
     *
     * @throws IllegalArgumentException if a shape or type differs; then nothing has changed
     */
    public static void setAll(Map<Parameter, NDArray> values) {
        Present.require("setAll", values);
        setAll(values, () -> true);
    }

    /** The same, if a condition holds while nobody else changes a parameter; whether it held. */
    static boolean setAll(Map<Parameter, NDArray> values, BooleanSupplier condition) {
        List<Runnable> changes = new ArrayList<>();
        values.forEach((parameter, value) -> {
            if (!value.shape().equals(parameter.shape()) || value.dtype() != parameter.dtype()) {
                throw new IllegalArgumentException("set " + value.shape() + " " + value.dtype() + " on "
                        + parameter.describe() + ": shape and type of a parameter stay as they are");
            }
            changes.add(() -> parameter.state = new ParameterState(() -> value, parameter.state.version() + 1));
        });
        ParameterLock.beginChange();
        try {
            boolean holds = condition.getAsBoolean();
            if (holds) {
                changes.forEach(Runnable::run);
            }
            return holds;
        } finally {
            ParameterLock.endChange();
        }
    }
}
