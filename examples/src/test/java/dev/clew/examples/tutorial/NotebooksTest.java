package dev.clew.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.audit.HandWritten;
import dev.clew.examples.byhand.Difference;
import dev.clew.examples.byhand.Expect;
import dev.clew.examples.byhand.Golden;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The notebooks' code gives what it gave when it was run, and Clew's gradient is the true one of the golden files. */
class NotebooksTest {
    private static final double TOLERANCE = 1e-10;

    private final List<Tutorial> all = Notebooks.all();

    @Test
    void theyStandInTheOrderOfTheNotebooks() {
        assertThat(all.stream().map(Tutorial::name))
                .containsExactly(
                        "alphabet", "hello", "squared-error", "counting (linear)", "counting (sigmoid)", "multi-label");
    }

    @Test
    void atRandomPointsTheyAreWrongInWhatTheyMistake() {
        List<Set<String>> wrong = List.of(
                Set.of("U"),
                Set.of("U", "W", "b"),
                Set.of("Wxh", "Whh", "bh", "Why", "by"),
                Set.of(),
                Set.of(),
                Set.of("Wh", "Wx", "Wy", "bh", "by", "h0"));
        for (int i = 0; i < all.size(); i++) {
            for (int seed = 0; seed < 5; seed++) {
                Compared compared = Compared.of(all.get(i), seed);
                assertThat(compared.wrong(1e-9)).as(all.get(i).name()).isEqualTo(wrong.get(i));
                if (!all.get(i).name().equals("counting (linear)")) {
                    assertThat(compared.forward()).as(all.get(i).name()).isLessThan(TOLERANCE);
                }
            }
        }
    }

    /** The gradient of what is meant, beside the cost of what is printed. */
    @Test
    void theLinearCountersGradientIsRightAndItsCostIsNot() {
        Compared compared = Compared.of(Notebooks.countingLinear(), 1);
        assertThat(compared.wrong(TOLERANCE)).isEmpty();
        assertThat(compared.adjoints()).isLessThan(TOLERANCE);
        assertThat(compared.forward()).isGreaterThan(0.1);
    }

    @Test
    void whatTheAlphabetAndTheSquaredErrorKeepShowsAtTheSecondCall() {
        for (Tutorial tutorial : List.of(all.get(0), all.get(2))) {
            Map<String, NDArray> point = tutorial.point(RandomKey.of(1));
            HandWritten code = tutorial.handWritten();
            Set<String> first = new Compared(tutorial.model(), code, point).wrong(TOLERANCE);
            Set<String> second = new Compared(tutorial.model(), code, point).wrong(TOLERANCE);
            assertThat(second).containsAll(first).hasSizeGreaterThanOrEqualTo(5);
            assertThat(new Compared(tutorial.model(), tutorial.handWritten(), point).wrong(TOLERANCE))
                    .isEqualTo(first);
        }
    }

    @Test
    void theOthersKeepNothing() {
        for (Tutorial tutorial : List.of(all.get(1), all.get(3), all.get(4), all.get(5))) {
            Map<String, NDArray> point = tutorial.point(RandomKey.of(1));
            HandWritten code = tutorial.handWritten();
            assertThat(code.run(point)).isEqualTo(code.run(point));
        }
    }

    @Test
    void theAlphabetIsAsPublishedInBothCalls() {
        for (JsonObject one : Golden.cases(Golden.read("alphabet_small.json"))) {
            Tutorial tutorial = GoldenPoints.alphabetTutorial(one);
            Map<String, NDArray> point = GoldenPoints.alphabet(one);
            HandWritten code = tutorial.handWritten();
            expectTrue(tutorial, point, one, 1e-8);
            expectErrors(code, point, one, "grad_notebook_first_call_error_vs_true", 1e-8);
            expectErrors(code, point, one, "grad_notebook_second_call_same", 1e-9);
        }
    }

    @Test
    void helloIsAsPublished() {
        for (JsonObject one : Golden.cases(Golden.read("hello.json"))) {
            expectTrue(all.get(1), GoldenPoints.hello(one), one, TOLERANCE);
            expectPublished(all.get(1), GoldenPoints.hello(one), one);
        }
    }

    @Test
    void theSquaredErrorIsAsPublishedInBothCalls() {
        for (JsonObject one : Golden.cases(Golden.read("squared_error.json"))) {
            Map<String, NDArray> point = GoldenPoints.squaredError(one);
            expectTrue(all.get(2), point, one, TOLERANCE);
            expectPublished(all.get(2), point, one);
            HandWritten code = all.get(2).handWritten();
            expectErrors(code, point, one, "grad_notebook_error_vs_true", 1e-9);
            expectErrors(code, point, one, "grad_notebook_after_second", 1e-9);
        }
    }

    @Test
    void countingIsAsPublished() {
        JsonObject file = Golden.read("counting.json");
        List<String> parts = List.of("part1_linear", "part2_sigmoid");
        for (int i = 0; i < parts.size(); i++) {
            for (JsonObject one :
                    Golden.objects(file.getAsJsonObject(parts.get(i)).getAsJsonArray("gradient_cases"))) {
                expectTrue(all.get(3 + i), GoldenPoints.counting(file, one), one, TOLERANCE);
                expectPublished(all.get(3 + i), GoldenPoints.counting(file, one), one);
            }
        }
    }

    @Test
    void multiLabelIsAsPublished() {
        JsonObject file = Golden.read("multi_label.json");
        for (JsonObject one : Golden.cases(file)) {
            expectTrue(all.get(5), GoldenPoints.multiLabel(file, one), one, TOLERANCE);
            expectPublished(all.get(5), GoldenPoints.multiLabel(file, one), one);
        }
    }

    private static void expectTrue(Tutorial tutorial, Map<String, NDArray> point, JsonObject one, double tolerance) {
        Compared compared = new Compared(tutorial.model(), tutorial.handWritten(), point);
        Golden.matrices(one.get("grad_true"))
                .forEach((name, right) -> assertThat(Difference.relative(compared.automatic(name), right))
                        .as(name)
                        .isLessThan(tolerance));
    }

    private static void expectPublished(Tutorial tutorial, Map<String, NDArray> point, JsonObject one) {
        Map<String, double[][]> published = matrices(tutorial.handWritten(), point);
        Golden.matrices(one.get("grad_notebook"))
                .forEach((name, expected) -> assertThat(
                                Difference.relative(published.getOrDefault(name, new double[0][]), expected))
                        .as(name)
                        .isLessThan(TOLERANCE));
    }

    private static void expectErrors(
            HandWritten code, Map<String, NDArray> point, JsonObject one, String errors, double tolerance) {
        Expect.errors(
                matrices(code, point), Golden.matrices(one.get("grad_true")), Golden.object(one, errors), tolerance);
    }

    private static Map<String, double[][]> matrices(HandWritten code, Map<String, NDArray> point) {
        Map<String, double[][]> matrices = new LinkedHashMap<>();
        code.run(point).gradients().forEach((name, array) -> matrices.put(name, array.toRows()));
        return matrices;
    }
}
