package dev.clew.examples.benchmark;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.examples.benchmark.job.CharacterRnn;
import dev.clew.examples.benchmark.job.Jobs;
import dev.clew.nn.data.Batches;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.training.StepReport;
import dev.clew.nn.training.Trainer;
import dev.clew.plan.Plan;
import dev.clew.plan.Threads;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a {@code Trainer} costs beside the bare loop over a plan: job B with other letters in every step, step by step in turns on one thread
 * of one process. Options: the number of steps of each (default 1500), of which the first half warms up, and the letter of the job.
 */
public final class TrainerCost {
    private static final int STEPS = 1500;

    private TrainerCost() {}

    /** Prints a table of milliseconds. */
    public static void main(String[] args) {
        Threads.use(1);
        List<String> options = Choice.split(args);
        int steps = options.isEmpty() ? STEPS : Integer.parseInt(options.getFirst());
        String name = options.size() < 2 ? "B" : options.get(1);
        CharacterRnn job = (CharacterRnn) Jobs.chosen(Jobs.full(), List.of(name)).getFirst();
        Table table = new Table("trainer", "of " + job.sizes(), "bare, ms", "trainer, ms", "ratio");
        for (boolean onPlans : new boolean[] {true, false}) {
            Lot bare = new Lot();
            Lot trained = new Lot();
            measure(job, steps, onPlans, bare, trained);
            table.row(
                    onPlans ? "on plans" : "built anew",
                    "best tenth",
                    milliseconds(bare.bestTenth()),
                    milliseconds(trained.bestTenth()),
                    milliseconds(trained.bestTenth() / bare.bestTenth()));
            table.row(
                    onPlans ? "on plans" : "built anew",
                    "median",
                    milliseconds(bare.median()),
                    milliseconds(trained.median()),
                    milliseconds(trained.median() / bare.median()));
        }
        System.out.println(table.text());
    }

    private static String milliseconds(double number) {
        return String.format(Locale.ROOT, "%.4f", number);
    }

    private static NDArray letters(CharacterRnn job, RandomKey key) {
        int[] letters = key.uniform(0, job.symbols(), DType.F64, Shape.of((job.steps() + 1) * job.batch()))
                .cast(DType.I32)
                .toInts();
        return NDArray.of(Shape.of(job.steps() + 1, job.batch()), letters);
    }

    /** The loss of letters that are data. Shapes: letters (steps + 1, batch). */
    private static Tensor loss(CharacterRnn.Network network, Tensor letters) {
        CharacterRnn job = network.job();
        Tensor h = network.cell().start(job.batch());
        Tensor loss = Tensor.zeros(job.dtype());
        for (int t = 0; t < job.steps(); t++) {
            h = network.cell().next(Tensor.oneHot(letters.get(t), job.symbols(), job.dtype()), h);
            loss = loss.plus(Losses.softmaxCrossEntropy(network.head().of(h), letters.get(t + 1)));
        }
        return loss.div(job.steps());
    }

    private static void measure(CharacterRnn job, int steps, boolean onPlans, Lot bare, Lot trained) {
        RandomKey key = RandomKey.of(1);
        CharacterRnn.Network own = job.model();
        Tensor input = Tensor.input("letters", DType.I32, job.steps() + 1, job.batch());
        Plan plan = Sgd.of(own, job.rate()).compile(loss(own, input));
        CharacterRnn.Network network = job.model();
        long[] since = {0};
        Consumer<StepReport> turn = report -> {
            long now = System.nanoTime();
            boolean counts = report.step() > steps / 2;
            if (counts) {
                trained.add((now - since[0]) / 1e6);
            }
            long start = System.nanoTime();
            plan.run(Map.of(input, letters(job, key.fold(report.step())))).getFirst().item();
            if (counts) {
                bare.add((System.nanoTime() - start) / 1e6);
            }
            since[0] = System.nanoTime();
        };
        Batches<Tensor> batches = Batches.of(100, (each, _, _) -> Tensor.of(letters(job, each)));
        Trainer<CharacterRnn.Network, Tensor> trainer = Trainer.of(
                        network, Sgd.of(network, job.rate()), batches, letters -> loss(network, letters))
                .steps(steps)
                .quietly()
                .afterStep(turn);
        if ((onPlans ? trainer.onPlans() : trainer).start().steps() != steps) {
            throw new IllegalStateException("it did not make its steps");
        }
    }
}
