package dev.clew.examples.benchmark;

import dev.clew.array.DType;
import dev.clew.examples.benchmark.job.Job;
import dev.clew.examples.benchmark.job.LayerRun;
import dev.clew.examples.benchmark.job.Model;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.plan.Plan;
import dev.clew.plan.Threads;
import dev.clew.tensor.Evaluator;
import java.util.List;

/** This project. */
public final class ClewEngine implements Engine {
    private final int threads;
    private final boolean isPlanned;
    private final boolean isByHand;

    /** The loop is run anew, and its graph built anew, in every step: the way that needs nothing of the user. */
    public static ClewEngine rebuilt(int threads) {
        return new ClewEngine(threads, false, false);
    }

    /** The loop is run once, and its plan in every step. */
    public static ClewEngine planned(int threads) {
        return new ClewEngine(threads, true, false);
    }

    /** The same where {@link LayerRun} is a loop written by hand. */
    public static ClewEngine byHandRebuilt(int threads) {
        return new ClewEngine(threads, false, true);
    }

    /** The same where {@link LayerRun} is a loop written by hand. */
    public static ClewEngine byHandPlanned(int threads) {
        return new ClewEngine(threads, true, true);
    }

    private ClewEngine(int threads, boolean isPlanned, boolean isByHand) {
        this.isByHand = isByHand;
        this.isPlanned = isPlanned;
        this.threads = threads;
        Threads.use(threads);
    }

    @Override
    public String name() {
        return "clew" + (isByHand ? "-by-hand" : "") + (isPlanned ? "" : "-rebuilt");
    }

    @Override
    public String version() {
        return "Clew, values by " + Evaluator.current().getClass().getSimpleName()
                + (isPlanned ? ", one plan" : ", the loop run in every step")
                + (isByHand ? ", written by hand" : "") + "; threads: " + threads;
    }

    @Override
    public boolean has(Job job) {
        return !isByHand || job instanceof LayerRun;
    }

    @Override
    public Trainer train(Job job) {
        Model model = isByHand && job instanceof LayerRun run ? run.byHand() : job.model();
        Sgd sgd = Sgd.of(model, job.rate());
        if (!isPlanned) {
            return () -> sgd.step(model.loss()).loss();
        }
        return new Planned(sgd.compile(model.loss()), job.dtype());
    }

    /** Into an array of its own, so that a step allocates nothing. */
    private static final class Planned implements Trainer {
        private final Plan plan;
        private final float[] single = {0};
        private final double[] twice = {0};
        private final boolean isSingle;
        private final List<Object> results;

        Planned(Plan plan, DType type) {
            this.plan = plan;
            this.isSingle = type == DType.F32;
            this.results = List.of(isSingle ? single : twice);
        }

        @Override
        public double step() {
            plan.run(List.of(), results);
            return isSingle ? single[0] : twice[0];
        }

        @Override
        public String explain() {
            return plan.explain();
        }
    }
}
