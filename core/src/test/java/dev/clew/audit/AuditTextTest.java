package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a terminal shows of an audit, whole. */
final class AuditTextTest {
    @Test
    void aRightGradientIsToldWithItsErrors() {
        assertThat(WrittenReports.right()).hasToString("""
                gradient audit: right; 2 of 2 arrays right

                Wh, V  right  2e-16, 0

                adjoints of the steps, going backwards
                  dh: right at steps 9 to 0

                seed 1""");
    }

    @Test
    void aMistakeStandsBesideTheArrayItMakesWrong() {
        assertThat(WrittenReports.explained()).hasToString("""
                gradient audit: explained, 1 mistake; 1 of 4 arrays wrong

                Wh        wrong  relative error 1.35, cosine 0.17
                          explained: h_t stands where h_{t−1} belongs  (agrees to 3e-16 on 64 numbers; next best 0.8)
                          yours      dWh = Σ_t  δ_t · h_tᵀ
                          should be  dWh = Σ_t  δ_t · h_{t−1}ᵀ
                          fix        use the state before the step; t = 0 uses the initial state
                          forward    h = tanh(x·Wx + h·Wh + b), RnnCell.java:12
                Wx, V, c  right  3e-16, 2e-16, 1e-16

                nearest explanation that does not fit: the first step is left out  (off by 0.8)
                seed 1""");
    }

    @Test
    void severalMistakesAreNumberedAndTheirArraysGrouped() {
        assertThat(WrittenReports.twoMistakes()).hasToString("""
                gradient audit: explained, 2 mistakes; 3 of 4 arrays wrong

                1  Wh         wrong  relative error 1.35, cosine 0.17
                              explained: h_t stands where h_{t−1} belongs  (agrees to 3e-16 on 64 numbers)
                              yours      dWh = Σ_t  δ_t · h_tᵀ
                              should be  dWh = Σ_t  δ_t · h_{t−1}ᵀ
                              fix        use the state before the step; t = 0 uses the initial state
                              forward    h = tanh(x·Wx + h·Wh + b), RnnCell.java:12
                              together   with 2 on Wh
                2  Wx, Wh, b  wrong  relative error 0.88, 1.35, 0.72; cosine 0.72, 0.17, NaN
                              explained: no recurrent path  (agrees to 2e-15 on 112 numbers)
                              yours      dh_t = Vᵀ·dy_t
                              should be  dh_t = Vᵀ·dy_t + Whᵀ·δ_{t+1}
                              fix        add what comes from the next step
                              together   with 1 on Wh
                   V          right  2e-16

                adjoints of the steps, going backwards
                  dh:    right at steps 9 to 4; first wrong, going backwards: h3; wrong at steps 3 to 0, carried on at 2 to 0
                  dcell: right at steps 9 to 3; first wrong, going backwards: cell2; wrong at steps 2 to 0, carried on at 1, 0

                nearest explanation that does not fit: truncated at 2 steps  (off by 0.03)
                note: the initial state is 0, so that its gradient hides a missing factor; draw it at random
                seed 7""");
    }

    @Test
    void whatTheNumbersCannotTellApartIsAlternatives() {
        assertThat(WrittenReports.undecided()).hasToString("""
                gradient audit: undecided, any one of 2 mistakes gives these numbers; 2 of 2 arrays wrong

                Wh, b  wrong  relative error 1.35, infinite; cosine 0.17, NaN
                       either 1:  no recurrent path  (agrees to 2e-15 on 112 numbers)
                       yours      dh_t = Vᵀ·dy_t
                       should be  dh_t = Vᵀ·dy_t + Whᵀ·δ_{t+1}
                       fix        add what comes from the next step
                       or 2:      h_t stands where h_{t−1} belongs  (agrees to 3e-16 on 64 numbers)
                       yours      dWh = Σ_t  δ_t · h_tᵀ
                       should be  dWh = Σ_t  δ_t · h_{t−1}ᵀ
                       fix        use the state before the step; t = 0 uses the initial state
                       forward    h = tanh(x·Wx + h·Wh + b), RnnCell.java:12

                note: batch size 1: a missing sum over the batch is not to be seen; take 2 or more
                seed 3""");
    }

