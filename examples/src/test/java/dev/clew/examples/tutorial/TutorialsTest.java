package dev.clew.examples.tutorial;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.audit.HandWritten;
import dev.clew.audit.Unrolled;
import dev.clew.examples.byhand.Difference;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Right gradients by hand are held against the automatic one, which differences confirm elsewhere. */
class TutorialsTest {
    private static final double TOLERANCE = 1e-10;
    private static final Offset<Double> WITHIN = Offset.offset(1e-9);
    private static final Set<String> GATES = Set.of("Wf", "bf", "Wi", "bi", "Wg", "bg", "Wo", "bo");

    @Test
    void twelveAreWrongAndThenThreeAreRight() {
        List<Tutorial> all = Tutorials.all();
        assertThat(all.stream().map(Tutorial::isRight).toList())
                .isEqualTo(Stream.concat(
                                Stream.generate(() -> false).limit(12),
                                Stream.generate(() -> true).limit(3))
                        .toList());
        assertThat(all.stream().map(Tutorial::name)).doesNotHaveDuplicates();
        assertThat(all)
                .allSatisfy(
                        each -> assertThat(each.written().equals(each.right())).isEqualTo(each.isRight()));
    }

    @Property(tries = 10)
    void theVanillaNetworkIsRight(@ForAll long seed) {
        for (LossAt lossAt : LossAt.values()) {
            expectRight(
                    numbers -> Models.vanilla(numbers, lossAt),
                    new VanillaRnn(VanillaRnn.Variant.RIGHT, lossAt),
                    Models.vanillaPoint(RandomKey.of(seed)));
        }
    }

    @Property(tries = 10)
    void theSigmoidNetworkIsRight(@ForAll long seed) {
        expectRight(Models::sigmoid, new SigmoidRnn(SigmoidRnn.Variant.RIGHT), Models.sigmoidPoint(RandomKey.of(seed)));
    }

    @Property(tries = 10)
    void theLstmIsRight(@ForAll long seed) {
        Map<String, NDArray> point = Models.lstmPoint(RandomKey.of(seed));
        expectRight(numbers -> Models.lstm(numbers, false), new Lstm(Lstm.Variant.RIGHT), point);
        expectRight(numbers -> Models.lstm(numbers, true), new Lstm(Lstm.Variant.CELL_LOSS), point);
    }

    @Property(tries = 10)
    void thoseThatWereTakenForWrongAreRight(@ForAll long seed) {
        for (Tutorial tutorial : Tutorials.all()) {
            if (tutorial.isRight()) {
                expectRight(tutorial.model(), tutorial.handWritten(), tutorial.point(RandomKey.of(seed)));
            }
        }
    }

    private static void expectRight(
            Function<Map<String, Tensor>, Unrolled> model, HandWritten code, Map<String, NDArray> point) {
        Compared compared = new Compared(model, code, point);
        assertThat(compared.off().keySet()).isEqualTo(compared.names());
        assertThat(compared.wrong(TOLERANCE)).isEmpty();
        assertThat(compared.adjoints()).isLessThan(TOLERANCE);
        assertThat(compared.forward()).isLessThan(TOLERANCE);
    }

    static Stream<Arguments> wrongOnes() {
        List<Tutorial> all = Tutorials.all();
        Set<String> gatesAndStart = new TreeSet<>(GATES);
        gatesAndStart.addAll(Set.of("h0", "c0"));
        Set<String> gatesAndState = new TreeSet<>(GATES);
        gatesAndState.add("h0");
        return Stream.of(
                Arguments.of(
                        all.get(0), Set.of("Wx", "Wh", "b", "h0"), Map.of("Wx", .99, "Wh", .51, "b", 1.4, "h0", 3.0)),
                Arguments.of(all.get(1), Set.of("Wx", "Wh", "b"), Map.of("Wx", .52, "Wh", .39, "b", .67)),
                Arguments.of(all.get(2), Set.of("Wh"), Map.of("Wh", .21)),
                Arguments.of(all.get(3), Set.of("c"), Map.of("c", 1.0)),
                Arguments.of(all.get(4), Set.of("Wx", "Wh", "b"), Map.of("Wx", .85, "Wh", .44, "b", .89)),
                Arguments.of(all.get(5), Set.of("U", "W"), Map.of("U", 3.8, "W", .70)),
                Arguments.of(all.get(6), GATES, Map.of("Wf", 2.0, "bf", 1.9, "bi", .69)),
                Arguments.of(all.get(7), GATES, Map.of("Wf", .79, "Wi", .50, "Wg", .76, "Wo", .16)),
                Arguments.of(all.get(8), GATES, Map.of("Wf", .88, "Wi", .59, "Wg", .76, "Wo", .08)),
                Arguments.of(all.get(9), Set.of("Wf", "Wi", "Wg", "Wo"), Map.of()),
                Arguments.of(all.get(10), gatesAndState, Map.of("Wf", 3.4, "Wi", 1.6, "bi", 6.1)),
                Arguments.of(
                        all.get(11),
                        gatesAndStart,
                        gatesAndStart.stream().collect(toMap(name -> name, name -> name.endsWith("o") ? .1 : .6))),
                Arguments.of(Tutorials.noParenthesesInForgetGate(), gatesAndState, Map.of("Wf", 3.4)));
    }

