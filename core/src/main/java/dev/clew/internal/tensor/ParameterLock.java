package dev.clew.internal.tensor;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Who may read parameters and who may change them: all parameters of a program have one lock, since a step reads and changes many. */
public final class ParameterLock {
    /** Held for reading while an evaluation takes the values it starts from, and for writing while values change. */
    private static final ReadWriteLock LOCK = new ReentrantReadWriteLock();

    /** How often a step is computed while others may overtake it. */
    private static final int TRIES = 3;

    /** Held by whoever changes values, and by a step that was overtaken too often, until its change is made. */
    private static final ReentrantLock CHANGES = new ReentrantLock(true);

    private ParameterLock() {}

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

    public static void beginChange() {
        CHANGES.lock();
        LOCK.writeLock().lock();
    }

    public static void endChange() {
        LOCK.writeLock().unlock();
        CHANGES.unlock();
    }
}
