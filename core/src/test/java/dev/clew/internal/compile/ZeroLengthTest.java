package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Arrays without elements, of every rank, with zeros at every axis, and beside them an operand that is broadcast along any axes: sums
 * are 0, gradients are zeros, and nothing reaches out of its place.
 */
final class ZeroLengthTest {
    private static final int[] LENGTHS = {3, 4, 5, 6, 2};

    private static Shape shape(int rank, int special, int length) {
        return Shape.of(IntStream.range(0, rank)
                .map(axis -> (special >> axis & 1) == 1 ? length : LENGTHS[axis])
                .toArray());
    }

    private static NDArray numbers(Shape shape) {
        return NDArray.of(
                shape,
                IntStream.range(0, shape.elements()).mapToDouble(i -> i + 0.5).toArray());
    }

    private static Stream<Shape> empty() {
        return IntStream.rangeClosed(1, LENGTHS.length)
                .boxed()
                .flatMap(rank -> IntStream.range(1, 1 << rank).mapToObj(zeros -> shape(rank, zeros, 0)));
    }

    /** Shapes that broadcast to another, of all lower ranks, with axes of length 1. */
    private static Stream<Shape> broadcastable(Shape to) {
        return IntStream.rangeClosed(0, to.rank())
                .boxed()
                .flatMap(rank -> IntStream.range(0, 1 << rank)
                        .mapToObj(ones -> Shape.of(IntStream.range(0, rank)
                                .map(axis -> (ones >> axis & 1) == 1 ? 1 : to.length(to.rank() - rank + axis))
                                .toArray())))
                .distinct();
    }

    private static void assertNothing(Tensor loss, Parameter... parameters) {
        Gradients gradients = Gradients.of(loss);
        List<Tensor> outputs = Stream.concat(
                        Stream.of(loss), Arrays.stream(parameters).map(gradients::wrt))
                .toList();
        Capture capture = Capture.of(outputs);
        for (Set<Pass> passes : List.of(Compiler.ALL, Set.<Pass>of())) {
            for (RecordDraft.Form form : RecordDraft.Form.values()) {
                List<NDArray> found =
                        Poisoned.run(Compiler.compile(capture.program(), passes), capture.numbers(), form);
                assertThat(found.getFirst().toDoubles()).containsExactly(0);
                for (int i = 0; i < parameters.length; i++) {
                    assertThat(found.get(i + 1).shape()).isEqualTo(parameters[i].shape());
                    assertThat(found.get(i + 1).toDoubles())
                            .isEqualTo(new double[parameters[i].shape().elements()]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("empty")
    void aBroadcastOperandBesideNothingHasNoGradient(Shape shape) {
        Parameter nothing = Parameter.of(numbers(shape));
        broadcastable(shape).forEach(other -> {
            Parameter operand = Parameter.of(numbers(other));
            assertNothing(nothing.plus(operand).tanh().sum(), operand, nothing);
        });
    }

    @ParameterizedTest
    @MethodSource("empty")
    void aStepChangesNothingByNothing(Shape shape) {
        Parameter nothing = Parameter.of(numbers(shape));
        Parameter weight = Parameter.of(numbers(Shape.of(2)));
        Tensor loss = nothing.exp().sum().plus(weight.square().sum());
        Gradients gradients = Gradients.of(loss);
        Plan step = Plan.compile(
                List.of(loss),
                Map.of(nothing, nothing.minus(gradients.wrt(nothing)), weight, weight.minus(gradients.wrt(weight))));
        assertThat(step.run(Map.of()).getFirst().item()).isEqualTo(0.25 + 2.25);
        assertThat(weight.value().toDoubles()).containsExactly(-0.5, -1.5);
        assertThat(nothing.value().shape()).isEqualTo(shape);
    }
}
