package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.gradient.Gradients;
import dev.clew.internal.tensor.Sources;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What can reach what within a step: the places where D and I of a sequence are not 0 for some numbers. They are found by trying, with
 * random states, inputs, parameters and masks, until nothing new has appeared for a while: a product that is 0 by chance has probability
 * 0, and a unit that is off half of the time is missed with 2⁻¹².
 *
 * @param past by row of {@link Jacobians}, the units of the state before
 * @param now by row, the numbers of the parameters
 * @param starts by row, the numbers that make the start of a stream
 * @param units n
 * @param numbers p
 * @param output in which row that of the output begins
 */
record Reach(List<BitSet> past, List<BitSet> now, List<BitSet> starts, int units, int numbers, int output) {
    private static final int QUIET = 12;
    private static final int MOST = 64;

    /** @param x a batch as it is fed: whole numbers, of which any may be an index, are taken from it */
    static <S> Reach of(Influenced<S> of, NDArray x) {
        Trial<S> trial = Trial.of(of, x);
        int rows = trial.jacobians.count();
        Reach reach = new Reach(sets(rows), sets(rows), sets(rows), of.units(), of.numbers(), trial.jacobians.output());
        int quiet = 0;
        for (int i = 0; i < MOST && quiet < QUIET && !reach.isFull(); i++) {
            List<NDArray> found = trial.run(i);
            boolean isNewPast = add(reach.past, found.get(0));
            boolean isNewNow = add(reach.now, found.get(1));
            quiet = isNewPast || isNewNow ? 0 : quiet + 1;
        }
        reach.addStart(of);
        return reach;
    }

    /** A step of one sequence on inputs that get random numbers. */
    private record Trial<S>(
            Influenced<S> of, NDArray x, Tensor input, List<Tensor> start, List<Tensor> state, Jacobians jacobians) {

        static <S> Trial<S> of(Influenced<S> of, NDArray x) {
            Tensor input = Tensor.input("x", x.dtype(), x.shape().with(0, 1).lengths());
            S start = States.detach(Influenced.ofSequence(of.task().start(of.batch()), 0));
            List<Tensor> parts = States.tensors(start);
            List<Tensor> inputs = new ArrayList<>();
            parts.forEach(each ->
                    inputs.add(Tensor.input("state", each.dtype(), each.shape().lengths())));
            S state = States.withTensors(start, inputs);
            return new Trial<>(
                    of,
                    x,
                    input,
                    parts,
                    inputs,
                    Jacobians.of(of, state, of.task().step(input, state)));
        }

        List<NDArray> run(int number) {
            RandomKey key = RandomKey.of(2006_07232).fold(number);
            int sequence = number % of.batch();
            List<Gradients> rows = jacobians.rowByRow();
            List<Tensor> wanted = List.of(jacobians.past(rows), jacobians.now(rows));
            List<Tensor> drawn = Sources.drawn(Graph.of(wanted).nodes());
            Map<Tensor, NDArray> given = new HashMap<>();
            given.put(input, random(key.fold(0), Tensor.of(x).slice(0, sequence, sequence + 1)));
            given.putAll(randomOf(key.fold(1), state, start));
            given.putAll(randomOf(key.fold(2), of.parameters(), of.parameters()));
            given.putAll(randomOf(key.fold(3), drawn, drawn));
            return Evaluator.plain(given).evaluate(wanted);
        }

        private static NDArray random(RandomKey key, Tensor like) {
            return switch (like.dtype()) {
                case F64, F32 -> key.normal(0, 0.7, like.dtype(), like.shape());
                case BOOL -> key.bernoulli(0.5, like.shape());
                case I32 -> like.value();
            };
        }

        private static Map<Tensor, NDArray> randomOf(
                RandomKey key, List<? extends Tensor> tensors, List<? extends Tensor> like) {
            Map<Tensor, NDArray> given = new HashMap<>();
            for (int i = 0; i < tensors.size(); i++) {
                given.put(tensors.get(i), random(key.fold(i), like.get(i)));
            }
            return given;
        }
    }

    private static List<BitSet> sets(int count) {
        return IntStream.range(0, count).mapToObj(_ -> new BitSet()).toList();
    }

    private static boolean add(List<BitSet> sets, NDArray matrix) {
        double[] numbers = matrix.toDoubles();
        boolean isNew = false;
        int columns = matrix.shape().length(1);
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] != 0 && !sets.get(i / columns).get(i % columns)) { // NaN is not 0.
                sets.get(i / columns).set(i % columns);
                isNew = true;
            }
        }
        return isNew;
    }

    private boolean isFull() {
        return past.stream().allMatch(row -> row.cardinality() == units)
                && now.stream().allMatch(row -> row.cardinality() == numbers);
    }

    /** What begins the stream; and a number of which nothing was seen at all may reach everything. */
    private <S> void addStart(Influenced<S> of) {
        S start = of.task().start(of.batch());
        for (int n = 0; n < of.batch() && of.isStartLearnt(); n++) {
            add(
                    starts.subList(0, units),
                    Jacobians.ofStart(of, Influenced.ofSequence(start, n)).value());
        }
        BitSet seen = new BitSet();
        now.forEach(seen::or);
        starts.forEach(seen::or);
        now.forEach(row ->
                IntStream.range(0, numbers).filter(number -> !seen.get(number)).forEach(row::set));
    }

    /** What of J is not 0 after so many steps, or, if there are no more than so many steps until nothing is added, after any number. */
    List<BitSet> within(int steps) {
        List<BitSet> reached = joined(starts); // A start is not a step: what makes it has as many steps as all else.
        for (int i = 1; i < steps; i++) {
            List<BitSet> next = joined(reached);
            if (next.equals(reached)) {
                return reached;
            }
            reached = next;
        }
        return reached;
    }

    private List<BitSet> joined(List<BitSet> before) {
        return IntStream.range(0, now.size())
                .mapToObj(row -> {
                    BitSet all = (BitSet) now.get(row).clone();
                    all.or(starts.get(row));
                    past.get(row).stream().forEach(unit -> all.or(before.get(unit)));
                    return all;
                })
                .toList();
    }
}
