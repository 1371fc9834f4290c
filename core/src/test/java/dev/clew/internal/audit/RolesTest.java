package dev.clew.internal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.audit.LoopBody.Cell;
import dev.clew.internal.audit.LoopBody.DataOrder;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop that was unrolled is seen to be one, wherever its states start and whenever its data were made. */
class RolesTest {
    static Stream<Arguments> loops() {
        List<Arguments> all = new ArrayList<>();
        for (Map.Entry<String, Cell> cell : LoopBodies.all().entrySet()) {
            for (int steps : new int[] {1, 2, 3, 5}) {
                all.add(Arguments.of(cell.getKey(), steps, cell.getValue()));
            }
        }
        return all.stream();
    }

    /** A loss with what is known of it. */
    private record Folded(LoopBody loop, Graph graph, Roles roles, Times times) {
        static Folded of(Cell cell, int steps, boolean isNamed, DataOrder order) {
            LoopBody loop = new LoopBody(steps, order);
            Graph graph = Graph.of(List.of(cell.loss(loop)));
            Roles roles = new Roles(graph, loop.parameters(), isNamed ? loop.initial() : Set.of());
            return new Folded(loop, graph, roles, new Times(graph, roles));
        }

        /** The nodes of every step that are computed from data or states, in the order in which they were made. */
        List<List<Integer>> lines() {
            List<List<Integer>> lines = new ArrayList<>();
            for (int t = 0; t < loop.steps(); t++) {
                int line = 0;
                for (int i = 0; i < graph.size(); i++) {
                    long number = graph.node(i).number();
                    boolean isOfStep = number >= loop.starts()[t] && number < loop.starts()[t + 1];
                    if (isOfStep && graph.node(i).inputCount() > 0 && isOfLoop(i)) {
                        if (lines.size() == line) {
                            lines.add(new ArrayList<>());
                        }
                        lines.get(line++).add(i);
                    }
                }
            }
            return lines;
        }

        /** Whether it depends on more than parameters and single numbers that never change. */
        private boolean isOfLoop(int node) {
            return !roles.isOfParameters(node);
        }

        String wrong() {
            StringBuilder wrong = new StringBuilder();
            if (loop.steps() > 1 && times.steps() != loop.steps()) {
                wrong.append("steps ").append(times.steps()).append("; ");
            }
            lines().forEach(line -> check(line, wrong));
            loop.data()
                    .forEach((name, all) ->
                            check(all.values().stream().map(graph::position).toList(), wrong));
            for (Tensor weight : loop.parameters()) {
                int node = graph.position(weight);
                if (node >= 0 && (roles.members(roles.role(node)).length != 1 || times.of(node) != Times.NONE)) {
                    wrong.append("weight ").append(weight.describe()).append("; ");
                }
            }
            return wrong.toString();
        }

        private void check(List<Integer> line, StringBuilder wrong) {
            int[] members = roles.members(roles.role(line.getFirst()));
            String what = graph.node(line.getFirst()).op().label()
                    + graph.node(line.getFirst()).shape();
            if (!new HashSet<>(line)
                    .equals(new HashSet<>(Arrays.stream(members).boxed().toList()))) {
                wrong.append(what)
                        .append(line)
                        .append(" in ")
                        .append(Arrays.toString(members))
                        .append("; ");
            }
            List<Integer> steps = line.stream().map(times::of).toList();
            for (int t = 0; t < steps.size() && loop.steps() > 1; t++) {
                if (steps.get(t) != t) {
                    wrong.append(what).append(" at ").append(steps).append("; ");
                    return;
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("loops")
    void everyLineIsOneRoleWithOneMemberForEveryStep(String name, int steps, Cell cell) {
        List<String> wrong = new ArrayList<>();
        for (DataOrder order : DataOrder.values()) {
            for (boolean isNamed : name.contains("named") ? new boolean[] {true} : new boolean[] {true, false}) {
                String each = Folded.of(cell, steps, isNamed, order).wrong();
                if (!each.isEmpty()) {
                    wrong.add((isNamed ? "named, " : "unnamed, ") + order + ": " + each);
                }
            }
        }
        assertThat(String.join("\n", wrong)).as(name).isEmpty();
    }

    @Test
    void aModuleThatIsNotRunAtEveryStepHasARoleOfItsOwn() {
        List<List<Tensor>> states = List.of(new ArrayList<>(), new ArrayList<>());
        Map<String, Tensor> weights = new HashMap<>();
        IntFunction<Tensor> weight = seed -> weights.computeIfAbsent("W" + seed, none -> normal(seed, 3, 3));
        Tensor fast = Tensor.zeros(DType.F64, 3, 1);
        Tensor slow = Tensor.zeros(DType.F64, 3, 1);
        for (int t = 0; t < 6; t++) {
            Tensor before = slow;
            if (t % 2 == 0) {
                slow = weight.apply(1).matmul(slow).plus(normal(100 + t, 3, 1)).tanh();
                states.get(1).add(slow);
            }
            fast = weight.apply(2)
                    .matmul(fast)
                    .plus(weight.apply(3).matmul(before))
                    .plus(normal(200 + t, 3, 1))
                    .tanh();
            states.get(0).add(fast);
        }
        Graph graph = Graph.of(List.of(fast.plus(slow).square().sum()));
        Roles roles = new Roles(graph, new HashSet<>(weights.values()), Set.of());
        for (List<Tensor> some : states) {
            int[] members = roles.members(roles.role(graph.position(some.getFirst())));
            assertThat(Arrays.stream(members).mapToObj(graph::node)).containsExactlyElementsOf(some);
        }
        Times times = new Times(graph, roles);
        assertThat(times.steps()).isEqualTo(6);
        assertThat(states.getFirst().stream().map(graph::position).map(times::of))
                .containsExactly(0, 1, 2, 3, 4, 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector RNN", "fused LSTM", "GRU, torch", "zoneout", "masked", "two layers"})
    @Timeout(5)
    void aLongLoopFoldsAtOnce(String name) {
        Cell cell = Objects.requireNonNull(LoopBodies.all().get(name));
        assertThat(Folded.of(cell, 200, false, DataOrder.IN_LOOP).wrong()).isEmpty();
    }

    private static Tensor normal(long seed, int... shape) {
        Random random = new Random(seed);
        double[] numbers = new double[Shape.of(shape).elements()];
        Arrays.setAll(numbers, i -> random.nextGaussian());
        return Tensor.of(NDArray.of(Shape.of(shape), numbers));
    }
}
