package dev.clew.nn.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Embedding;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many callers share runs, and nothing else. */
class JoinedStepTest {
    private static final int SYMBOLS = 9;
    private static final SmallModel MODEL = SmallModel.of(SYMBOLS, 3);
    private static final Sampler SAMPLER = Sampler.create().withTemperature(1.3);

    private static JoinedStep<Lstm.State> joined() {
        return JoinedStep.of(MODEL::step, MODEL.cell().start(1));
    }

    private static List<NDArray> numbers(Cell.Out<?> out) {
        List<NDArray> all = new ArrayList<>();
        all.add(out.output().value());
        States.tensors(out.state()).forEach(each -> all.add(each.value()));
        return all;
    }

    /** Rows of one call in every plan, padded or not, beside the same in the plan of one row. */
    private static <S> void requireRowsAsAlone(Embedding letters, Linear head, Cell<S> cell) {
        JoinedStep<S> step = JoinedStep.of(
                (tokens, state) -> {
                    Cell.Out<S> out = cell.step(letters.of(tokens), state);
                    return new Cell.Out<>(head.of(out.output()), out.state());
                },
                cell.start(1));
        JoinedStep<S> alone = step.withRows(1);
        for (int count : new int[] {1, 2, 3, 5, 13, 16, 33, 64}) {
            RandomKey key = RandomKey.of(count);
            int[] tokens =
                    key.fold(0).uniform(0, SYMBOLS, DType.I32, Shape.of(count)).toInts();
            S start = cell.start(count);
            List<Tensor> parts = new ArrayList<>();
            for (Tensor part : States.tensors(start)) {
                parts.add(Tensor.of(key.fold(1 + parts.size()).uniform(-2, 2, part.dtype(), part.shape())));
            }
            List<NDArray> all = numbers(step.apply(Tensor.of(tokens), States.withTensors(start, parts)));
            for (int row = 0; row < count; row++) {
                int at = row;
                List<Tensor> own = parts.stream()
                        .map(part -> Tensor.of(part.value().rows(at, at + 1)))
                        .toList();
                List<NDArray> one =
                        numbers(alone.apply(Tensor.of(new int[] {tokens[row]}), States.withTensors(start, own)));
                for (int i = 0; i < one.size(); i++) {
                    assertThat(all.get(i).rows(row, row + 1))
                            .as("%s, row %s of %s, part %s", cell.getClass(), row, count, i)
                            .isEqualTo(one.get(i));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void aRowIsToTheBitWhatItIsAloneHoweverManyAreBesideIt(DType dtype) {
        RandomKey key = RandomKey.of(5);
        Embedding letters = Embedding.create(SYMBOLS, 7, dtype, key.fold(0));
        Linear head = Linear.create(19, SYMBOLS, dtype, key.fold(1));
        requireRowsAsAlone(letters, head, Lstm.create(7, 19, dtype, key.fold(2)));
        requireRowsAsAlone(letters, head, Gru.create(7, 19, dtype, key.fold(3)));
    }

    @Test
    void manyCallersWriteWhatEachWouldWriteAlone() throws InterruptedException {
        JoinedStep<Lstm.State> step = joined();
        Decoder<Lstm.State> decoder = Decoder.of(step);
        Decoder<Lstm.State> alone = Decoder.of(step.withRows(1));
        int callers = 50;
        List<List<Integer>> written = new ArrayList<>(Collections.nCopies(callers, List.of()));
        List<Thread> threads = IntStream.range(0, callers)
                .mapToObj(i -> Thread.ofVirtual().start(() -> written.set(i, written(decoder, i))))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        for (int i = 0; i < callers; i++) {
            assertThat(written.get(i)).as("caller %s", i).hasSize(12).isEqualTo(written(alone, i));
        }
        assertThat(step.joined().calls()).isEqualTo(12L * callers);
        assertThat(step.joined().rows()).isEqualTo(12L * callers);
        assertThat(step.joined().bytes()).isPositive();
    }

    private static List<Integer> written(Decoder<Lstm.State> decoder, int seed) {
        Decoder.Reading<Lstm.State> read =
                decoder.read(new int[] {seed % SYMBOLS}, MODEL.cell().start(1));
        return decoder.write(read, SAMPLER, RandomKey.of(seed))
                .limit(12)
                .map(Decoder.Drawn::token)
                .toList();
    }

    /** Calls that all come while a first one is held up, so that they wait together; what came of each, an error or its numbers. */
    private static List<Object> together(JoinedStep<Lstm.State> step, CountDownLatch hold, int... tokens)
            throws InterruptedException {
        List<Object> outcomes = new ArrayList<>(Collections.nCopies(tokens.length, ""));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            int at = i;
            threads.add(Thread.ofPlatform().start(() -> outcomes.set(at, outcome(step, tokens[at]))));
            while (i > 0 && threads.get(i).getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            while (i == 0 && hold.getCount() > 1) { // Until it runs.
                Thread.onSpinWait();
            }
        }
        hold.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return outcomes;
    }

    private static Object outcome(JoinedStep<Lstm.State> step, int token) {
        try {
            return numbers(step.apply(Tensor.of(new int[] {token}), MODEL.cell().start(1)));
        } catch (IllegalArgumentException wrong) {
            return wrong;
        }
    }

    /** What holds the first run up, until the latch is at 0. */
    private static JoinedStep<Lstm.State> held(CountDownLatch hold, int... rows) {
        JoinedStep<Lstm.State> step = JoinedStep.of(
                (tokens, state) -> {
                    if (hold.getCount() > 1) {
                        hold.countDown();
                        try {
                            hold.await();
                        } catch (InterruptedException error) {
                            throw new IllegalStateException(error);
                        }
                    }
                    return MODEL.step(tokens, state);
                },
                MODEL.cell().start(1));
        return step.withRows(rows);
    }

    @Test
    void thoseWhoWaitAtTheSameTimeAreRowsOfOneRun() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(2);
        JoinedStep<Lstm.State> step = held(hold, 1, 8);
        List<Object> outcomes = together(step, hold, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(step.joined().runs()).isEqualTo(2);
        assertThat(step.joined().rowsInRun()).isEqualTo(4);
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i)).isEqualTo(outcome(joined(), i + 1));
        }
    }

    @Test
    void moreThanTheLargestPlanHasRowsAreSeveralRuns() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(2);
        JoinedStep<Lstm.State> step = held(hold, 1, 3);
        List<Object> outcomes = together(step, hold, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(step.joined().runs()).isEqualTo(1 + 3);
        assertThat(outcomes.getLast()).isEqualTo(outcome(joined(), 8));
    }

    @Test
    void onlyTheOneThatIsAtFaultGetsTheError() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(2);
        JoinedStep<Lstm.State> step = held(hold, 1, 8);
        List<Object> outcomes = together(step, hold, 1, 2, SYMBOLS, 4);
        assertThat(outcomes.get(2))
                .isInstanceOfSatisfying(
                        IllegalArgumentException.class,
                        wrong -> assertThat(wrong).hasMessageContaining(String.valueOf(SYMBOLS)));
        assertThat(outcomes.get(1)).isEqualTo(outcome(joined(), 2));
        assertThat(outcomes.get(3)).isEqualTo(outcome(joined(), 4));
        assertThat(outcome(step, 5)).isEqualTo(outcome(joined(), 5));
    }

