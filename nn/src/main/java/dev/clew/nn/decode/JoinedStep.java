package dev.clew.nn.decode;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A step of a model for many callers at once: calls that wait at the same time are the rows of one run of a plan. It is itself a step:
 *
 * {@snippet lang=java :
 * var step = JoinedStep.of(model::step, model.cell().start(1));
 * var decoder = Decoder.of(step); // any number of threads read and write with it
 * }
 *
 * <p>Who comes while nothing runs computes. Who comes during a run waits for its end; then one of those who wait computes for all of them,
 * as far as the largest plan goes. Before that it yields, so that other virtual threads that could go on do, perhaps to a call of their
 * own: without this, there would be about as many rows in a run as there are processors. So the more callers there are, the more rows
 * have a run and the less a row costs, since the weights are read once for all; who is alone waits for nobody; and there is no
 * thread that must be stopped.
 *
 * <p>Nothing is shared between callers but the weights: a row's numbers are those that it would have alone. That is to the bit for steps
 * in which a row does not see the others, of layers of this library; where a step mixes rows, as a mean over the batch does, it must not
 * be joined. If a run fails, each call is run again alone, so that only the one that is at fault gets the error.
 *
 * <p>Plans are compiled when they are first needed, or before by {@link #compile}. States are numbers; what comes out of a call has its
 * own arrays, and keeps nothing of the other rows alive.
 *
 * @param <S> the state of the model
 */
public final class JoinedStep<S> implements BiFunction<Tensor, S, Cell.Out<S>> {
    private static final String ASKED = "JoinedStep";
    /** A plan costs up to twice what its rows need; it takes as much memory as the weights, and some. */
    private static final ImmutableSortedSet<Integer> POWERS = ImmutableSortedSet.of(1, 2, 4, 8, 16, 32, 64);

    private final BiFunction<Tensor, S, Cell.Out<S>> step;
    private final S start;
    private final ImmutableList<Tensor> parts;
    private final List<Object> others;
    private final ImmutableSortedSet<Integer> sizes;
    private final NavigableMap<Integer, StepPlan> plans = new ConcurrentSkipListMap<>();

    private final Queue<JoinedCall> waiting = new ArrayDeque<>();
    private boolean isRunning;
    private long calls;
    private long rows;
    private long runs;

    private JoinedStep(BiFunction<Tensor, S, Cell.Out<S>> step, S start, ImmutableSortedSet<Integer> sizes) {
        this.step = step;
        this.start = start;
        this.parts = ImmutableList.copyOf(States.tensors(start));
        this.others = StepPlan.others(start);
        this.sizes = sizes;
    }

    /**
     * Of a step of a model, in runs of 1, 2, 4, ... 64 rows.
     *
     * @param step from tokens (batch) i32 and a state to logits (batch, classes) of the tokens that come next, and the next state, for any
     *     batch, and as formulas: it is called once for a number of rows, not at every step
     * @param start a state of one sequence, after which all are built: every tensor is (1, ...)
     * @throws IllegalArgumentException if a tensor is not
     */
    public static <S> JoinedStep<S> of(BiFunction<Tensor, S, Cell.Out<S>> step, S start) {
        Present.require(ASKED, step, start);
        for (Tensor part : States.tensors(start)) {
            if (part.shape().rank() == 0 || part.shape().length(0) != 1) {
                throw new IllegalArgumentException(ASKED + " from a start with " + part.describe()
                        + ": it is the state of one sequence, and the batch is the first axis of its tensors; cell.start(1)"
                        + " makes one");
            }
        }
        return new JoinedStep<>(step, start, POWERS);
    }

    /**
     * A new one of the same step, in runs of other numbers of rows; the largest is the most that are joined.
     *
     * @throws IllegalArgumentException if there is none, or one is not positive
     */
    public JoinedStep<S> withRows(int... numbers) {
        Present.require("withRows", (Object) numbers);
        if (numbers.length == 0 || Arrays.stream(numbers).anyMatch(each -> each < 1)) {
            throw new IllegalArgumentException(
                    "withRows " + Arrays.toString(numbers) + ": there is one number or more, and each is 1 or more");
        }
        return new JoinedStep<>(
                step,
                start,
                ImmutableSortedSet.copyOf(Arrays.stream(numbers).boxed().toList()));
    }

    /** Compiles all plans now, the smallest first and the largest next: with these, every call is served. */
    public void compile() {
        plan(sizes.first());
        sizes.descendingSet().forEach(this::plan);
    }

    private StepPlan plan(int size) {
        StepPlan found = plans.get(size);
        return found == null ? compiled(size) : found;
    }

    private StepPlan compiled(int size) {
        synchronized (plans) {
            return plans.computeIfAbsent(size, _ -> StepPlan.compile(step, start, size));
        }
    }

    /** What is there is taken before a better one is compiled, which takes far longer than a run. */
    private StepPlan planFor(int count) {
        var ready = plans.ceilingEntry(count);
        return ready != null ? ready.getValue() : plan(sizes.tailSet(count).first());
    }

    /**
     * The logits and the next state, numbers. It waits until they are there, also if the thread is interrupted, which it stays.
     *
     * @param tokens (batch) i32, a number
     * @param state of as many sequences, built as the start is, numbers
     * @throws IllegalArgumentException if they are not, or there are more sequences than the largest plan has rows; or what the step
     *     throws for them
     */
    @Override
    public Cell.Out<S> apply(Tensor tokens, S state) {
        Present.require(ASKED, tokens, state);
        JoinedCall call = call(tokens, state);
        if (!isFirst(call)) {
            call.await();
        }
        if (!call.isDone()) {
            lead();
        }
        ImmutableList<NDArray> values = call.values();
        List<Tensor> numbers =
                values.subList(1, values.size()).stream().map(Tensor::of).toList();
        return new Cell.Out<>(Tensor.of(values.getFirst()), States.withTensors(state, numbers));
    }

    private JoinedCall call(Tensor tokens, S state) {
        if (tokens.dtype() != DType.I32 || tokens.shape().rank() != 1) {
            throw new IllegalArgumentException(
                    ASKED + " of the tokens " + tokens.describe() + ": there is one for every sequence, (batch) i32");
        }
        int count = tokens.shape().length(0);
        if (count < 1 || count > sizes.last()) {
            throw new IllegalArgumentException(ASKED + " of " + count + " tokens: a run has 1 to " + sizes.last()
                    + " rows; use withRows with a larger number, or fewer sequences in a call");
        }
        ImmutableList.Builder<NDArray> numbers = ImmutableList.builder();
        List<Tensor> given = States.tensors(state);
        if (given.size() != parts.size() || !StepPlan.others(state).equals(others)) {
            throw new IllegalArgumentException(ASKED + " from a state of " + given.size() + " tensors and "
                    + StepPlan.others(state) + ": the start has " + parts.size() + " and " + others
                    + "; states are built alike");
        }
        for (int i = 0; i < given.size(); i++) {
            Tensor part = given.get(i);
            Shape shape = StepPlan.ofRows(parts.get(i).shape(), count);
            if (!part.shape().equals(shape) || part.dtype() != parts.get(i).dtype()) {
                throw new IllegalArgumentException(ASKED + " of " + count + " tokens from a state with "
                        + part.describe() + ": by the start, it is " + shape + " "
                        + parts.get(i).dtype());
            }
            numbers.add(part.value());
        }
        return new JoinedCall(tokens.value().toInts(), numbers.build());
    }

    /** Whether nothing runs, so that the caller does. */
    private synchronized boolean isFirst(JoinedCall call) {
        waiting.add(call);
        boolean isFirst = !isRunning;
        isRunning = true;
        return isFirst;
    }

    /** Runs for those who wait, the caller first among them, and hands over. Who could come by now comes first, if anybody is ready to. */
    @SuppressWarnings("ThreadPriorityCheck") // What is right does not depend on it: only how many are joined.
    private void lead() {
        Thread.yield();
        List<JoinedCall> joined = taken();
        try {
            run(joined);
        } finally {
            @Nullable JoinedCall next = next();
            if (next != null) {
                next.wake();
            }
            joined.subList(1, joined.size()).forEach(JoinedCall::wake);
        }
    }

    private synchronized List<JoinedCall> taken() {
        List<JoinedCall> joined = new ArrayList<>();
        int count = 0;
        for (JoinedCall call = waiting.peek();
                call != null && count + call.rows() <= sizes.last();
                call = waiting.peek()) {
            joined.add(waiting.remove());
            count += call.rows();
        }
        calls += joined.size();
        rows += count;
        runs++;
        return joined;
    }

    private synchronized @Nullable JoinedCall next() {
        isRunning = !waiting.isEmpty();
        return waiting.peek();
    }

    private void run(List<JoinedCall> joined) {
        try {
            planFor(joined.stream().mapToInt(JoinedCall::rows).sum()).run(joined);
        } catch (RuntimeException | Error wrong) {
            if (joined.size() == 1 || wrong instanceof Error) {
                joined.forEach(call -> call.fail(wrong));
            } else {
                joined.forEach(call -> run(List.of(call)));
            }
        }
    }

    /**
     * What was joined until now.
     *
     * @param calls that were served
     * @param rows sequences of all of them
     * @param runs of plans
     * @param bytes of native memory that the compiled plans have
     */
    public record Joined(long calls, long rows, long runs, long bytes) {
        /** How many rows a run had, in the mean; NaN before the first. */
        public double rowsInRun() {
            return (double) rows / runs;
        }
    }

    /** What was joined until now. */
    public Joined joined() {
        long bytes = plans.values().stream().mapToLong(StepPlan::bytes).sum();
        synchronized (this) {
            return new Joined(calls, rows, runs, bytes);
        }
    }

    /** In what runs it joins. */
    @Override
    public String toString() {
        return "Step of a model, joined in runs of " + sizes + " rows";
    }
}
