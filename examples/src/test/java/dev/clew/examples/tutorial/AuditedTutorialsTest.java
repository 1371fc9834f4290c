package dev.clew.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.RandomKey;
import dev.clew.audit.AuditReport;
import dev.clew.audit.Explanation;
import dev.clew.audit.GradientAudit;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The audit names what is wrong in notebooks and tutorials, and finds right what is right. */
class AuditedTutorialsTest {
    private static final int POINTS = Math.min(5, Integer.getInteger("clew.tries", 1));

    /** Of these the audit does not yet say, or not in two formulas, what their records do. */
    private static final Set<String> OPEN = Set.of("EPSILON_IGNORED, CROSS_ENTROPY_WITH_EPSILON");

    static Stream<Arguments> all() {
        Stream<Tutorial> tutorials =
                Stream.concat(Tutorials.all().stream(), Stream.of(Tutorials.noParenthesesInForgetGate()));
        return Stream.of(Notebooks.all().stream(), tutorials, SingleDefects.all().stream())
                .flatMap(each -> each)
                .filter(each -> !OPEN.contains(each.name()))
                .flatMap(each -> IntStream.rangeClosed(1, POINTS).mapToObj(seed -> Arguments.of(each, seed)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsWrongIsNamed(Tutorial tutorial, int seed) {
        AuditReport report = GradientAudit.of(tutorial.model(), tutorial.point(RandomKey.of(seed)))
                .withCode(tutorial.handWritten())
                .report();
        assertThat(report)
                .as("%s: expected %s%n%s", tutorial, tutorial.expected(), report)
                .matches(tutorial::isNamedBy, "is what the record says");
        assertThat(report.explanations()).allSatisfy(AuditedTutorialsTest::hasTwoFormulas);
    }

    /** What is written and what should be are not the same, neither is long, and all names in them are those of the forward pass. */
    private static void hasTwoFormulas(Explanation each) {
        assertThat(each.yours()).as(each.name()).isNotEqualTo(each.shouldBe()).doesNotContain("const", "stopGradient");
        assertThat(each.shouldBe()).as(each.name()).doesNotContain("const", "stopGradient");
        assertThat(each.name().length()).as(each.name()).isLessThan(200);
    }
}
