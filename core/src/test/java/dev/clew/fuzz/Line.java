package dev.clew.fuzz;

import dev.clew.array.DType;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One line of a sketch: numbers, or a method of earlier lines. */
sealed interface Line {
    /** The lines that it is applied to. */
    int[] in();

    /** The same on others. */
    Line on(int... others);

    /** Integers among the arguments: axes, bounds, lengths. */
    int[] ints();

    /** The number among the arguments. */
    double number();

    /** How a program gets numbers. */
    enum Role {
        CONSTANT,
        PARAMETER,
        INPUT
    }

    /** Numbers. */
    record Leaf(Role role, Numbers numbers) implements Line {
        @Override
        public int[] in() {
            return new int[0];
        }

        @Override
        public Line on(int... others) {
            return this;
        }

        @Override
        public int[] ints() {
            return new int[0];
        }

        @Override
        public double number() {
            return 0;
        }

        /** Whether gradients are taken with respect to it. */
        boolean isTrained() {
            return role == Role.PARAMETER;
        }
    }

    /** A method of earlier lines. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
    record Call(
            Rule rule,
            int[] in,
            int[] ints,
            double number,
            @Nullable DType type) implements Line {
        @Override
        public Line on(int... others) {
            return new Call(rule, others, ints, number, type);
        }

        Call with(int... others) {
            return new Call(rule, in, others, number, type);
        }

        /** As Java, where line i is called ti. */
        String text() {
            String all = Arrays.stream(in).mapToObj(i -> "t" + i).collect(Collectors.joining(", "));
            String text = rule.text().replace("$*", all).replace("$i", list(ints, 0));
            if (ints.length > 0) {
                text = text.replace("$b", Boolean.toString(ints[0] != 0))
                        .replace("$r", list(ints, 1))
                        .replace(", )", ")");
            }
            for (int i = 0; i < in.length; i++) {
                text = text.replace("$" + i, "t" + in[i]);
            }
            return text.replace("$n", Double.toString(number))
                    .replace("$t", type == null ? "" : "DType." + type.name());
        }

        private static String list(int[] numbers, int from) {
            return IntStream.range(from, numbers.length)
                    .mapToObj(i -> Integer.toString(numbers[i]))
                    .collect(Collectors.joining(", "));
        }
    }
}
