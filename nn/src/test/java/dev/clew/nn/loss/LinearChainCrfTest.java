package dev.clew.nn.loss;

import static dev.clew.audit.GradientAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.GradientCheck;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A chain of tags against all ways to tag, one after the other. */
class LinearChainCrfTest {
    private static final int BATCH = 4;
    private static final int TIME = 4;
    private static final int TAGS = 3;
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    /** Numbers of which some cannot be. */
    private static NDArray scores(RandomKey key, double impossible, int... shape) {
        double[] all = key.normal(0, 1.5, DType.F64, Shape.of(shape)).toDoubles();
        boolean[] isNever = key.fold(1).bernoulli(impossible, Shape.of(shape)).toBooleans();
        for (int i = 0; i < all.length; i++) {
            all[i] = isNever[i] ? NEVER : all[i];
        }
        return NDArray.of(Shape.of(shape), all);
    }

    private static final class Case {
        final LinearChainCrf crf;
        final NDArray emissions;
        final int[] lengths;
        final int[][] tags;

        Case(LinearChainCrf crf, NDArray emissions, int[] lengths, int[][] tags) {
            this.crf = crf;
            this.emissions = emissions;
            this.lengths = lengths;
            this.tags = tags;
        }

        static Case of(long seed, double impossible) {
            RandomKey key = RandomKey.of(seed);
            Random random = new Random(seed);
            LinearChainCrf crf = new LinearChainCrf(
                    Parameter.of(scores(key.fold(0), impossible, TAGS, TAGS)),
                    Parameter.of(scores(key.fold(1), 0, TAGS)),
                    Parameter.of(scores(key.fold(2), 0, TAGS)));
            int[] lengths = new int[BATCH];
            int[][] tags = new int[BATCH][TIME];
            for (int row = 0; row < BATCH; row++) {
                lengths[row] = random.nextInt(TIME + 1);
                for (int t = 0; t < TIME; t++) {
                    tags[row][t] = t < lengths[row] ? random.nextInt(TAGS) : 99;
                }
            }
            return new Case(crf, scores(key.fold(3), 0, BATCH, TIME, TAGS), lengths, tags);
        }

        double score(int row, int[] way) {
            double score = 0;
            for (int t = 0; t < way.length; t++) {
                score += emissions.get(row, t, way[t]);
                score += t == 0
                        ? crf.start().value().get(way[0])
                        : crf.transitions().value().get(way[t - 1], way[t]);
            }
            return way.length == 0 ? 0 : score + crf.end().value().get(way[way.length - 1]);
        }

        int ways(int row) {
            return CtcByHand.ways(lengths[row], TAGS);
        }

        int[] way(int row, int n) {
            return CtcByHand.way(n, lengths[row], TAGS);
        }

        double total(int row) {
            double total = 0;
            for (int n = 0; n < ways(row); n++) {
                total += Math.exp(score(row, way(row, n)));
            }
            return total;
        }

        double marginal(int row, int t, int tag) {
            double part = 0;
            for (int n = 0; n < ways(row); n++) {
                int[] way = way(row, n);
                part += t < way.length && way[t] == tag ? Math.exp(score(row, way)) : 0;
            }
            return part / total(row);
        }

        int[] best(int row) {
            int[] best = way(row, 0);
            for (int n = 0; n < ways(row); n++) {
                best = score(row, way(row, n)) > score(row, best) ? way(row, n) : best;
            }
            return best;
        }

        Tensor costs(Tensor of) {
            return crf.costs(of, Tensor.of(tags), Tensor.of(lengths));
        }
    }

    @Property(tries = 40)
    void costsAreThoseOfAllWaysTogether(@ForAll long seed) {
        Case one = Case.of(seed, 0.15);
        double[] costs = one.costs(Tensor.of(one.emissions)).value().toDoubles();
        for (int row = 0; row < BATCH; row++) {
            int[] tags = Arrays.copyOf(one.tags[row], one.lengths[row]);
            double expected = Math.log(one.total(row)) - one.score(row, tags);
            if (one.total(row) == 0) {
                assertThat(costs[row]).isNaN(); // Nothing can be: there is no distribution.
            } else if (Double.isInfinite(expected)) {
                assertThat(costs[row]).isEqualTo(expected);
            } else {
                assertThat(costs[row]).as("row %d", row).isCloseTo(expected, within(2e-14 * TIME));
            }
        }
    }

