package dev.clew.array;

import com.google.errorprone.annotations.Immutable;
import dev.clew.internal.array.Present;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Some integers in an order, such as axes, starts or steps. Immutable; equal if all of them are. */
@Immutable
public final class IntTuple {
    private static final IntTuple NONE = new IntTuple(new int[0]);

    @SuppressWarnings("Immutable") // Never written.
    private final int[] numbers;

    private IntTuple(int[] numbers) {
        this.numbers = numbers;
    }

    /** These integers, in this order. */
    public static IntTuple of(int... numbers) {
        Present.require("tuple", (Object) numbers);
        return numbers.length == 0 ? NONE : new IntTuple(numbers.clone());
    }

    /** What a stream gives. */
    public static IntTuple of(IntStream numbers) {
        Present.require("tuple", numbers);
        return new IntTuple(numbers.toArray());
    }

    /** How many there are. */
    public int length() {
        return numbers.length;
    }

    /**
     * One of them.
     *
     * @throws IndexOutOfBoundsException if there is none at that position, counted from 0
     */
    public int get(int i) {
        return numbers[i];
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return numbers.length == 0;
    }

    /** Whether one of them is that number. */
    public boolean contains(int number) {
        return indexOf(number) >= 0;
    }

    /** The first position of a number, or -1. */
    public int indexOf(int number) {
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] == number) {
                return i;
            }
        }
        return -1;
    }

    /** Those from a position to before another. */
    public IntTuple between(int from, int to) {
        return new IntTuple(Arrays.copyOfRange(numbers, from, to));
    }

    /** These, and then others. */
    public IntTuple plus(IntTuple others) {
        Present.require("plus", others);
        int[] all = Arrays.copyOf(numbers, numbers.length + others.numbers.length);
        System.arraycopy(others.numbers, 0, all, numbers.length, others.numbers.length);
        return new IntTuple(all);
    }

    /** Hands every one of them to an action, in their order. */
    public void forEach(IntConsumer action) {
        Present.require("forEach", action);
        for (int number : numbers) {
            action.accept(number);
        }
    }

    /** A copy as an array. */
    public int[] toArray() {
        return numbers.clone();
    }

    /** All of them, in their order. */
    public IntStream stream() {
        return Arrays.stream(numbers);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IntTuple that && Arrays.equals(numbers, that.numbers);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(numbers);
    }

    /** {@code [0, 2]}. */
    @Override
    public String toString() {
        return Arrays.toString(numbers);
    }
}
