package dev.clew.audit.bug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.Unrolled;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AuditedCellsTest {
    private static final int SEEDS = 3;

    static Stream<AuditedCell> cells() {
        return Stream.concat(AuditedCell.all().stream(), Stream.of(Gru.stacked(3)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void withoutBugsEqualsTheAutomaticGradient(AuditedCell cell) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Map<String, NDArray> point = cell.point(seed);
            Unrolled model = model(cell, point);
            ByHand found = cell.run(point, Set.of());
            assertThat(found.loss().orElseThrow())
                    .isCloseTo(values(List.of(model.loss())).getFirst().item(), within(1e-12));
            Map<String, Tensor> wanted = new LinkedHashMap<>(model.parameters());
            wanted.putAll(model.initial());
            assertThat(found.gradients().keySet()).isEqualTo(wanted.keySet());
            Gradients automatic = Gradients.of(model.loss());
            List<NDArray> arrays =
                    values(wanted.values().stream().map(automatic::wrt).toList());
            List<String> names = List.copyOf(wanted.keySet());
            for (int i = 0; i < names.size(); i++) {
                assertThat(error(Draw.at(found.gradients(), names.get(i)), arrays.get(i)))
                        .as(names.get(i))
                        .isLessThan(1e-10);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cells")
    void withoutBugsAdjointsAndActivationsEqualThoseOfTheGraph(AuditedCell cell) {
        Map<String, NDArray> point = cell.point(7);
        Unrolled model = model(cell, point);
        ByHand found = cell.run(point, Set.of());
        Gradients automatic = Gradients.of(model.loss());
        assertThat(found.adjoints()).isNotEmpty();
        found.adjoints()
                .forEach((name, steps) -> assertEqual(
                        name,
                        steps,
                        Draw.at(model.steps(), name).stream()
                                .map(automatic::wrt)
                                .toList()));
        found.activations().forEach((name, steps) -> assertEqual(name, steps, Draw.at(model.steps(), name)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyBugChangesTheGradientsThatItNamesAndNoOther(AuditedCell cell) {
        List<String> surprises = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Map<String, NDArray> point = cell.point(seed);
            ByHand right = cell.run(point, Set.of());
            for (Bug bug : cell.bugs()) {
                Set<String> changed = changed(right, cell.run(point, Set.of(bug)));
                if (!changed.equals(bug.wrong())) {
                    surprises.add(
                            bug + " at seed " + seed + " changes " + changed + ", not " + new TreeSet<>(bug.wrong()));
                }
            }
        }
        assertThat(surprises).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void bugsHaveDifferentNamesAndKinds(AuditedCell cell) {
        assertThat(cell.bugs().stream().map(Bug::name)).doesNotHaveDuplicates();
        assertThat(cell.bugs()).hasSizeGreaterThanOrEqualTo(12);
        assertThat(cell.bugs().stream().map(Bug::family).distinct()).hasSizeGreaterThanOrEqualTo(5);
    }

    /** The names of gradients that differ. */
    static Set<String> changed(ByHand right, ByHand wrong) {
        Set<String> changed = new TreeSet<>();
        right.gradients().forEach((name, array) -> {
            if (error(Draw.at(wrong.gradients(), name), array) > 1e-6) {
                changed.add(name);
            }
        });
        return changed;
    }

    static Unrolled model(AuditedCell cell, Map<String, NDArray> point) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        point.forEach((name, array) -> tensors.put(name, Tensor.of(array)));
        return cell.model(tensors);
    }

    private static void assertEqual(String name, List<NDArray> steps, List<Tensor> tensors) {
        assertThat(steps).hasSameSizeAs(tensors);
        List<NDArray> wanted = values(tensors);
        // What the sLSTM's stabilizer is given mostly cancels to 0: only the largest step tells how exact it can be.
        double largest =
                wanted.stream().mapToDouble(AuditedCellsTest::norm).max().orElseThrow();
        for (int t = 0; t < steps.size(); t++) {
            assertThat(distance(steps.get(t), wanted.get(t)) / largest)
                    .as("%s of step %d", name, t)
                    .isLessThan(1e-10);
        }
    }

    private static List<NDArray> values(List<Tensor> tensors) {
        return Evaluator.plain().evaluate(tensors);
    }

    /** ‖found − wanted‖ / ‖wanted‖, and ‖found‖ if that is a division by 0. */
    static double error(NDArray found, NDArray wanted) {
        double size = norm(wanted);
        return distance(found, wanted) / (size == 0 ? 1 : size);
    }

    private static double distance(NDArray found, NDArray wanted) {
        assertThat(found.shape()).isEqualTo(wanted.shape());
        double[] differences = found.toDoubles();
        double[] b = wanted.toDoubles();
        Arrays.setAll(differences, i -> differences[i] - b[i]);
        return norm(NDArray.of(differences));
    }

    private static double norm(NDArray array) {
        return Math.sqrt(
                Arrays.stream(array.toDoubles()).map(each -> each * each).sum());
    }
}