    @Property(tries = 40)
    void theBestTagsAreTheBestOfAll(@ForAll long seed) {
        Case one = Case.of(seed, 0);
        LinearChainCrf.Best best = one.crf.best(Tensor.of(one.emissions), Tensor.of(one.lengths));
        List<NDArray> found = Tensor.values(best.tags(), best.score());
        for (int row = 0; row < BATCH; row++) {
            int[] expected = one.best(row);
            assertThat(found.get(1).get(row)).isCloseTo(one.score(row, expected), within(1e-13));
            for (int t = 0; t < TIME; t++) {
                assertThat((int) found.get(0).get(row, t)).isEqualTo(t < expected.length ? expected[t] : -1);
            }
        }
    }

    @Property(tries = 15)
    void marginalsAreTheGradientOfTheSumOverAllWays(@ForAll long seed) {
        Case one = Case.of(seed, 0);
        NDArray marginals = one.crf
                .marginals(Tensor.of(one.emissions), Tensor.of(one.lengths))
                .value();
        for (int row = 0; row < BATCH; row++) {
            for (int t = 0; t < TIME; t++) {
                for (int tag = 0; tag < TAGS; tag++) {
                    assertThat(marginals.get(row, t, tag)).isCloseTo(one.marginal(row, t, tag), within(1e-13));
                }
            }
        }
    }

    @Test
    void gradientsOfBothOrdersAreThoseOfDifferences() {
        Case one = Case.of(3, 0);
        Parameter emissions = Parameter.of(one.emissions.rows(0, 2));
        Tensor cost =
                one.crf.cost(emissions, Tensor.of(new int[][] {{0, 2, 1, 1}, {2, 2, 0, 0}}), Tensor.of(new int[] {4, 2
                }));
        assertThat(GradientCheck.of(cost, Map.of("emissions", emissions)).withOrder(2))
                .isRight();
        assertThat(GradientCheck.of(cost, Parameters.named(one.crf)).withOrder(2))
                .isRight();
    }

    /** As batches of {@code Sequences} have them: without a step, and tags that are none. */
    @Test
    void rowsThatOnlyFillABatchUpDoNotCountInTheMean() {
        Case one = Case.of(3, 0);
        Tensor some = Tensor.of(one.emissions.rows(0, 2));
        Tensor filled =
                Tensor.concat(0, List.of(some, Tensor.zeros(DType.F64, 1, 4, 3).plus(Double.NaN)));
        Tensor alone =
                one.crf.cost(some, Tensor.of(new int[][] {{0, 2, 1, 1}, {2, 2, -1, -1}}), Tensor.of(new int[] {4, 2}));
        Tensor beside = one.crf.cost(
                filled,
                Tensor.of(new int[][] {{0, 2, 1, 1}, {2, 2, -1, -1}, {-1, -1, -1, -1}}),
                Tensor.of(new int[] {4, 2, 0}));
        assertThat(beside.item()).isEqualTo(alone.item());
    }

    /** What cannot be has the slope 0 in all derivatives, and makes no NaN of the others. */
    @Test
    void impossibleTransitionsLeaveAllSlopesFinite() {
        Case one = Case.of(8, 0.3);
        Tensor sum = one.crf
                .logPartition(Tensor.of(one.emissions), Tensor.of(one.lengths))
                .sum();
        double[] moves = one.crf.transitions().value().toDoubles();
        Tensor slopes = Gradients.of(sum).wrt(one.crf.transitions());
        double[] first = slopes.value().toDoubles();
        double[] second = Gradients.of(slopes.square().sum())
                .wrt(one.crf.transitions())
                .value()
                .toDoubles();
        assertThat(moves).contains(NEVER);
        for (int i = 0; i < moves.length; i++) {
            assertThat(second[i]).isFinite();
            assertThat(first[i] == 0).isEqualTo(moves[i] == NEVER);
        }
    }

