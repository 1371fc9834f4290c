package dev.clew.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Place;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the gradient of a loop looks like as a graph: its size is counted, never its time. */
final class BackwardGraphTest {
    private static final int UNITS = 3;

    private final Parameter wx = parameter(0, 2, UNITS);
    private final Parameter wh = parameter(1, UNITS, UNITS);
    private final Parameter b = parameter(2, UNITS);

    private static Parameter parameter(long number, int... lengths) {
        return Parameter.of(RandomKey.of(7).fold(number).uniform(-0.5, 0.5, DType.F64, Shape.of(lengths)));
    }

    /** States h_0 .. h_T of an Elman network over constant inputs. */
    private List<Tensor> states(int steps) {
        List<Tensor> states = new ArrayList<>(List.of(Tensor.zeros(DType.F64, 1, UNITS)));
        for (int t = 0; t < steps; t++) {
            Tensor x = Tensor.of(NDArray.full(t % 3 - 1, DType.F64, Shape.of(1, 2)));
            states.add(x.matmul(wx).plus(states.getLast().matmul(wh)).plus(b).tanh());
        }
        return states;
    }

    private static Tensor loss(List<Tensor> states) {
        return Tensor.sum(states.stream().map(state -> state.square().sum()).toList());
    }

    private static long count(Tensor of, Class<? extends Op> kind) {
        return Graph.of(List.of(of)).nodes().stream()
                .filter(node -> kind.isInstance(node.op()))
                .count();
    }

    @Test
    void theGradientOfASharedWeightIsOneSumOfAsManyTermsAsSteps() {
        int steps = 20;
        Gradients gradients = Gradients.of(loss(states(steps)));
        for (Parameter shared : List.of(wx, wh, b)) {
            Tensor gradient = gradients.wrt(shared);
            assertThat(gradient.op()).isInstanceOf(Elementwise.AddN.class);
            assertThat(gradient.inputCount()).isEqualTo(steps);
        }
        assertThat(gradients.wrt(wh).inputs())
                .allSatisfy(term -> assertThat(term.op()).isEqualTo(new Contraction.MatMul(true, false)));
    }

    @Test
    void transposesAreFlagsOfProducts() {
        Gradients gradients = Gradients.of(loss(states(10)));
        for (Parameter shared : List.of(wx, wh, b)) {
            assertThat(count(gradients.wrt(shared), Movement.Transpose.class)).isZero();
            Tensor second = Gradients.of(gradients.wrt(shared).square().sum()).wrt(wh);
            assertThat(count(second, Movement.Transpose.class)).isZero();
        }
    }

    @Test
    void askingForEveryStateOneByOneBuildsALinearNumberOfNodes() {
        assertThat(newNodes(states(200), false)).isLessThan(2 * newNodes(states(100), false) + 50);
        assertThat(newNodes(states(200), true)).isLessThan(2 * newNodes(states(100), true) + 50);
        assertThat(newNodes(states(200), true)).isLessThanOrEqualTo(newNodes(states(200), false) + 5);
    }

    /** Nodes made by asking for all states, the last first or the first first. */
    private static long newNodes(List<Tensor> states, boolean reversed) {
        Gradients gradients = Gradients.of(loss(states));
        long before = Tensor.of(0.0).number();
        (reversed ? states.reversed() : states).forEach(gradients::wrt);
        return Tensor.of(0.0).number() - before;
    }

    @Test
    void onlyWhatIsAskedForIsBuilt() {
        List<Tensor> states = states(100);
        Gradients gradients = Gradients.of(loss(states));
        long before = Tensor.of(0.0).number();
        gradients.wrt(states.get(99));
        assertThat(Tensor.of(0.0).number() - before).isLessThan(30);
    }

    @Test
    void forwardGradientAndSecondGradientGrowLinearly() {
        assertThat(sizes(200)).satisfies(twice -> {
            long[] once = sizes(100);
            for (int i = 0; i < twice.length; i++) {
                assertThat((double) twice[i] / once[i]).isBetween(1.9, 2.1);
            }
        });
    }

    private long[] sizes(int steps) {
        Tensor loss = loss(states(steps));
        Tensor gradient = Gradients.of(loss).wrt(wh);
        Tensor second = Gradients.of(gradient.square().sum()).wrt(wh);
        return new long[] {size(loss), size(gradient), size(second)};
    }

    private static long size(Tensor of) {
        return Graph.of(List.of(of)).size();
    }

    @Test
    void theGradientOfManySlicesIsOnePlaceNode() {
        Parameter data = parameter(5, 50, 2);
        List<Tensor> terms = new ArrayList<>();
        for (int t = 0; t < 50; t++) {
            terms.add(data.get(t).square().sum());
        }
        Tensor gradient = Gradients.of(Tensor.sum(terms)).wrt(data);
        assertThat(gradient.op()).isInstanceOf(Place.class);
        assertThat(gradient.inputCount()).isEqualTo(50);
        assertThat(count(gradient, Place.class)).isOne();
        double[] expected = data.value().toDoubles();
        for (int i = 0; i < expected.length; i++) {
            expected[i] *= 2;
        }
        assertThat(gradient.value().toDoubles()).containsExactly(expected);
    }

    @Test
    void slicesOfEveryStateOfAnAccumulatingLoopStayLinear() {
        Parameter start = parameter(6, 4, 2);
        Tensor memory = start;
        List<Tensor> states = new ArrayList<>();
        List<Tensor> read = new ArrayList<>();
        int steps = 60;
        for (int t = 0; t < steps; t++) {
            memory = memory.plus(parameter(100 + t, 4, 2));
            states.add(memory);
            read.add(memory.get(t % 4).square().sum());
            read.add(memory.get((t + 1) % 4).sum());
        }
        Gradients gradients = Gradients.of(Tensor.sum(read));
        List<Tensor> all = states.stream().map(gradients::wrt).toList();
        int windows = Graph.of(all).nodes().stream()
                .filter(node -> node.op() instanceof Place)
                .mapToInt(Tensor::inputCount)
                .sum();
        assertThat(windows).isEqualTo(2 * steps);
    }

    @Test
    void gatheredRowsScatterInOneNodePerLookup() {
        Parameter table = parameter(8, 5, 2);
        Tensor gradient = Gradients.of(table.gather(1, 1, 4).sum()).wrt(table);
        assertThat(gradient.value().toRows()).isDeepEqualTo(new double[][] {{0, 0}, {2, 2}, {0, 0}, {0, 0}, {1, 1}});
    }
}
