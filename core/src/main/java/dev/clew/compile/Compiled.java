package dev.clew.compile;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.RemovalNotification;
import dev.clew.array.NDArray;
import dev.clew.array.Present;
import dev.clew.runtime.Retained;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Evaluates through plans. */
public final class Compiled implements Evaluator {
    private static final System.Logger LOG = System.getLogger(Compiled.class.getName());

    private final Plans plans;
    private final Variety variety;
    private final Retained retained;
    /** By rule, for as long as somebody holds it. */
    private final Cache<Rule, Steps> steps = CacheBuilder.newBuilder()
            .weakKeys()
            .removalListener((RemovalNotification<Rule, Steps> gone) -> {
                if (gone.getValue() != null) {
                    gone.getValue().forget();
                }
            })
            .build();

    /** For whoever looks for an evaluator as a service. */
    public Compiled() {
        this(Compiler.ALL);
    }

    Compiled(Set<Pass> passes) {
        this(passes, message -> LOG.log(Level.WARNING, message));
    }

    Compiled(Set<Pass> passes, Consumer<String> warning) {
        this(passes, warning, Retained.PLANS);
    }

    Compiled(Set<Pass> passes, Consumer<String> warning, Retained retained) {
        this.variety = new Variety(retained, warning);
        this.retained = retained;
        this.plans = new Plans(passes, retained, variety);
    }

    @Override
    public List<NDArray> evaluate(List<Tensor> outputs) {
        Present.require("evaluate", outputs);
        try {
            Capture capture = Capture.of(outputs);
            return plans.run(capture.program(), capture.numbers());
        } catch (RuntimeException error) {
            // The walk goes node by node, so its error names the user's line; a plan's would name a record.
            Evaluator.plain().evaluate(outputs);
            throw error;
        }
    }

    @Override
    public Optional<List<NDArray>> step(List<Tensor> outputs, Rule rule) {
        Present.require("step", outputs, rule);
        return steps(rule).run(Graph.of(outputs), outputs, rule);
    }

    /** How many plans and steps have been compiled. */
    long compilations() {
        return variety.compilations();
    }

    private synchronized Steps steps(Rule rule) {
        Steps found = steps.getIfPresent(rule);
        if (found == null) {
            steps.cleanUp(); // What nobody holds any more goes before something new comes.
            found = new Steps(retained, variety);
            steps.put(rule, found);
        }
        return found;
    }

    @Override
    public String toString() {
        return "Evaluator through plans";
    }
}
