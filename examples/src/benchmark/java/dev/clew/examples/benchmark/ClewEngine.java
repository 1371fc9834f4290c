package dev.clew.examples.benchmark;

import dev.clew.examples.benchmark.job.Job;
import dev.clew.examples.benchmark.job.Model;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.tensor.Evaluator;

/** This project. */
public final class ClewEngine implements Engine {
    private final int threads;

    /** How many threads it may use; the property is read when the first value is computed. */
    public ClewEngine(int threads) {
        this.threads = threads;
        System.setProperty("clew.threads", Integer.toString(threads));
    }

    @Override
    public String name() {
        return "clew";
    }

    @Override
    public String version() {
        return "Clew, values by " + Evaluator.current().getClass().getSimpleName()
                + ", the loop run in every step; threads: " + threads;
    }

    /**
     * The loop is run anew, and its graph built anew, in every step: the way that needs nothing of the user. A plan that is
     * compiled once and run many times is another {@link Trainer}, and this is the place to choose it.
     */
    @Override
    public Trainer train(Job job) {
        Model model = job.model();
        Sgd sgd = Sgd.of(model, job.rate());
        return () -> sgd.step(model.loss()).loss();
    }
}
