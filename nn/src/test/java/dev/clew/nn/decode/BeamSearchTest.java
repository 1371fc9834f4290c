package dev.clew.nn.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A beam against all sequences, and against the most probable token at every step. */
class BeamSearchTest {
    private static final int TOKENS = 3;
    private static final int END = 2;
    private static final int MOST = 4;

    private static Decoder.Reading<Lstm.State> start(SmallModel model) {
        return model.decoder().read(new int[] {0}, model.cell().start(1));
    }

    private static List<Hypothesis> search(BeamSearch search, SmallModel model) {
        return search.search(model.decoder(), start(model));
    }

    /** Every sequence that ends, or is as long as one may be. */
    private static List<Hypothesis> all(SmallModel model, double alpha) {
        List<Hypothesis> found = new ArrayList<>();
        List<IntTuple> open = List.of(IntTuple.of());
        for (int n = 1; n <= MOST; n++) {
            List<IntTuple> next = new ArrayList<>();
            for (IntTuple before : open) {
                for (int token = 0; token < TOKENS; token++) {
                    IntTuple tokens = before.plus(IntTuple.of(token));
                    if (token == END || n == MOST) {
                        double log = model.logProbability(tokens.toArray());
                        found.add(new Hypothesis(tokens, log, log / Math.pow((5.0 + n) / 6, alpha)));
                    } else {
                        next.add(tokens);
                    }
                }
            }
            open = next;
        }
        found.sort(Comparator.comparingDouble(Hypothesis::score).reversed());
        return found;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.6, 3})
    void aBeamAsWideAsAllSequencesFindsTheBestOnes(double alpha) {
        for (int seed = 0; seed < 6; seed++) {
            SmallModel model = SmallModel.of(TOKENS, seed);
            List<Hypothesis> expected = all(model, alpha);
            List<Hypothesis> found = search(
                    BeamSearch.of(64, MOST)
                            .withEnd(END)
                            .withLengthPenalty(alpha)
                            .withCount(7),
                    model);
            assertThat(found).hasSize(7);
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i).tokens()).isEqualTo(expected.get(i).tokens());
                assertThat(found.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-12));
                assertThat(found.get(i).logProbability())
                        .isCloseTo(expected.get(i).logProbability(), within(1e-12));
            }
        }
    }

    @Test
    void allSequencesTogetherAreCertain() {
        SmallModel model = SmallModel.of(TOKENS, 1);
        List<Hypothesis> found = search(BeamSearch.of(64, MOST).withEnd(END).withCount(64), model);
        assertThat(found).hasSameSizeAs(all(model, 0));
        assertThat(found.stream()
                        .mapToDouble(each -> Math.exp(each.logProbability()))
                        .sum())
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void aBeamOfOneIsTheMostProbableTokenAtEveryStep() {
        int differing = 0;
        for (int seed = 0; seed < 12; seed++) {
            SmallModel model = SmallModel.of(TOKENS, seed);
            Decoder<Lstm.State> decoder = model.decoder();
            List<Integer> greedy = new ArrayList<>();
            for (int token : decoder.write(start(model), Sampler.greedy(), RandomKey.of(1))
                    .limit(MOST)
                    .mapToInt(Decoder.Drawn::token)
                    .toArray()) {
                if (greedy.isEmpty() || greedy.getLast() != END) {
                    greedy.add(token);
                }
            }
            Hypothesis found =
                    search(BeamSearch.of(1, MOST).withEnd(END), model).getFirst();
            assertThat(found.tokens().stream().boxed().toList()).isEqualTo(greedy);
            assertThat(found.logProbability())
                    .isCloseTo(model.logProbability(found.tokens().toArray()), within(1e-12));
            differing += found.tokens().equals(all(model, 0).getFirst().tokens()) ? 0 : 1;
        }
        assertThat(differing).as("models whose best sequence is another one").isPositive();
    }

    @Test
    void aWiderBeamFindsWhatItFindsWithItsOwnProbability() {
        SmallModel model = SmallModel.of(TOKENS, 2);
        for (int width = 1; width < 6; width++) {
            BeamSearch search = BeamSearch.of(width, MOST).withEnd(END).withCount(width);
            List<Hypothesis> found = search(search, model);
            assertThat(found).hasSize(width).doesNotHaveDuplicates();
            assertThat(found).isSortedAccordingTo(Comparator.comparingDouble(each -> -each.score()));
            for (Hypothesis each : found) {
                assertThat(each.logProbability())
                        .isCloseTo(model.logProbability(each.tokens().toArray()), within(1e-12));
            }
        }
    }

    @Test
    void withoutAnEndAllSequencesAreAsLongAsTheyMayBe() {
        SmallModel model = SmallModel.of(TOKENS, 4);
        List<Hypothesis> found = search(BeamSearch.of(100, 3).withCount(100), model);
        assertThat(found).hasSize(27);
        assertThat(found).allMatch(each -> each.tokens().length() == 3);
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> BeamSearch.of(0, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("beamSearch of width 0 over 3 tokens for 1 sequences: each of these is 1 or more");
        assertThatThrownBy(() -> BeamSearch.of(1, 3).withLengthPenalty(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("beamSearch with the length penalty -1.0: it is an exponent, finite, and 0 or more; 0 is"
                        + " none");
        SmallModel model = SmallModel.of(TOKENS, 4);
        var two =
                model.decoder().read(NDArray.of(new int[] {0, 0}), model.cell().start(2));
        assertThatThrownBy(() -> BeamSearch.of(1, 3).search(model.decoder(), two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("search from logits (2, 3): a beam starts from one sequence, (1, classes)");
        Decoder<Tensor> counting = Decoder.of((tokens, state) -> new Cell.Out<>(Tensor.zeros(DType.F64, 1, 2), state));
        var odd = counting.read(new int[] {0}, Tensor.of(1.0));
        assertThatThrownBy(() -> BeamSearch.of(1, 3).search(counting, odd))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("search from a state with constant () f64: the first axis of every tensor of a state is the"
                        + " batch, and a beam starts from one sequence");
    }
}
