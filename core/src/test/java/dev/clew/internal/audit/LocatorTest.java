package dev.clew.internal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.Location;
import dev.clew.audit.Unrolled;
import dev.clew.audit.bug.Alteration;
import dev.clew.audit.bug.AuditedCell;
import dev.clew.audit.bug.ExpectedLocation;
import dev.clew.audit.bug.UnknownBug;
import dev.clew.audit.bug.UnknownBugs;
import dev.clew.audit.bug.ZoneoutRnn;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where a gradient begins to be wrong is told without a search for the reason. */
class LocatorTest {
    private static final long SEED = 5;
    private static final double TOLERANCE = 1e-9;
    private static final double LOCATED = 0.9;
    private static final AuditedCell RNN = ZoneoutRnn.squared();

    @Test
    void quantityStepAndTermOfUnknownBugsAreFound() {
        List<UnknownBug> all = UnknownBugs.all();

        List<String> elsewhere = all.stream()
                .filter(bug -> !ExpectedLocation.of(bug, SEED).is(located(bug, true)))
                .map(bug -> bug + ": " + located(bug, true))
                .toList();

        System.out.printf("located: %d of %d unknown bugs%n", all.size() - elsewhere.size(), all.size());
        assertThat(all.size() - elsewhere.size())
                .as("not located: %s", elsewhere)
                .isGreaterThanOrEqualTo((int) (LOCATED * all.size()));
    }

    @Test
    void gradientsAloneNameAllFormulasThatCouldSpoilThem() {
        assertThat(UnknownBugs.all())
                .allSatisfy(bug -> assertThat(located(bug, false).quantity().split(" or "))
                        .contains(ExpectedLocation.of(bug, SEED).quantity()));
    }

    @Test
    void noTermIsNamedWhereSeveralFormulasCouldBeWrong() {
        UnknownBug bug = new UnknownBug(RNN, "h", "do_t·Vᵀ", 11, Alteration.SIGN, false);

        Location at = located(bug, false);

        assertThat(at.quantity().split(" or ")).containsExactlyInAnyOrder("da_t", "dh_t");
        assertThat(at.term()).isEmpty();
        assertThat(at.step()).isEmpty();
    }

    @Test
    void termsThatNoiseCannotTellApartAreAllNamed() {
        UnknownBug bug = new UnknownBug(RNN, "h", "do_t·Vᵀ", 5, Alteration.NOISY, false);

        Location at = located(bug, true);

        assertThat(at.quantity()).isEqualTo("dh_t");
        assertThat(at.step()).hasValue(5);
        assertThat(at.others()).hasSize(1).doesNotContain(at.term());
        assertThat(List.of(at.term(), at.others().getFirst())).containsExactlyInAnyOrder("do_t·Vᵀ", "da_t·Whᵀ");
    }

    @Test
    void theFirstStepIsNotHiddenByNumbersThatGrowAfterIt() {
        UnknownBug bug = new UnknownBug(RNN, "h", "(1 − m_{t+1})⊙dh_{t+1}", 10, Alteration.SQUARED, false);
        Map<String, NDArray> point = RNN.point(8);

        Location at = located(RNN, point, bug.run(point)).orElseThrow();

        assertThat(at.step()).hasValue(10);
    }

    @Test
    void mistakesInSeveralPlacesAreNamedTogether() {
        Map<String, NDArray> point = RNN.point(SEED);
        ByHand right = RNN.run(point, Set.of());
        Map<String, NDArray> gradients = new LinkedHashMap<>(right.gradients());
        gradients.computeIfPresent("V", (name, array) -> squared(array));
        gradients.computeIfPresent("Wx", (name, array) -> squared(array));

        Location at = located(RNN, point, new ByHand(gradients, right.adjoints(), Map.of(), right.loss()))
                .orElseThrow();

        assertThat(at.quantity().split(" and ")).containsExactlyInAnyOrder("dV", "dWx");
    }

    @Test
    void aRightGradientIsWrongNowhere() {
        Map<String, NDArray> point = RNN.point(SEED);

        assertThat(located(RNN, point, RNN.run(point, Set.of()))).isEmpty();
    }

    private static NDArray squared(NDArray array) {
        Tensor tensor = Tensor.of(array);
        return tensor.times(tensor).value();
    }

    private static Location located(UnknownBug bug, boolean adjoints) {
        Map<String, NDArray> point = bug.cell().point(SEED);
        ByHand all = bug.run(point);
        return located(bug.cell(), point, adjoints ? all : ByHand.of(all.gradients()))
                .orElseThrow(() -> new AssertionError("nowhere: " + bug));
    }

    private static Optional<Location> located(AuditedCell cell, Map<String, NDArray> point, ByHand byHand) {
        Map<String, Tensor> data = new LinkedHashMap<>();
        point.forEach((name, array) -> data.put(name, Tensor.of(array)));
        Unrolled forward = cell.model(data);
        return new Diagnosis(forward, data, byHand, TOLERANCE, SEED).located();
    }
}
