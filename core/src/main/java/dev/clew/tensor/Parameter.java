package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    /** Held for reading while an evaluation takes the values it starts from, and for writing while values change. */
    private static final ReadWriteLock LOCK = new ReentrantReadWriteLock();

    /** How often a step is computed while others may overtake it. */
    private static final int TRIES = 3;

    /** Held by whoever changes values, and by a step that was overtaken too often, until its change is made. */
    private static final ReentrantLock CHANGES = new ReentrantLock(true);

    private volatile State state;

    /** What a parameter holds; the version counts the changes. Numbers that lie elsewhere are fetched when somebody asks. */
    static final class State {
        private volatile Supplier<NDArray> source;
        private volatile long version;
        private volatile @Nullable NDArray fetched;

        State(Supplier<NDArray> source, long version) {
            this.source = source;
            this.version = version;
        }

        long version() {
            return version;
        }

        private NDArray numbers() {
            NDArray known = fetched;
            return known == null ? fetch() : known;
        }

        private synchronized NDArray fetch() {
            NDArray known = fetched;
            if (known == null) {
                known = source.get();
                fetched = known;
            }
            return known;
        }

        private void change(long next) {
            fetched = null;
            version = next;
        }

        /** Has its numbers from now on. Who is fetching them is waited for, and nobody fetches them again. */
        private synchronized void keep() {
            NDArray known = fetch();
            source = () -> known;
        }
    }

    /** Parameters whose numbers lie in a memory of an evaluator, which changes them there, all together. */
    public static final class Residence {
        private final Parameter[] parameters;
        private final State[] states;

        /** Parameters, with a way to fetch the numbers of each. */
        public Residence(Map<Parameter, Supplier<NDArray>> sources) {
            this.parameters = sources.keySet().toArray(new Parameter[0]);
            this.states = new State[parameters.length];
            for (int i = 0; i < parameters.length; i++) {
                states[i] = new State(sources.getOrDefault(parameters[i], () -> NDArray.of(0)), -1);
            }
        }

        /**
         * Changes the numbers while nobody reads, unless {@code write} says that it has not; from then on they are fetched from here
         * until they are set.
         */
        public boolean change(BooleanSupplier write) {
            beginChange();
            try {
                boolean isWritten = write.getAsBoolean();
                for (int i = 0; isWritten && i < parameters.length; i++) {
                    State before = parameters[i].state;
                    states[i].change(before.version + 1);
                    before.fetched = null; // Nobody asks it any more, but another residence may hold it.
                    parameters[i].state = states[i];
                }
                return isWritten;
            } finally {
                endChange();
            }
        }

        /**
         * Ends the residence, while nobody changes numbers here: parameters take with them what they have only here. Afterwards nobody
         * reads the memory.
         */
        public void end() {
            for (int i = 0; i < parameters.length; i++) {
                if (parameters[i].state == states[i]) {
                    states[i].keep();
                }
            }
        }

        @Override
        public String toString() {
            return "Residence of " + parameters.length + " parameters";
        }
    }

    private Parameter(NDArray value) {
        super(new Source.Variable(value.shape(), value.dtype()));
        this.state = new State(() -> value, 0);
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
        Tracing.requireFormula(() -> "value() of " + describe());
        return numbers();
    }

    NDArray numbers() {
        // Under the lock, since the numbers may lie in a memory that the next step overwrites.
        return whileUnchanged(() -> state.numbers());
    }

    /** How often the numbers have changed. */
    public long version() {
        return state.version;
    }

    State state() {
        return state;
    }

    /** Keeps parameters from changing until {@link #mayChange}: for what reads several, and allocates nothing. */
    public static void mustStay() {
        LOCK.readLock().lock();
    }

    /** Ends what {@link #mustStay} began. */
    public static void mayChange() {
        LOCK.readLock().unlock();
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
     * Makes a change that follows from what parameters hold.
     *
     * @param attempt reads parameters, computes, and changes them as long as what it has read still holds; false if another
     *     change came first, and then it is tried again, in the end while the changes of other threads wait
     * @throws IllegalStateException if it is overtaken even then, and so by itself
     */
    public static void untilChanged(BooleanSupplier attempt) {
        for (int i = 0; i < TRIES; i++) {
            if (attempt.getAsBoolean()) {
                return;
            }
        }
        CHANGES.lock();
        try {
            if (!attempt.getAsBoolean()) {
                throw new IllegalStateException("step: an operation that it computes sets a parameter that the step"
                        + " reads, so the step would never end; set parameters between steps");
            }
        } finally {
            CHANGES.unlock();
        }
    }

    private static void beginChange() {
        CHANGES.lock();
        LOCK.writeLock().lock();
    }

    private static void endChange() {
        LOCK.writeLock().unlock();
        CHANGES.unlock();
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
            changes.add(() -> parameter.state = new State(() -> value, parameter.state.version + 1));
        });
        beginChange();
        try {
            boolean holds = condition.getAsBoolean();
            if (holds) {
                changes.forEach(Runnable::run);
            }
            return holds;
        } finally {
            endChange();
        }
    }
}
