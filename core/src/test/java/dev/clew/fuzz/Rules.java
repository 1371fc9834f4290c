package dev.clew.fuzz;

import dev.clew.array.DType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that the fuzzer can call. */
final class Rules {
    static final List<Rule> ALL = Stream.of(
                    ElementwiseRules.all(),
                    ReductionRules.all(),
                    RecurrenceRules.all(),
                    MovementRules.all(),
                    JoinRules.all(),
                    SelectionRules.all(),
                    ContractionRules.all())
            .flatMap(List::stream)
            .toList();

    private static final Map<String, Rule> BY_TEXT =
            ALL.stream().collect(Collectors.toMap(Rule::text, Function.identity()));

    private Rules() {}

    /** The rule that is written so. */
    static Rule named(String text) {
        return Objects.requireNonNull(BY_TEXT.get(text), text);
    }

    static DType type(Line line) {
        return Objects.requireNonNull(((Line.Call) line).type());
    }

    /** An array of the shape to which all broadcast. */
    static Numbers wide(DType type, List<Numbers> in, Numbers.At at) {
        int[] common = new int[0];
        for (Numbers each : in) {
            int[] wider = Drawing.broadcast(common, each.shape());
            if (wider == null) {
                throw new IllegalArgumentException("these do not broadcast: " + in);
            }
            common = wider;
        }
        return Numbers.build(type, common, at);
    }

    static Numbers pair(DType type, List<Numbers> in, DoubleBinaryOperator meaning) {
        boolean wraps = in.getFirst().type() == DType.I32;
        return wide(type, in, index -> {
            double y = meaning.applyAsDouble(in.get(0).wide(index), in.get(1).wide(index));
            return wraps ? wrapped(y) : y;
        });
    }

    /** Integers wrap around: a function of two of them is exact as a long, and small enough for a double here. */
    static DoubleUnaryOperator wrapping(Numbers x, DoubleUnaryOperator meaning) {
        return x.type() == DType.I32 ? value -> wrapped(meaning.applyAsDouble(value)) : meaning;
    }

    private static double wrapped(double y) {
        return Double.isNaN(y) ? 0 : Math.abs(y) < 0x1p53 ? (int) (long) y : y;
    }
}
