package dev.clew.internal.compile.run;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.RemovalNotification;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.compile.Compiler;
import dev.clew.internal.compile.Pass;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.runtime.Retained;
import dev.clew.internal.tensor.StepEvaluator;
import dev.clew.internal.tensor.StepResult;
import dev.clew.internal.tensor.StepRule;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Evaluates through plans. */
public final class CompilingEvaluator implements StepEvaluator {
    private static final System.Logger LOG = System.getLogger(CompilingEvaluator.class.getName());

    private final TapeCache plans;
    private final RecompilationNotice notice;
    private final Retained retained;
    /** Whether the walk serves what is new. */
    private final boolean walks;

    private final FirstLook firstLook = new FirstLook();
    /** By rule, for as long as somebody holds it. */
    private final Cache<StepRule, StepCache> steps = CacheBuilder.newBuilder()
            .weakKeys()
            .removalListener((RemovalNotification<StepRule, StepCache> gone) -> {
                if (gone.getValue() != null) {
                    gone.getValue().forget();
                }
            })
            .build();

    /** For whoever looks for an evaluator as a service: it walks what it sees for the first time, as {@link FirstLook} has it. */
    public CompilingEvaluator() {
        this(Compiler.ALL, message -> LOG.log(Level.WARNING, message), Retained.PLANS, true);
    }

    /** One that compiles everything. */
    public CompilingEvaluator(Set<Pass> passes) {
        this(passes, message -> LOG.log(Level.WARNING, message));
    }

    public CompilingEvaluator(Set<Pass> passes, Consumer<String> warning) {
        this(passes, warning, Retained.PLANS);
    }

    public CompilingEvaluator(Set<Pass> passes, Consumer<String> warning, Retained retained) {
        this(passes, warning, retained, false);
    }

    private CompilingEvaluator(Set<Pass> passes, Consumer<String> warning, Retained retained, boolean walks) {
        this.walks = walks;
        this.notice = new RecompilationNotice(retained, warning);
        this.retained = retained;
        this.plans = new TapeCache(passes, retained, notice);
    }

    @Override
    public List<NDArray> evaluate(List<Tensor> outputs) {
        Present.require("evaluate", outputs);
        try {
            Capture capture = Capture.of(outputs);
            boolean isWalked = walks && !plans.has(capture.program()) && firstLook.isWalked(capture.program());
            return isWalked ? Evaluator.plain().evaluate(outputs) : plans.run(capture.program(), capture.numbers());
        } catch (RuntimeException error) {
            // The walk goes node by node, so its error names the user's line; a plan's would name a record.
            Evaluator.plain().evaluate(outputs);
            throw error;
        }
    }

    @Override
    public StepResult step(List<Tensor> outputs, StepRule rule) {
        Present.require("step", outputs, rule);
        return steps(rule).run(Graph.of(outputs), outputs, rule);
    }

    /** How many plans and steps have been compiled. */
    public long compilations() {
        return notice.compilations();
    }

    private synchronized StepCache steps(StepRule rule) {
        StepCache found = steps.getIfPresent(rule);
        if (found == null) {
            steps.cleanUp(); // What nobody holds any more goes before something new comes.
            found = new StepCache(retained, notice);
            steps.put(rule, found);
        }
        return found;
    }

    @Override
    public String toString() {
        return "Evaluator through plans";
    }
}
