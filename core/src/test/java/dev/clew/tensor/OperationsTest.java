package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation there is: values, derivatives of first and second order, layouts, single precision. */
final class OperationsTest {
    private static final double STEP = 1e-3;

    static List<OperationCases.Case> cases() {
        return OperationCases.all();
    }

    @Test
    void everyOperationHasCases() {
        Set<Object> without = new LinkedHashSet<>(OperationCases.registry());
        cases().forEach(one -> without.remove(one.operation()));
        assertThat(OperationCases.registry()).hasSizeGreaterThan(30);
        assertThat(without)
                .as("operations without a case: each needs one in ElementwiseCases, MovementCases or the like")
                .isEmpty();
    }

    static List<OperationCases.Case> casesOfOneOperation() {
        return cases().stream()
                .filter(one -> !(one.operation() instanceof String))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("casesOfOneOperation")
    void caseUsesItsOperation(OperationCases.Case one) {
        List<Object> used = Graph.of(List.of(one.build().of(leaves(one.inputs())))).nodes().stream()
                .map(node -> OperationCases.operation(node.op()))
                .toList();
        assertThat(used).contains(one.operation());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientOfFirstAndSecondOrderIsTheSlope(OperationCases.Case one) {
        List<Tensor> inputs = leaves(one.inputs());
        Tensor y = floating(one.build().of(inputs));
        Tensor yBar = Tensor.of(Samples.ANYWHERE.draw(77, y.shape().lengths()));
        Tensor weighted = y.times(yBar).sum();
        Gradients first = Gradients.of(y, yBar);
        Tensor slopes = Tensor.of(0.0);
        long seed = 100;
        for (Tensor input : floating(inputs)) {
            Tensor gradient = first.wrt(input);
            assertThat(gradient.shape()).isEqualTo(input.shape());
            assertThat(gradient.dtype()).isEqualTo(input.dtype());
            compare(one, gradient.value(), weighted, input);
            Tensor weights =
                    Tensor.of(Samples.ANYWHERE.draw(seed++, input.shape().lengths()));
            slopes = slopes.plus(gradient.times(weights).sum());
        }
        Gradients second = Gradients.of(slopes);
        for (Tensor input : floating(inputs)) {
            compare(one, second.wrt(input).value(), slopes, input);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void viewsGiveTheSameBits(OperationCases.Case one) {
        for (Layout layout : Layout.values()) {
            List<NDArray> laidOut = one.inputs().stream().map(layout::of).toList();
            assertThat(valueAndGradients(one, laidOut))
                    .as(layout.name())
                    .isEqualTo(valueAndGradients(one, one.inputs()));
        }
        List<NDArray> repeated = one.inputs().stream().map(Layout::repeated).toList();
        List<NDArray> copies = repeated.stream().map(Layout.CONTIGUOUS::of).toList();
        assertThat(valueAndGradients(one, repeated)).isEqualTo(valueAndGradients(one, copies));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void singlePrecisionAgreesWithDouble(OperationCases.Case one) {
        List<NDArray> halved = one.inputs().stream()
                .map(input -> input.dtype() == DType.F64 ? input.cast(DType.F32) : input)
                .toList();
        List<NDArray> back = halved.stream()
                .map(input -> input.dtype() == DType.F32 ? input.cast(DType.F64) : input)
                .toList();
        Tensor y = one.build().of(leaves(back));
        if (!y.dtype().isFloating() || one.operation() == Elementwise.Cast.class) {
            return;
        }
        Tensor y32 = one.build().of(leaves(halved));
        assertThat(y32.dtype()).isEqualTo(DType.F32);
        assertThat(y32.value().dtype()).isEqualTo(DType.F32);
        assertThat(y32.shape()).isEqualTo(y.shape());
        double[] exact = y.value().toDoubles();
        double[] rounded = y32.value().toDoubles();
        for (int i = 0; i < exact.length; i++) {
            assertThat(Math.abs(rounded[i] - exact[i])).isLessThanOrEqualTo(2e-6 * Math.max(1, Math.abs(exact[i])));
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void gradientsHaveTheTypeOfTheirTensor(DType type) {
        if (type.isFloating()) {
            Parameter x = Parameter.of(Samples.POSITIVE.draw(1, 3).cast(type));
            Tensor y = x.log().times(2).plus(x.square()).maximum(1.0).sum();
            Tensor gradient = Gradients.of(y).wrt(x);
            assertThat(gradient.dtype()).isEqualTo(type);
            assertThat(Gradients.of(gradient.sum()).wrt(x).value().dtype()).isEqualTo(type);
        }
    }

    /** Compares a gradient with central differences of four points, whose error is of fourth order in the step. */
    private static void compare(OperationCases.Case one, NDArray gradient, Tensor of, Tensor by) {
        Parameter x = (Parameter) by;
        NDArray at = x.value();
        double[] found = gradient.toDoubles();
        double tolerance = tolerance(of);
        for (int i = 0; i < found.length; i++) {
            double near = shifted(of, x, at, i, STEP) - shifted(of, x, at, i, -STEP);
            double far = shifted(of, x, at, i, 2 * STEP) - shifted(of, x, at, i, -2 * STEP);
            double slope = one.hasSlopes() ? (8 * near - far) / (12 * STEP) : 0;
            assertThat(Math.abs(found[i] - slope))
                    .as("%s: element %d of the gradient is %s, the slope is %s", one, i, found[i], slope)
                    .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(slope)));
        }
        x.set(at);
    }

    /** Differences of what is rounded to f32 know the slope to three digits. */
    private static double tolerance(Tensor of) {
        return Graph.of(List.of(of)).nodes().stream().anyMatch(node -> node.dtype() == DType.F32) ? 1e-3 : 1e-7;
    }

    private static double shifted(Tensor of, Parameter x, NDArray at, int element, double by) {
        double[] numbers = at.toDoubles();
        numbers[element] += by;
        x.set(NDArray.of(at.shape(), numbers));
        return of.item();
    }

    private static List<NDArray> valueAndGradients(OperationCases.Case one, List<NDArray> arrays) {
        List<Tensor> inputs = leaves(arrays);
        Tensor y = one.build().of(inputs);
        List<NDArray> all = new ArrayList<>();
        all.add(y.value());
        if (y.dtype().isFloating()) {
            Gradients gradients = Gradients.of(
                    y, Tensor.of(Samples.ANYWHERE.draw(5, y.shape().lengths())).cast(y.dtype()));
            floating(inputs).forEach(input -> all.add(gradients.wrt(input).value()));
        }
        return all;
    }

    private static List<Tensor> leaves(List<NDArray> arrays) {
        List<Tensor> leaves = new ArrayList<>();
        for (NDArray array : arrays) {
            leaves.add(array.dtype().isFloating() ? Parameter.of(array) : Tensor.of(array));
        }
        return leaves;
    }

    private static List<Tensor> floating(List<Tensor> inputs) {
        return inputs.stream().filter(input -> input.dtype().isFloating()).toList();
    }

    private static Tensor floating(Tensor y) {
        return y.dtype() == DType.F64 ? y : y.cast(DType.F64);
    }
}
