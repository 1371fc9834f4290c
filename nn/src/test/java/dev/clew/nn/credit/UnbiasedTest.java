package dev.clew.nn.credit;

import static dev.clew.nn.credit.Streams.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.RandomKey;
import dev.clew.nn.credit.Streams.Echo;
import dev.clew.nn.credit.Streams.Model;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** UORO is right in the mean. */
class UnbiasedTest {
    private static final int UNITS = 3;
    private static final int STEPS = 6;

    /**
     * A bias may be so many times what chance makes it. Its square is a sum of squares of means over all draws, each about normal; that it
     * is four times its expectation has, with the five largest of them alone, a probability of about 10⁻³.
     */
    private static final double MOST = 2;

    private static <S> CreditReport report(Cell<S> cell, Credit credit, int batch, int draws) {
        RandomKey key = RandomKey.of(5);
        Model<S> model = Model.of(cell, UNITS, key.fold(0));
        List<Tensor> x = data(key.fold(1), STEPS, batch, Streams.INPUTS);
        List<Tensor> targets = data(key.fold(2), STEPS, batch, Streams.TARGETS);
        return CreditReport.of(Online.of(model, cell, model.loss(), credit), x, targets, draws);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void theMeanOverManyDrawsIsTheExactGradient(long seed) {
        CreditReport report =
                report(RnnCell.create(2, UNITS, RandomKey.of(7)), Credit.unbiased(RandomKey.of(seed)), 2, 500);
        String what = "seed " + seed + "\n" + report;
        assertThat(report.all().chance()).as(what).isLessThan(report.all().exact() / 10);
        assertThat(report.all().bias()).as(what).isLessThan(MOST * report.all().chance());
        for (int lag = 1; lag < STEPS; lag++) {
            assertThat(report.at(lag).bias())
                    .as(what)
                    .isLessThan(MOST * report.at(lag).chance());
        }
        assertThat(report.at(0).bias()).as("what is no chance").isEqualTo(0);
    }

    @ParameterizedTest
    @ValueSource(longs = {4})
    void soItIsForTwoStatesAnOutputThatIsNoneAndAStartThatIsLearnt(long seed) {
        CreditReport report = report(Echo.create(UNITS, RandomKey.of(8)), Credit.unbiased(RandomKey.of(seed)), 1, 500);
        String what = "seed " + seed + "\n" + report;
        assertThat(report.all().bias()).as(what).isLessThan(MOST * report.all().chance());
        assertThat(report.of("cell.first").bias())
                .as(what)
                .isLessThan(MOST * report.of("cell.first").chance());
    }

    /** The same bound refuses an estimate that is biased by a little: TBPTT beside the chance of UORO. */
    @ParameterizedTest
    @ValueSource(longs = {1})
    void aBiasOfSomePercentWouldBeSeen(long seed) {
        RnnCell cell = RnnCell.create(2, UNITS, RandomKey.of(7));
        CreditReport.Figures drawn =
                report(cell, Credit.unbiased(RandomKey.of(seed)), 2, 500).all();
        CreditReport.Figures truncated =
                report(cell, Credit.truncated(1, 2), 2, 1).all();
        assertThat(truncated.bias()).isGreaterThan(MOST * drawn.chance());
        assertThat(truncated.bias()).isLessThan(drawn.exact() / 3);
    }
}