    @Test
    void aBeamIsRowsOfOneCall() {
        Decoder<Lstm.State> decoder = Decoder.of(joined());
        Decoder<Lstm.State> alone = MODEL.decoder();
        BeamSearch search = BeamSearch.of(5, 6).withCount(3);
        Lstm.State start = MODEL.cell().start(1);
        assertThat(search.search(decoder, decoder.read(new int[] {0}, start)).stream()
                        .map(Hypothesis::tokens))
                .containsExactlyElementsOf(search.search(alone, alone.read(new int[] {0}, start)).stream()
                        .map(Hypothesis::tokens)
                        .toList());
    }

    @Test
    void anInterruptStaysAndChangesNothing() {
        JoinedStep<Lstm.State> step = joined();
        Object before = outcome(step, 1);
        Thread.currentThread().interrupt();
        assertThat(outcome(step, 1)).isEqualTo(before);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void plansAreThereBeforeTheFirstCallIfAsked() {
        JoinedStep<Lstm.State> step = joined().withRows(1, 4);
        assertThat(step.joined().bytes()).isZero();
        step.compile();
        long bytes = step.joined().bytes();
        assertThat(bytes).isPositive();
        outcome(step, 1);
        assertThat(step.joined().bytes()).isEqualTo(bytes);
    }

    /** A state that counts. */
    record Counting(Tensor h, int steps) {}

    @Test
    void whatChangesAndIsNoTensorIsRefused() {
        JoinedStep<Counting> step = JoinedStep.of(
                (tokens, state) -> new Cell.Out<>(state.h(), new Counting(state.h(), state.steps() + 1)),
                new Counting(Tensor.zeros(DType.F64, 1, 2), 0));
        assertThatThrownBy(() -> step.apply(Tensor.of(new int[] {0}), new Counting(Tensor.zeros(DType.F64, 1, 2), 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "JoinedStep from a state with [0]: after it the state has [1]; what is no tensor stays as it is in a"
                                + " plan, so what changes must be a tensor, with a row for every sequence");
    }

    @Test
    void wrongCallsSayWhatIsWrong() {
        JoinedStep<Lstm.State> step = joined().withRows(2);
        assertThatThrownBy(() -> step.apply(Tensor.of(new int[3]), MODEL.cell().start(3)))
                .hasMessage(
                        "JoinedStep of 3 tokens: a run has 1 to 2 rows; use withRows with a larger number, or fewer sequences"
                                + " in a call");
        assertThatThrownBy(() -> step.apply(Tensor.of(1.5), MODEL.cell().start(1)))
                .hasMessageStartingWith("JoinedStep of the tokens ");
        assertThatThrownBy(() -> step.apply(Tensor.of(new int[2]), MODEL.cell().start(1)))
                .hasMessageStartingWith("JoinedStep of 2 tokens from a state with ")
                .hasMessageEndingWith(": by the start, it is (2, 5) f64");
        assertThatThrownBy(() -> JoinedStep.of(MODEL::step, MODEL.cell().start(2)))
                .hasMessageStartingWith("JoinedStep from a start with ");
        assertThatThrownBy(() -> step.withRows(4, 0))
                .hasMessage("withRows [4, 0]: there is one number or more, and each is 1 or more");
    }
}
