package dev.clew.examples.benchmark;

import dev.clew.examples.benchmark.job.Job;
import dev.clew.examples.benchmark.job.Model;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.plan.Plan;
import dev.clew.plan.Threads;
import dev.clew.tensor.Evaluator;
import java.util.Map;

/** This project. */
public final class ClewEngine implements Engine {
    private final int threads;
    private final boolean isPlanned;

    /** The loop is run anew, and its graph built anew, in every step: the way that needs nothing of the user. */
    public static ClewEngine rebuilt(int threads) {
        return new ClewEngine(threads, false);
    }

    /** The loop is run once, and its plan in every step. */
    public static ClewEngine planned(int threads) {
        return new ClewEngine(threads, true);
    }

    private ClewEngine(int threads, boolean isPlanned) {
        this.isPlanned = isPlanned;
        this.threads = threads;
        Threads.use(threads);
    }

    @Override
    public String name() {
        return isPlanned ? "clew" : "clew-rebuilt";
    }

    @Override
    public String version() {
        return "Clew, values by " + Evaluator.current().getClass().getSimpleName()
                + (isPlanned ? ", one plan" : ", the loop run in every step") + "; threads: " + threads;
    }

    @Override
    public Trainer train(Job job) {
        Model model = job.model();
        Sgd sgd = Sgd.of(model, job.rate());
        if (!isPlanned) {
            return () -> sgd.step(model.loss()).loss();
        }
        return new Planned(sgd.compile(model.loss()));
    }

    private record Planned(Plan plan) implements Trainer {
        @Override
        public double step() {
            return plan.run(Map.of()).getFirst().item();
        }

        @Override
        public String explain() {
            return plan.explain();
        }
    }
}
