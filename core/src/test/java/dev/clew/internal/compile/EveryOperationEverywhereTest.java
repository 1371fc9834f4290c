package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Ints;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.OperationCases;
import dev.clew.tensor.OperationCases.Case;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every operation of the registry wherever a rewrite may reach it: a plan gives the results of the walk, to the bit, and its
 * gradients, in which sums may be taken in another order. An operation that is added is here from its first case on.
 */
final class EveryOperationEverywhereTest {
    private static final double TOLERANCE = 1e-12;

    private final List<String> wrong = new ArrayList<>();
    /** The operations that stood there. */
    private final Set<Object> seen = new LinkedHashSet<>();

    /** Compares plan and walk, where an operation takes such inputs. */
    private void check(Surroundings where, Case one, List<NDArray> inputs) {
        List<Tensor> outputs;
        List<NDArray> expected;
        try {
            outputs = where.of(one, inputs);
            expected = Evaluator.plain().evaluate(outputs);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | IllegalStateException refused) {
            return; // The operation does not take these inputs; some that a case makes by hand do not even look at
            // them.
        }
        Graph.of(outputs.subList(0, Surroundings.COUNT))
                .nodes()
                .forEach(node -> seen.add(OperationCases.operation(node.op())));
        String name = where + " " + one + " with "
                + inputs.stream().map(NDArray::shape).toList();
        List<NDArray> found;
        try {
            Capture capture = Capture.of(outputs);
            found = Poisoned.run(
                    Compiler.compile(capture.program(), Compiler.ALL), capture.numbers(), RecordDraft.Form.PLAIN);
        } catch (RuntimeException error) {
            wrong.add(name + ": " + error);
            return;
        }
        for (int i = 0; i < outputs.size(); i++) {
            String what = i < Surroundings.COUNT ? " result " + i : " gradient " + (i - Surroundings.COUNT);
            if (!isSame(found.get(i), expected.get(i), i < Surroundings.COUNT ? 0 : TOLERANCE)) {
                wrong.add(name + what + ": " + found.get(i) + " for " + expected.get(i));
            }
        }
    }

    /** 0 and −0 are equal here; the tolerance is relative to the largest element. */
    private static boolean isSame(NDArray found, NDArray expected, double tolerance) {
        double[] a = found.toDoubles();
        double[] b = expected.toDoubles();
        double largest =
                Arrays.stream(b).map(Math::abs).filter(Double::isFinite).max().orElse(0);
        return found.shape().equals(expected.shape())
                && found.dtype() == expected.dtype()
                && IntStream.range(0, a.length)
                        .allMatch(i -> a[i] == b[i]
                                || (Double.isNaN(a[i]) && Double.isNaN(b[i]))
                                || Math.abs(a[i] - b[i]) <= tolerance * largest);
    }

    private void assertSame() {
        assertThat(wrong).isEmpty();
        Set<Object> missing = new LinkedHashSet<>(OperationCases.registry());
        missing.removeAll(seen);
        assertThat(missing)
                .as(
                        "operations that did not stand there: each needs a case in ElementwiseCases, MovementCases or the like")
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void asItIs(Surroundings where) {
        OperationCases.all().forEach(one -> check(where, one, one.inputs()));
        assertSame();
    }

    @ParameterizedTest
    @EnumSource
    void alongAnAxisOfLengthOne(Surroundings where) {
        OperationCases.all().forEach(one -> cut(one, 1).forEach(inputs -> check(where, one, inputs)));
        assertSame();
    }

    @ParameterizedTest
    @EnumSource
    void alongAnAxisOfLengthZero(Surroundings where) {
        OperationCases.all().forEach(one -> cut(one, 0).forEach(inputs -> check(where, one, inputs)));
        assertSame();
    }

    @ParameterizedTest
    @EnumSource
    void withScalarIndices(Surroundings where) {
        for (Case one : OperationCases.all()) {
            List<NDArray> inputs = one.inputs().stream()
                    .map(input -> input.dtype().isFloating() ? input : first(input))
                    .toList();
            if (inputs.stream().anyMatch(input -> !input.dtype().isFloating())) {
                check(where, one, inputs);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).contains(Selection.Gather.class, Selection.Pick.class);
    }

    private static NDArray first(NDArray array) {
        return array.shape().elements() == 0
                ? array
                : NDArray.of(Shape.SCALAR, new double[] {array.toDoubles()[0]}).cast(array.dtype());
    }

    /** The inputs with some axis of one of them, or of several, cut to a length; not all of these fit the operation. */
    private static Set<List<NDArray>> cut(Case one, int length) {
        Set<List<NDArray>> found = new LinkedHashSet<>();
        List<NDArray> inputs = one.inputs();
        if (inputs.stream().anyMatch(input -> Ints.contains(input.shape().lengths(), length))) {
            found.add(inputs);
        }
        for (int axis = 0; axis < 3; axis++) {
            for (int other = -1; other < 3; other++) {
                List<NDArray> some = new ArrayList<>();
                boolean isCut = false;
                for (int i = 0; i < inputs.size(); i++) {
                    NDArray array = inputs.get(i);
                    int at = i == 0 || other < 0 ? axis : other;
                    boolean fits = at < array.shape().rank() && array.shape().length(at) > length;
                    some.add(fits ? cut(array, at, length) : array);
                    isCut |= fits;
                }
                if (isCut) {
                    found.add(some);
                }
            }
        }
        return found;
    }

    private static NDArray cut(NDArray array, int axis, int length) {
        int[] steps = new int[array.shape().rank()];
        Arrays.fill(steps, 1);
        return array.slice(new int[steps.length], steps, array.shape().with(axis, length));
    }
}
