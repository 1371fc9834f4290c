package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.internal.runtime.kernel.Cluster.Output;
import dev.clew.internal.runtime.kernel.Cluster.Step;
import dev.clew.internal.runtime.kernel.Cluster.Stream;
import dev.clew.internal.tensor.TensorAccess;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Unary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A random cluster as lists of small numbers, which shrink well. Whatever the numbers are, a legal cluster comes of them: a choice that
 * does not fit is left out.
 */
record ClusterDraft(
        int rows, int columns, boolean isSingle, List<Choice> inputs, List<Choice> steps, List<Choice> outputs) {
    private static final DType[] TYPES = {DType.F64, DType.F32, DType.I32, DType.BOOL};
    private static final Unary[] UNARY = {
        Unary.NEGATE,
        Unary.ABS,
        Unary.SIGN,
        Unary.SQUARE,
        Unary.SQRT,
        Unary.RSQRT,
        Unary.EXP,
        Unary.LOG,
        Unary.TANH,
        Unary.SIGMOID,
        Unary.RELU,
        Unary.FLOOR,
        Unary.ERF,
        Unary.IS_NAN,
        Unary.STOP_GRADIENT,
        Unary.ROUND,
        Unary.SOFTPLUS
    };
    private static final Binary[] BINARY = {
        Binary.PLUS,
        Binary.MINUS,
        Binary.TIMES,
        Binary.DIV,
        Binary.MAXIMUM,
        Binary.MINIMUM,
        Binary.LESS,
        Binary.EQUAL,
        Binary.LESS_OR_EQUAL,
        Binary.NOT_EQUAL
    };
    private static final Binary[] LOGIC = {Binary.AND, Binary.OR, Binary.XOR};

    /** What to make, and of what. */
    record Choice(int kind, int a, int b, int c) {}

    static Arbitrary<ClusterDraft> drafts() {
        Arbitrary<Choice> choice =
                Combinators.combine(number(), number(), number(), number()).as(Choice::new);
        Arbitrary<Integer> columns = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 40), Arbitraries.of(64, 67, 128, 255, 256, 257, 530));
        return Combinators.combine(
                        Arbitraries.integers().between(1, 5),
                        columns,
                        Arbitraries.of(true, false),
                        choice.list().ofMinSize(1).ofMaxSize(4),
                        choice.list().ofMaxSize(9),
                        choice.list().ofMaxSize(3))
                .as(ClusterDraft::new);
    }

    private static Arbitrary<Integer> number() {
        return Arbitraries.integers().between(0, 59);
    }

    Cluster cluster() {
        DType floating = isSingle ? DType.F32 : DType.F64;
        ImmutableList.Builder<Stream> streams = ImmutableList.builder();
        List<DType> types = new ArrayList<>();
        for (Choice choice : inputs) {
            DType type = choice.kind % 8 == 0 ? DType.BOOL : choice.kind % 8 == 1 ? DType.I32 : floating;
            streams.add(stream(type, choice.a % 2, choice.b));
            types.add(type);
        }
        List<Step> made = new ArrayList<>();
        for (Choice choice : steps) {
            step(choice, types, floating).ifPresent(step -> {
                made.add(step);
                types.add(step.type());
            });
        }
        return new Cluster(rows, columns, streams.build(), ImmutableList.copyOf(made), written(made, types));
    }

    private Stream stream(DType type, int columnStride, int gap) {
        int[] strides = {columns * columnStride, 0, columns + 3, 1};
        return new Stream(type, strides[gap % (columnStride == 0 ? 4 : 3)], columnStride);
    }

    /** The last value, and some more. */
    private ImmutableList<Output> written(List<Step> made, List<DType> types) {
        ImmutableList.Builder<Output> written = ImmutableList.builder();
        written.add(new Output(types.size() - 1, new Stream(types.getLast(), columns, 1)));
        boolean[] isRow = isRow(made);
        for (Choice choice : outputs) {
            int value = choice.a % types.size();
            int columnStride = isRow[value] ? choice.b % 2 : 1;
            written.add(new Output(
                    value,
                    new Stream(
                            types.get(value),
                            columnStride == 0 ? 1 + choice.c % 3 : columns + choice.c % 3,
                            columnStride)));
        }
        return written.build();
    }

    private boolean[] isRow(List<Step> made) {
        boolean[] isRow = new boolean[inputs.size() + made.size()];
        for (int i = 0; i < isRow.length; i++) {
            isRow[i] = i < inputs.size()
                    ? inputs.get(i).a % 2 == 0
                    : made.get(i - inputs.size()).isReduction()
                            || made.get(i - inputs.size()).operands().stream().allMatch(operand -> isRow[operand]);
        }
        return isRow;
    }

    /** A step of values that there are, or nothing. */
    private static Optional<Step> step(Choice choice, List<DType> types, DType floating) {
        IntTuple two = operands(types, floating, choice.a, choice.c);
        IntTuple whole = operands(types, DType.I32, choice.a, choice.c);
        IntTuple truths = operands(types, DType.BOOL, choice.a, choice.c);
        return switch (choice.kind % 10) {
            case 0, 1 ->
                two.isEmpty() ? Optional.empty() : Optional.of(unary(UNARY[choice.b % UNARY.length], two, floating));
            case 2, 3 ->
                two.isEmpty() ? Optional.empty() : Optional.of(binary(BINARY[choice.b % BINARY.length], two, floating));
            case 4 -> Optional.of(new Step.Cast(TYPES[choice.b % TYPES.length], choice.a % types.size()));
            case 5 -> two.isEmpty() ? Optional.empty() : Optional.of(reduction(choice, two, floating));
            case 6 ->
                two.isEmpty() ? Optional.empty() : Optional.of(new Step.Add(floating, repeated(two, choice.b % 3)));
            case 7 ->
                two.isEmpty() || truths.isEmpty()
                        ? Optional.of(new Step.Constant(floating, choice.a - 20.5))
                        : Optional.of(new Step.Apply(
                                ClusterExamples.WHERE,
                                floating,
                                floating,
                                IntTuple.of(truths.get(0), two.get(0), two.get(1))));
            case 8 -> whole.isEmpty() ? Optional.empty() : Optional.of(binary(BINARY[choice.b % 3], whole, DType.I32));
            default ->
                truths.isEmpty()
                        ? Optional.empty()
                        : Optional.of(binary(LOGIC[choice.b % LOGIC.length], truths, DType.BOOL));
        };
    }

    private static Step unary(Unary row, IntTuple operands, DType type) {
        DType result = row == Unary.IS_NAN ? DType.BOOL : type;
        return new Step.Apply(TensorAccess.get().formula(row), type, result, operands.between(0, 1));
    }

    private static Step binary(Binary row, IntTuple operands, DType type) {
        boolean isQuestion = ImmutableList.of(Binary.LESS, Binary.EQUAL, Binary.LESS_OR_EQUAL, Binary.NOT_EQUAL)
                .contains(row);
        return new Step.Apply(TensorAccess.get().formula(row), type, isQuestion ? DType.BOOL : type, operands);
    }

    private static Step reduction(Choice choice, IntTuple operands, DType type) {
        return choice.b % 2 == 0 ? new Step.Sum(type, operands.get(0)) : new Step.Max(type, operands.get(0));
    }

    private static IntTuple repeated(IntTuple two, int more) {
        IntArrayList all = new IntArrayList(two.toArray());
        for (int i = 0; i < more; i++) {
            all.add(two.get(i % 2));
        }
        return IntTuple.of(all.toIntArray());
    }

    /** Two values of a type, which may be the same; none if there is none. */
    private static IntTuple operands(List<DType> types, DType type, int a, int b) {
        int[] fitting = IntStream.range(0, types.size())
                .filter(i -> types.get(i) == type)
                .toArray();
        return fitting.length == 0
                ? IntTuple.of()
                : IntTuple.of(fitting[a % fitting.length], fitting[b % fitting.length]);
    }
}
