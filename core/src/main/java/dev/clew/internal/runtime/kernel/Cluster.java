package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.internal.formula.Formula;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A loop over rows × columns: what is read, what is computed from it, what is written. Values are numbered: inputs first, then
 * steps, each of which uses values before it.
 *
 * <p>An output may lie exactly upon an input with an equal stream if no step is a {@link Step.Sum} or {@link Step.Max}; otherwise
 * outputs overlap nothing.
 */
@Immutable
public record Cluster(
        int rows, int columns, ImmutableList<Stream> inputs, ImmutableList<Step> steps, ImmutableList<Output> outputs) {

    public Cluster {
        for (int i = 0; i < steps.size(); i++) {
            for (int operand : steps.get(i).operands().toArray()) {
                require(
                        operand >= 0 && operand < inputs.size() + i,
                        "step " + i + " uses value " + operand + ": it may use values from 0 to "
                                + (inputs.size() + i - 1));
            }
        }
        for (Output output : outputs) {
            require(
                    output.value >= 0 && output.value < inputs.size() + steps.size(),
                    "an output of value " + output.value + ": there are " + (inputs.size() + steps.size()) + " values");
        }
    }

    /**
     * Where element (i, j) lies: i·rowStride + j·columnStride elements from an offset.
     *
     * @param columnStride 0 or 1
     */
    @Immutable
    public record Stream(DType type, int rowStride, int columnStride) {
        public Stream {
            require(
                    columnStride == 0 || columnStride == 1,
                    "a stream with column stride " + columnStride + ": it must be 0 or 1");
        }
    }

    /**
     * A value and where it goes. One that is the same for every column and has a column stride of 0 is written once a row.
     *
     * @param upon the inputs in whose place it lies
     */
    @Immutable
    public record Output(int value, Stream stream, IntTuple upon) {
        public Output(int value, Stream stream) {
            this(value, stream, IntTuple.of());
        }
    }

    /** How a value is made of values before it. */
    @Immutable
    public sealed interface Step {

        /** The type of the value. */
        DType type();

        /** The values it is made of. */
        IntTuple operands();

        /** A formula of the operands, as {@link Formula#evaluate} has it. */
        record Apply(Formula formula, DType precision, DType result, IntTuple operands) implements Step {
            @Override
            public DType type() {
                return result;
            }
        }

        /** a·b + c, rounded once. */
        static Step multiplyAdd(DType type, int a, int b, int c) {
            Formula fused = Formula.of(3, (precision, x) -> x[0].fma(x[1], x[2]));
            return new Apply(fused, type, type, IntTuple.of(a, b, c));
        }

        /** The sum of the operands, in their order, rounded after each. */
        record Add(DType type, IntTuple operands) implements Step {}

        /** The operand in another type, as {@link dev.clew.array.NDArray#cast} has it. */
        record Cast(DType to, int operand) implements Step {
            @Override
            public DType type() {
                return to;
            }

            @Override
            public IntTuple operands() {
                return IntTuple.of(operand);
            }
        }

        /**
         * The sum along the row: sixteen partial sums, of every sixteenth element each, combined as a fixed tree. Later steps see it as
         * the same for every column.
         */
        record Sum(DType type, int operand) implements Step {
            @Override
            public IntTuple operands() {
                return IntTuple.of(operand);
            }
        }

        /** The largest along the row; NaN if any is NaN. */
        record Max(DType type, int operand) implements Step {
            @Override
            public IntTuple operands() {
                return IntTuple.of(operand);
            }
        }

        /** One number. */
        record Constant(DType type, double value) implements Step {
            @Override
            public IntTuple operands() {
                return IntTuple.of();
            }
        }

        /** Whether it makes one number of a whole row. */
        default boolean isReduction() {
            return this instanceof Sum || this instanceof Max;
        }
    }

    /**
     * The same loop, whose outputs know upon which inputs they lie.
     *
     * @param offsets where every stream begins, inputs first, each time that the loop is run
     */
    public Cluster placed(long[][] offsets) {
        ImmutableList.Builder<Output> placed = ImmutableList.builder();
        for (int i = 0; i < outputs.size(); i++) {
            int output = inputs.size() + i;
            int[] upon = IntStream.range(0, inputs.size())
                    .filter(input -> Arrays.stream(offsets).anyMatch(each -> each[input] == each[output]))
                    .toArray();
            placed.add(new Output(outputs.get(i).value, outputs.get(i).stream, IntTuple.of(upon)));
        }
        return new Cluster(rows, columns, inputs, steps, placed.build());
    }

    /** The number of values. */
    int values() {
        return inputs.size() + steps.size();
    }

    boolean isInput(int value) {
        return value < inputs.size();
    }

    /** The step that makes a value which is not an input. */
    Step step(int value) {
        return steps.get(value - inputs.size());
    }

    DType type(int value) {
        return isInput(value) ? inputs.get(value).type : step(value).type();
    }

    boolean hasReductions() {
        return steps.stream().anyMatch(Step::isReduction);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("cluster: " + message);
        }
    }
}