    @Test
    void paddingOfAnyKindGivesTheSameBitsAndAGradientOfZero() {
        Case one = Case.of(6, 0);
        Parameter plain = Parameter.of(filled(one, 0));
        Tensor loss = one.costs(plain).sum();
        NDArray slopes = Gradients.of(loss).wrt(plain).value();
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, NEVER}) {
            Parameter other = Parameter.of(filled(one, number));
            Tensor same = one.costs(other).sum();
            assertThat(same.value()).isEqualTo(loss.value());
            assertThat(Gradients.of(same).wrt(other).value()).isEqualTo(slopes);
            LinearChainCrf.Best best = one.crf.best(other, Tensor.of(one.lengths));
            assertThat(best.tags().value())
                    .isEqualTo(
                            one.crf.best(plain, Tensor.of(one.lengths)).tags().value());
        }
        assertThat(filled(one, 0).toDoubles()).contains(0); // There is padding.
        for (int i = 0; i < slopes.shape().elements(); i++) {
            boolean isStep = i / TAGS % TIME < one.lengths[i / TAGS / TIME];
            assertThat(isStep || slopes.toDoubles()[i] == 0).isTrue();
        }
    }

    private static NDArray filled(Case one, double number) {
        double[] all = one.emissions.toDoubles();
        for (int i = 0; i < all.length; i++) {
            boolean isStep = i / TAGS % TIME < one.lengths[i / TAGS / TIME];
            all[i] = isStep ? all[i] : number;
        }
        return NDArray.of(one.emissions.shape(), all);
    }

    @Test
    void onePlanServesAllLengthsAndTagsOfASize() {
        LinearChainCrf crf = Case.of(0, 0).crf;
        Tensor x = Tensor.input("emissions", DType.F64, BATCH, TIME, TAGS);
        Tensor tags = Tensor.input("tags", DType.I32, BATCH, TIME);
        Tensor lengths = Tensor.input("lengths", DType.I32, BATCH);
        LinearChainCrf.Best best = crf.best(x, lengths);
        Plan plan = Plan.compile(List.of(crf.costs(x, tags, lengths), best.tags()));
        for (int seed = 1; seed < 5; seed++) {
            Case one = Case.of(seed, 0);
            List<NDArray> found =
                    plan.run(Map.of(x, one.emissions, tags, NDArray.of(one.tags), lengths, NDArray.of(one.lengths)));
            Case same = new Case(crf, one.emissions, one.lengths, one.tags);
            assertThat(found.getFirst())
                    .isEqualTo(same.costs(Tensor.of(one.emissions)).value());
            assertThat((int) found.get(1).get(0, 0)).isEqualTo(one.lengths[0] == 0 ? -1 : same.best(0)[0]);
        }
    }

    @Test
    void floatsAgreeWithDoubles() {
        LinearChainCrf crf = LinearChainCrf.create(4, DType.F32, RandomKey.of(1));
        LinearChainCrf exact = new LinearChainCrf(
                Parameter.of(crf.transitions().value().cast(DType.F64)),
                Parameter.of(crf.start().value().cast(DType.F64)),
                Parameter.of(crf.end().value().cast(DType.F64)));
        NDArray emissions = RandomKey.of(2).normal(0, 1, DType.F32, Shape.of(1, 6, 4));
        Tensor tags = Tensor.of(new int[][] {{0, 1, 2, 3, 0, 1}});
        Tensor lengths = Tensor.of(new int[] {5});
        assertThat(crf.cost(Tensor.of(emissions), tags, lengths).item())
                .isCloseTo(
                        exact.cost(Tensor.of(emissions.cast(DType.F64)), tags, lengths)
                                .item(),
                        within(1e-5));
    }

    @Test
    void errors() {
        LinearChainCrf crf = LinearChainCrf.create(3, DType.F64, RandomKey.of(1));
        Tensor x = Tensor.zeros(DType.F64, 2, 4, 3);
        Tensor lengths = Tensor.of(new int[] {4, 2});
        fails(
                () -> new LinearChainCrf(crf.transitions(), crf.start(), Parameter.of(new double[2])),
                "linearChainCrf: transitions (3, 3) f64, start (3) f64 and end (2) f64 must be (tags, tags), (tags) and"
                        + " (tags) of one type");
        fails(
                () -> crf.logPartition(Tensor.zeros(DType.F64, 2, 4, 5), lengths),
                "linearChainCrf: emissions (2, 4, 5) f64 of a chain of 3 tags must be (batch, time, 3) f64, with at"
                        + " least one step of time");
        fails(
                () -> crf.cost(x, Tensor.zeros(DType.I32, 2, 3), lengths),
                "linearChainCrf: emissions (2, 4, 3) f64 and tags (2, 3) i32: one tag for every step is needed, (2, 4)"
                        + " i32");
        fails(
                () -> crf.cost(x, Tensor.zeros(DType.I32, 2, 4), Tensor.of(new int[] {5, 1})),
                "linearChainCrf: lengths: 5 of sequence 0 must be from 0 to 4, the steps that there are");
        fails(
                () -> crf.cost(x, Tensor.of(new int[][] {{0, 1, 2, 2}, {0, 3, 9, 9}}), lengths)
                        .item(),
                "linearChainCrf: label 3 in row 5: emissions (2, 4, 3) have 3 classes, so labels go from 0 to 2; do these"
                        + " count from 1?");
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
