package dev.clew.tensor;

import com.google.common.base.Suppliers;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A tensor whose numbers training changes: the only thing that ever changes.
 *
 * <p>A graph does not hold a parameter's numbers but the parameter, and reads them when it is evaluated. Parameters that
 * change together are {@link #setAll set together}: an evaluation sees all of them before or all of them after.
 */
public final class Parameter extends Tensor {
    /** Held for reading while an evaluation takes the values it starts from, and for writing while values change. */
    private static final ReadWriteLock LOCK = new ReentrantReadWriteLock();

    private volatile State state;

    /** What a parameter holds; the version counts the changes. */
    static final class State {
        private final long version;
        private final Supplier<NDArray> numbers;

        State(Supplier<NDArray> numbers, long version) {
            this.numbers = numbers;
            this.version = version;
        }

        long version() {
            return version;
        }
    }

    private Parameter(NDArray value) {
        super(new Source.Variable(value.shape(), value.dtype()));
        this.state = new State(() -> value, 0);
    }

    /** A parameter that begins with these numbers. */
    public static Parameter of(NDArray value) {
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
        return new Parameter(NDArray.of(numbers));
    }

    /** A parameter of shape (rows, columns), f64. */
    public static Parameter of(double[][] rows) {
        return new Parameter(NDArray.of(rows));
    }

    /** A parameter with one number, f32. */
    public static Parameter of(float number) {
        return new Parameter(NDArray.of(number));
    }

    /** A parameter of shape (n), f32. */
    public static Parameter of(float[] numbers) {
        return new Parameter(NDArray.of(numbers));
    }

    /** A parameter of shape (rows, columns), f32. */
    public static Parameter of(float[][] rows) {
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
        return of(NDArray.of(numbers));
    }

    /** A parameter that begins with zeros. */
    public static Parameter zeros(DType dtype, int... shape) {
        return of(NDArray.full(0, dtype, Shape.of(shape)));
    }

    /** A parameter that begins with ones. */
    public static Parameter ones(DType dtype, int... shape) {
        return of(NDArray.full(1, dtype, Shape.of(shape)));
    }

    /** The numbers it holds now. */
    @Override
    public NDArray value() {
        // Under the lock, since the numbers may lie in a memory that the next step overwrites.
        return whileUnchanged(() -> state.numbers.get());
    }

    /** A token of the numbers it holds now: the same object until they change. */
    public Object version() {
        return state;
    }

    State state() {
        return state;
    }

    /** Reads something while no parameter changes, so that all of it belongs to one state of them. */
    public static <T> T whileUnchanged(Supplier<T> read) {
        LOCK.readLock().lock();
        try {
            return read.get();
        } finally {
            LOCK.readLock().unlock();
        }
    }

    /**
     * Replaces the numbers.
     *
     * @throws IllegalArgumentException if shape or type differ
     */
    public void set(NDArray value) {
        setAll(Map.of(this, value));
    }

    /**
     * Replaces the numbers of several parameters together, or of none.
     *
     * @throws IllegalArgumentException if a shape or type differs; then nothing has changed
     */
    public static void setAll(Map<Parameter, NDArray> values) {
        List<Runnable> changes = new ArrayList<>();
        values.forEach((parameter, value) -> {
            if (!value.shape().equals(parameter.shape()) || value.dtype() != parameter.dtype()) {
                throw new IllegalArgumentException("set " + value.shape() + " " + value.dtype() + " on "
                        + parameter.describe() + ": shape and type of a parameter stay as they are");
            }
            changes.add(() -> parameter.state = new State(() -> value, parameter.state.version + 1));
        });
        whileNobodyReads(() -> changes.forEach(Runnable::run));
    }

    /**
     * For an evaluator that has parameters in a memory of its own: changes the numbers there, while nobody reads, and from then on
     * they are read from there, when somebody asks, until they change again.
     *
     * @param sources for every parameter, where its new numbers can be read
     */
    public static void changeInPlace(Map<Parameter, Supplier<NDArray>> sources, Runnable change) {
        whileNobodyReads(() -> {
            change.run();
            sources.forEach((parameter, source) ->
                    parameter.state = new State(Suppliers.memoize(source::get), parameter.state.version + 1));
        });
    }

    private static void whileNobodyReads(Runnable change) {
        LOCK.writeLock().lock();
        try {
            change.run();
        } finally {
            LOCK.writeLock().unlock();
        }
    }
}
