package dev.clew.examples;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.Initializer;
import dev.clew.nn.Parameters;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.dataset.Drawn;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Clip;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Masks;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Five cells learn one task from sequences of 2 to 40 steps, and are judged by new ones of 40 and of 256: at one length the wrong cell
 * passes.
 *
 * <p>Batches are padded to two lengths, so that each cell needs two plans; sequences that only fill a batch up have no taught step.
 */
record Contest(String name, Task task, Contest.Sizes sizes) {
    static final String MINIMAL = "minGRU";
    static final String POSITIVE = "linear 0 to 1";
    static final String SIGNED = "linear -1 to 1";

    private static final int SHORTEST = 2;
    private static final int PLANS = 2;

    /**
     * How much is learnt.
     *
     * @param sequences that are learnt from
     * @param longest their greatest length, at which cells are judged too
     * @param beyond the other length at which they are judged
     * @param judged sequences of each of the two that cells are judged by
     */
    record Sizes(
            int sequences,
            int longest,
            int beyond,
            int judged,
            int batch,
            int epochs,
            int units,
            double rate,
            long seed) {
        static Sizes of(Options options, int epochs) {
            return new Sizes(
                    2048,
                    40,
                    256,
                    512,
                    64,
                    options.epochs().orElse(epochs),
                    options.units().orElse(16),
                    options.rate().orElse(0.02),
                    options.seed().orElse(1));
        }
    }

    /** A cell with a readout of one score. */
    record Network(Cell<?> cell, Linear head) {
        /** Shapes: (batch, time). */
        Tensor scores(Run<?> run) {
            return head.of(run.outputs()).squeeze(-1);
        }
    }

    Report run() {
        RandomKey key = RandomKey.of(sizes.seed);
        IntUnaryOperator lengths = i -> SHORTEST + i % (sizes.longest - SHORTEST + 1);
        List<Drawn> drawn = IntStream.range(0, sizes.sequences)
                .mapToObj(i ->
                        task.ofLength(lengths.applyAsInt(i)).one(key.fold(0).fold(i)))
                .toList();
        Sequences sequences = sequences(drawn).withLengths(PLANS);
        ImmutableList.Builder<Standings.Standing> each = ImmutableList.builder();
        Map<String, Network> networks = networks(key.fold(1));
        try (Progress progress = new Progress(name, networks.size() * sizes.epochs)) {
            networks.forEach((cell, network) -> {
                double loss = train(cell, network, sequences, key.fold(2), progress);
                double near = right(network, key.fold(3), sizes.longest);
                double far = right(network, key.fold(4), sizes.beyond);
                each.add(new Standings.Standing(cell, loss, near, far, count(network)));
            });
        }
        Standings standings = new Standings(sizes.longest, sizes.beyond, each.build());
        return new Report(standings + ": " + task.moral(), task.isShown(standings));
    }

    private Map<String, Network> networks(RandomKey key) {
        int inputs = task.inputs();
        int units = sizes.units;
        Initializer begin = Initializer.inverseSquareRoot(units);
        Map<String, Cell<?>> cells = new LinkedHashMap<>();
        cells.put("RNN", RnnCell.create(inputs, units, DType.F32, begin, key.fold(0)));
        cells.put(
                "LSTM",
                Lstm.create(inputs, units, DType.F32, begin, key.fold(1)).withForgetBias(1));
        cells.put(MINIMAL, MinimalGru.create(inputs, units, key.fold(2)));
        cells.put(POSITIVE, DiagonalCell.create(inputs, units, false, key.fold(3)));
        cells.put(SIGNED, DiagonalCell.create(inputs, units, true, key.fold(4)));
        Map<String, Network> networks = new LinkedHashMap<>();
        cells.forEach((cell, made) ->
                networks.put(cell, new Network(made, Linear.create(units, 1, DType.F32, begin, key.fold(5)))));
        return networks;
    }

    static Sequences sequences(List<Drawn> drawn) {
        return Sequences.of(
                drawn.stream().map(Drawn::x).toList(),
                drawn.stream().map(Drawn::targets).toList());
    }

    private static int count(Network network) {
        return Parameters.named(network).values().stream()
                .mapToInt(parameter -> parameter.shape().elements())
                .sum();
    }

    /** Gives the mean loss of the last epoch. */
    private double train(String cell, Network network, Sequences sequences, RandomKey key, Progress progress) {
        // Gradients become small towards the end: a shorter memory of their size keeps steps from becoming as small.
        Adam adam = Adam.of(network, sizes.rate).withBetas(0.9, 0.99).withClip(Clip.globalNorm(1));
        double mean = Double.NaN;
        for (int epoch = 0; epoch < sizes.epochs; epoch++) {
            List<Sequences.Batch> batches = sequences.batches(sizes.batch, key, epoch);
            double total = 0;
            for (Sequences.Batch batch : batches) {
                total += adam.step(loss(network, batch)).loss();
            }
            double loss = total / batches.size();
            progress.step(() -> String.format(Locale.ROOT, "%s, loss %.4f", cell, loss));
            mean = loss;
        }
        return mean;
    }

    /** The mean cost of the steps that are taught. Shape: (). */
    Tensor loss(Network network, Sequences.Batch batch) {
        Run<?> run = Run.of(network.cell, task.seen(batch.x()), batch.lengths());
        Tensor cost = task.cost(network.scores(run), Losses.withoutPadding(batch.targets(), batch.lengths()));
        int time = batch.x().shape().length(1);
        Tensor taught = Masks.ofLengths(batch.lengths(), time);
        if (!task.isTaughtAtEveryStep()) {
            taught = taught.and(Masks.ofLengths(batch.lengths().minus(1), time).not());
        }
        return cost.maskedFill(taught.not(), 0)
                .sum()
                .div(taught.cast(cost.dtype()).sum());
    }

    /** The part of new sequences of a length that is told right at the last step. */
    private double right(Network network, RandomKey key, int length) {
        Drawn drawn = task.ofLength(length).draw(key, sizes.judged);
        Run<?> run = Run.of(network.cell, task.seen(Tensor.of(drawn.x())));
        double[] scores = network.scores(run).get(1, length - 1).value().toDoubles();
        double[] targets = Tensor.of(drawn.targets()).get(1, length - 1).value().toDoubles();
        long right = IntStream.range(0, scores.length)
                .filter(i -> task.isRight(scores[i], targets[i]))
                .count();
        return right / (double) scores.length;
    }
}
