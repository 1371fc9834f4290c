package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.internal.tensor.Reads;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A NaN put into one element arrives exactly where that element is read. */
final class ReadsTest {
    static List<OperationCases.Case> cases() {
        return OperationCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aNaNArrivesWhereItIsRead(OperationCases.Case one) {
        List<Tensor> inputs = one.inputs().stream().map(ReadsTest::leaf).toList();
        Tensor y = one.build().of(inputs);
        List<Tensor> all = new ArrayList<>(List.of(y));
        if (y.dtype().isFloating()) {
            Gradients gradients =
                    Gradients.of(y, Tensor.ones(y.dtype(), y.shape().lengths()));
            inputs.stream().filter(input -> input.dtype().isFloating()).forEach(x -> all.add(gradients.wrt(x)));
        }
        for (Tensor node : Graph.of(all).nodes()) {
            if (node.dtype().isFloating() && node.inputCount() > 0) {
                check(node);
            }
        }
    }

    private static Tensor leaf(NDArray array) {
        return array.dtype().isFloating() ? Parameter.of(array) : Tensor.of(array);
    }

    private static void check(Tensor node) {
        List<NDArray> numbers = Evaluator.plain().evaluate(node.inputs());
        for (int element = 0; element < node.shape().elements(); element++) {
            Set<String> read = new TreeSet<>();
            Reads.each(node, element, of -> numbers.get(node.inputs().indexOf(of)), (input, at) -> {
                if (node.input(input).dtype().isFloating()) {
                    read.add(input + ": " + at);
                }
            });
            Set<String> arriving = arriving(node, element, numbers);
            // A power of two is a scale, and of NaN one too.
            boolean exact =
                    !(node.op() instanceof Custom || node.op() instanceof Scan || node.op() == Unary.POWER_OF_TWO);
            if (exact) {
                assertThat(read).as("%s at %s", node, element).isEqualTo(arriving);
            } else {
                assertThat(read).as("%s at %s", node, element).containsAll(arriving);
            }
        }
    }

    /** The elements from which a NaN reaches an element of a node. */
    private static Set<String> arriving(Tensor node, int element, List<NDArray> numbers) {
        Set<String> found = new TreeSet<>();
        for (int input = 0; input < numbers.size(); input++) {
            NDArray array = numbers.get(input);
            for (int at = 0; array.dtype().isFloating() && at < array.shape().elements(); at++) {
                double[] changed = array.toDoubles();
                changed[at] = Double.NaN;
                List<NDArray> all = new ArrayList<>(numbers);
                all.set(input, NDArray.of(array.shape(), changed).cast(array.dtype()));
                if (Double.isNaN(node.op().value(node, all).toDoubles()[element])) {
                    found.add(input + ": " + at);
                }
            }
        }
        return found;
    }

    /** Types that the table lacks. */
    @Test
    void aCastReadsTheSameElement() {
        check(Parameter.of(new double[] {1, 2}).cast(DType.F32));
    }
}
