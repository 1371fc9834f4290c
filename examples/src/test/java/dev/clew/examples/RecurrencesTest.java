package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.RandomKey;
import dev.clew.examples.Recurrences.Registers;
import dev.clew.examples.Recurrences.Row;
import dev.clew.examples.recurrence.Family;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class RecurrencesTest {
    @Test
    void aQuestionIsAboutWhatWasWrittenLast() {
        Registers drawn = Registers.draw(RandomKey.of(1), 20);
        int time = drawn.x().shape().length(1);
        int questions = 0;
        for (int row = 0; row < 20; row++) {
            double[] held = new double[3];
            for (int t = 0; t < time; t++) {
                int register = 0;
                while (drawn.x().get(row, t, register) == 0) {
                    register++;
                }
                double written = drawn.x().get(row, t, 3);
                boolean isQuestion = drawn.x().get(row, t, 4) == 1;
                assertThat(Math.abs(written)).isEqualTo(isQuestion ? 0 : 1);
                held[register] = isQuestion ? held[register] : written;
                questions += isQuestion ? 1 : 0;
                assertThat(held[register]).isNotZero();
                assertThat(drawn.bits().get(row, t)).isEqualTo(held[register] > 0 ? 1 : 0);
            }
        }
        assertThat(questions).isBetween(80, 180);
    }

    @Test
    void theDeltaRuleLearnsToReplaceAndALeakThatIsFixedDoesNot() {
        Row delta = Recurrences.train(Family.GATED_DELTA_NET, Options.of(null, 300, null, null));
        assertThat(delta.accuracy()).isGreaterThan(0.999);
        assertThat(delta.steps()).isLessThan(300);
        Row fixed = Recurrences.train(Family.LRU, Options.of(null, 200, null, null));
        assertThat(fixed.accuracy()).isBetween(0.5, 0.9);
        assertThat(fixed.steps()).isEqualTo(200);
        assertThat(fixed.line()).matches("lru +809 +200 +0\\.\\d{3} -> 0\\.\\d{4} +\\d\\d\\.\\d % +\\d+\\.\\d\\d");
    }

    @Test
    void aTrainingThatIsTooShortHasALineForEachAndIsMissed() {
        EnumSet<Family> some = EnumSet.of(Family.MIN_GRU, Family.LEAKY_INTEGRATE_AND_FIRE);
        Report report = Recurrences.run("recurrences", some, Options.of(3, 1, null, 7L));
        assertThat(report.text().lines()).hasSize(3);
        assertThat(report.reached()).isFalse();
    }
}
