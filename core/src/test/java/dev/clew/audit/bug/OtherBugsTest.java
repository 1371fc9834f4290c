package dev.clew.audit.bug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OtherBugsTest {
    static List<UnknownBug> unknown() {
        return UnknownBugs.all();
    }

    static List<ShippedBug> shipped() {
        return ShippedBug.all();
    }

    @Test
    void thereAreFiftyUnknownOnes() {
        assertThat(UnknownBugs.all()).hasSize(50);
        assertThat(UnknownBugs.all().stream().map(UnknownBug::toString)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void anUnknownBugInAGradientChangesThatGradientOnly(UnknownBug bug) {
        for (long seed = 0; seed < 3; seed++) {
            Map<String, NDArray> point = bug.cell().point(seed);
            ByHand right = bug.cell().run(point, Set.of());
            Set<String> changed = AuditedCellsTest.changed(right, bug.run(point));
            if (right.gradients().containsKey(bug.quantity())) {
                assertThat(changed).containsExactly(bug.quantity());
            } else {
                assertThat(changed).hasSizeGreaterThan(2);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void anUnknownBugInAnAdjointActsFromItsStepBackwards(UnknownBug bug) {
        Map<String, NDArray> point = bug.cell().point(5);
        ByHand right = bug.cell().run(point, Set.of());
        ByHand wrong = bug.run(point);
        right.adjoints().forEach((name, steps) -> {
            List<Integer> changed = new ArrayList<>();
            for (int t = 0; t < steps.size(); t++) {
                double error =
                        AuditedCellsTest.error(Draw.at(wrong.adjoints(), name).get(t), steps.get(t));
                if (error > 1e-6) {
                    changed.add(t);
                }
            }
            assertThat(changed).allMatch(t -> t <= bug.step());
            if (name.equals(bug.quantity())) {
                assertThat(changed).contains(bug.step());
            }
        });
    }

    @Test
    void aGradientThatIsNeverZeroedIsWrongAtTheSecondCall() {
        AuditedCell cell = ZoneoutRnn.squared();
        Stateful code = Stateful.neverZeroed(cell, Set.of("Wh", "b"));
        Map<String, NDArray> point = cell.point(1);
        ByHand right = cell.run(point, Set.of());
        assertThat(AuditedCellsTest.changed(right, code.run(point))).isEmpty();
        assertThat(AuditedCellsTest.changed(right, code.run(point))).containsExactly("Wh", "b");
    }

    @Test
    void aCarryThatIsNeverResetIsWrongAtTheSecondCall() {
        for (AuditedCell cell : List.of(ZoneoutRnn.crossEntropy(), Lstm.plain(), Gru.stacked(2), new Bidirectional())) {
            Stateful code = Stateful.carryNeverReset(cell);
            Map<String, NDArray> point = cell.point(1);
            ByHand right = cell.run(point, Set.of());
            assertThat(AuditedCellsTest.changed(right, code.run(point))).isEmpty();
            assertThat(AuditedCellsTest.changed(right, code.run(point))).hasSizeGreaterThan(3);
        }
    }

    @Test
    void pairsOfBugsOfDifferentLinesChangeWhatBothChange() {
        ZoneoutRnn cell = ZoneoutRnn.squared();
        Map<String, NDArray> point = cell.point(2);
        ByHand right = cell.run(point, Set.of());
        Set<Bug> pair = Set.of(cell.bug(ZoneoutRnn.SAME_STATE), cell.bug(SumBugs.firstRow("b")));
        assertThat(AuditedCellsTest.changed(right, cell.run(point, pair))).containsExactly("Wh", "b");
        for (Bug one : cell.seventeen()) {
            for (Bug other : cell.seventeen()) {
                ByHand both = cell.run(point, one.equals(other) ? Set.of(one) : Set.of(one, other));
                assertThat(AuditedCellsTest.changed(right, both)).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void aShippedBugChangesWhatItsPartsChange(ShippedBug bug) {
        Set<String> union = new TreeSet<>();
        bug.bugs().forEach(each -> union.addAll(each.wrong()));
        for (long seed = 0; seed < 3; seed++) {
            Map<String, NDArray> point = bug.cell().point(seed);
            ByHand right = bug.cell().run(point, Set.of());
            assertThat(AuditedCellsTest.changed(right, bug.cell().run(point, bug.bugs())))
                    .isEqualTo(union);
        }
    }
}
