package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.internal.tensor.Sources;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What can reach what within a step: the places where D and I of a sequence are not 0 for some numbers. They are found by trying, with
 * random states, inputs, parameters and masks, until nothing new has appeared for a while: a product that is 0 by chance has probability 0, and
 * a unit that is off half of the time is missed with 2⁻¹².
 *
 * @param past by row of D, the units of the state before
 * @param now by row of I, the numbers of the parameters
 * @param units n
 * @param output in which row that of the output begins
 */
record Reach(List<BitSet> past, List<BitSet> now, int units, int numbers, int output) {
    private static final int QUIET = 12;
    private static final int MOST = 64;

    /** @param x a batch as it is fed: whole numbers, of which any may be an index, are taken from it */
    static <S> Reach of(Influenced<S> of, NDArray x) {
        RandomKey key = RandomKey.of(2006_07232);
        Tensor one = Tensor.of(x).slice(0, 0, 1);
        Tensor input = Tensor.input("x", x.dtype(), one.shape().lengths());
        S start = States.detach(Influenced.ofSequence(of.task().start(of.batch()), 0));
        S state = States.withTensors(
                start,
                States.tensors(start).stream()
                        .map(each ->
                                Tensor.input("state", each.dtype(), each.shape().lengths()))
                        .toList());
        Cell.Out<S> out = of.task().step(input, state);
        Jacobians matrices = Jacobians.of(of, state, out);
        int rows = matrices.past().shape().length(0);
        Reach reach = new Reach(sets(rows), sets(rows), of.units(), of.numbers(), matrices.output());
        List<Tensor> drawn =
                Sources.drawn(Graph.of(List.of(matrices.past(), matrices.now())).nodes());
        int quiet = 0;
        for (int i = 0; i < MOST && quiet < QUIET && !reach.isFull(); i++) {
            Map<Tensor, NDArray> given = new HashMap<>();
            given.put(input, random(key.fold(4L * i), Tensor.of(x).slice(0, i % of.batch(), i % of.batch() + 1)));
            given.putAll(randomOf(key.fold(4L * i + 1), States.tensors(state), States.tensors(start)));
            given.putAll(randomOf(key.fold(4L * i + 2), of.parameters(), of.parameters()));
            given.putAll(randomOf(key.fold(4L * i + 3), drawn, drawn));
            List<NDArray> found = Evaluator.plain(given).evaluate(List.of(matrices.past(), matrices.now()));
            boolean isNewPast = add(reach.past, found.get(0));
            boolean isNewNow = add(reach.now, found.get(1));
            quiet = isNewPast || isNewNow ? 0 : quiet + 1;
        }
        reach.addStart(of);
        return reach;
    }

    private static List<BitSet> sets(int count) {
        return IntStream.range(0, count).mapToObj(_ -> new BitSet()).toList();
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

    /** What begins the stream reaches it too; and a number of which nothing was seen may reach all. */
    private <S> void addStart(Influenced<S> of) {
        BitSet seen = new BitSet();
        now.forEach(seen::or);
        now.forEach(row ->
                IntStream.range(0, numbers).filter(number -> !seen.get(number)).forEach(row::set));
        S start = of.task().start(of.batch());
        for (int n = 0; n < of.batch(); n++) {
            Tensor matrix = Jacobians.ofStart(of, Influenced.ofSequence(start, n));
            add(now.subList(0, units), matrix.value());
        }
    }

    /** What of J is not 0 after so many steps from 0, or after any number of them that is as many as there are units. */
    List<BitSet> within(int steps) {
        List<BitSet> reached = now;
        for (int i = 1; i < steps; i++) {
            List<BitSet> before = reached;
            List<BitSet> next = IntStream.range(0, now.size())
                    .mapToObj(row -> joined(row, before))
                    .toList();
            if (next.equals(before)) {
                return before;
            }
            reached = next;
        }
        return reached;
    }

    private BitSet joined(int row, List<BitSet> before) {
        BitSet all = (BitSet) now.get(row).clone();
        past.get(row).stream().forEach(unit -> all.or(before.get(unit)));
        return all;
    }

    /** 1 at the places of some sets, 0 elsewhere, or the other way round. */
    static double[] numbers(List<BitSet> sets, int columns, double in, double out) {
        double[] numbers = new double[sets.size() * columns];
        Arrays.fill(numbers, out);
        for (int row = 0; row < sets.size(); row++) {
            int from = row * columns;
            sets.get(row).stream().forEach(column -> numbers[from + column] = in);
        }
        return numbers;
    }

    @Override
    public String toString() {
        return "Reach of " + numbers + " numbers to " + units + " units";
    }
}