    @Test
    void whatIsUnexplainedHasItsPlaceAndItsWorstElements() {
        assertThat(WrittenReports.unexplained()).hasToString("""
                gradient audit: wrong, unexplained; 1 of 2 arrays wrong

                Wh  wrong  relative error 0.4, cosine 0.91
                    Wh[0, 1]  yours 0.500000000, right 0.250000000
                    Wh[1, 1]  yours -1.00000000, right NaN
                begins in the formula of dh, from step 3 backwards, in the term Whᵀ·δ_{t+1}; not to be excluded: Vᵀ·dy_t
                       (RnnCell.java:12)
                V   right  2e-16

                adjoints of the steps, going backwards
                  dh: right at steps 9 to 4; first wrong, going backwards: h3; wrong at steps 3 to 0, carried on at 2 to 0

                nearest explanation that does not fit: the derivative of tanh is missing  (off by 0.25)
                seed 1""");
    }

    @Test
    void anotherForwardPassIsToldFirst() {
        assertThat(WrittenReports.otherForward().toString()).startsWith("""
                gradient audit: the forward pass differs; 1 of 1 array wrong
                  the forward pass by hand computes something else: going forward, the first difference is in h2, relative error 0.31;
                  yours has 0.500000000 where the graph has 0.750000000

                Wh  wrong  relative error 0.4, cosine 0.91
                """);
    }

    /** Twelve arrays of an LSTM with one mistake in common. */
    @Test
    void arraysThatDoNotFitOnOneLineHaveOneEach() {
        List<AuditedGradient> gradients = IntStream.range(0, 24)
                .mapToObj(i -> new AuditedGradient(
                        "layer.weight" + i, Shape.of(2), i >= 12, i < 12 ? 0.5 : 1e-16, 1, List.of()))
                .toList();
        AuditReport one = WrittenReports.explained();
        Explanation explanation = new Explanation(
                Family.GATE,
                "word ".repeat(40).strip(),
                gradients.stream().map(AuditedGradient::name).toList(),
                "a = " + "b·c + ".repeat(30) + "d",
                "a = d",
                "",
                Optional.empty(),
                0,
                1);
        String text = new AuditReport(
                        AuditOutcome.EXPLAINED,
                        Optional.empty(),
                        gradients,
                        List.of(),
                        List.of(explanation),
                        one.next(),
                        one.nextDistance(),
                        Optional.empty(),
                        List.of(),
                        1)
                .toString();
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
        assertThat(text)
                .contains("\nlayer.weight0   wrong  relative error 0.5, cosine 1\n")
                .contains("\nlayer.weight11  wrong  relative error 0.5, cosine 1\n")
                .contains("\nright  layer.weight12 1e-16, layer.weight13 1e-16, ")
                .contains("on 1 number; next")
                .doesNotContain("fix");
    }

    /** Names may come from files of others. */
    @Test
    void nothingMovesTheCursorOfTheTerminal() {
        assertThat(WrittenReports.hostile().toString().chars())
                .noneMatch(each -> Character.isISOControl(each) && each != '\n');
    }

    @Test
    void numbersAreShort() {
        assertThat(List.of(1.35, 0.8, 100.0, 0.0312, 3.4e-16, 12345.0, 0.0, -0.5, 1 / 0.0, -1 / 0.0, 0.0 / 0))
                .extracting(ShortNumber::of)
                .containsExactly(
                        "1.35", "0.8", "100", "0.03", "3e-16", "1e+04", "0", "-0.5", "infinite", "-infinite", "NaN");
    }

    @Test
    void stepsAreToldInRanges() {
        assertThat(Ranges.up(List.of(3, 1, 2, 7, 5, 6, 9, 1))).isEqualTo("1 to 3, 5 to 7, 9");
        assertThat(Ranges.down(List.of(3, 1, 2, 7, 5, 6, 9))).isEqualTo("9, 7 to 5, 3 to 1");
        assertThat(Ranges.down(List.of(4, 3))).isEqualTo("4, 3");
        assertThat(Ranges.up(List.of())).isEmpty();
    }

    @Test
    void aSweepTellsWhatIsWrongEverywhere() {
        List<AuditedStep> steps =
                List.of(new AuditedStep("c", 1, 0.5, false, true), new AuditedStep("c", 0, 0.5, false, true));
        assertThat(AdjointSweep.of(steps).getFirst().story())
                .isEqualTo("right nowhere; first wrong, going backwards: c1; wrong at steps 1, 0, carried on at 1, 0");
        assertThat(new AdjointSweep("c", List.of(new AuditedStep("c", 4, 0, true, true))).story())
                .isEqualTo("right at step 4");
    }
}