    /** A figure that was measured at one point has to lie among those of 150 others, or no more than half outside. */
    @ParameterizedTest
    @MethodSource("wrongOnes")
    void eachWrongOneIsWrongInWhatThePageSays(Tutorial tutorial, Set<String> wrong, Map<String, Double> figures) {
        Map<String, List<Double>> off = new LinkedHashMap<>();
        for (int seed = 0; seed < 150; seed++) {
            Compared compared = Compared.of(tutorial, seed);
            assertThat(compared.wrong(TOLERANCE)).isEqualTo(wrong);
            assertThat(compared.forward()).isLessThan(TOLERANCE);
            compared.off()
                    .forEach((name, number) ->
                            off.computeIfAbsent(name, each -> new ArrayList<>()).add(number));
        }
        figures.forEach((name, figure) -> {
            double[] sorted = off.getOrDefault(name, List.of()).stream()
                    .mapToDouble(number -> number)
                    .sorted()
                    .toArray();
            assertThat(figure)
                    .as("%s %s", name, sorted[sorted.length / 2])
                    .isBetween(sorted[0] / 1.5, sorted[sorted.length - 1] * 1.5);
        });
    }

    @Test
    void onlyTheColumnsOfTheInputsAreWrongWhereTheLastStepStandsAlone() {
        Tutorial tutorial = Tutorials.all().get(9);
        Compared compared = Compared.of(tutorial, 3);
        for (String name : List.of("Wf", "Wi", "Wg", "Wo")) {
            double[][] byHand = array(compared.byHand().gradients(), name).toRows();
            double[][] right = compared.automatic(name);
            for (int i = 0; i < right.length; i++) {
                assertThat(Arrays.copyOf(byHand[i], 4)).containsExactly(Arrays.copyOf(right[i], 4), WITHIN);
                assertThat(byHand[i][5]).isNotCloseTo(right[i][5], WITHIN);
            }
        }
    }

    private static NDArray array(Map<String, NDArray> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    /** {@code 1 − tanh(h)²} and {@code 1 − h²} differ by about h⁴. */
    @Test
    void withWeightsOfOneTenThousandthNobodyCanTellTanhOfTanh() {
        Tutorial tutorial = Tutorials.all().get(1);
        Map<String, NDArray> point = new LinkedHashMap<>(tutorial.point(RandomKey.of(2)));
        RandomKey key = RandomKey.of(8);
        for (String name : List.of("Wx", "Wh", "b", "Wy", "c")) {
            point.computeIfPresent(
                    name, (any, array) -> key.fold(name.hashCode()).normal(0, 1e-4, DType.F64, array.shape()));
        }
        Map<String, NDArray> wrong = tutorial.handWritten().run(point).gradients();
        Map<String, NDArray> right = new VanillaRnn(VanillaRnn.Variant.RIGHT, LossAt.EVERY_STEP)
                .run(point)
                .gradients();
        wrong.forEach((name, array) -> assertThat(
                        Difference.euclidean(array.toRows(), array(right, name).toRows()))
                .as(name)
                .isLessThan(1e-13));
        assertThat(new Compared(tutorial.model(), tutorial.handWritten(), point).wrong(TOLERANCE))
                .isEmpty();
    }

    @Test
    void nothingIsKeptBetweenCalls() {
        for (Tutorial tutorial : Tutorials.all()) {
            Map<String, NDArray> point = tutorial.point(RandomKey.of(4));
            HandWritten code = tutorial.handWritten();
            assertThat(code.run(point)).isEqualTo(code.run(point));
        }
    }
}
