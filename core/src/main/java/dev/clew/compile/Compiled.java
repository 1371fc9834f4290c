package dev.clew.compile;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.clew.array.NDArray;
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
    /** By rule, for as long as somebody holds it. */
    private final Cache<Rule, Steps> steps =
            CacheBuilder.newBuilder().weakKeys().build();

    /** For whoever looks for an evaluator as a service. */
    public Compiled() {
        this(Compiler.ALL);
    }

    Compiled(Set<Pass> passes) {
        this(passes, message -> LOG.log(Level.WARNING, message));
    }

    Compiled(Set<Pass> passes, Consumer<String> warning) {
        this.variety = new Variety(warning);
        this.plans = new Plans(passes, variety);
    }

    @Override
    public List<NDArray> evaluate(List<Tensor> outputs) {
        try {
            Capture capture = Capture.of(outputs);
            return plans.tape(capture.program()).run(capture.numbers());
        } catch (RuntimeException error) {
            // The walk goes node by node, so its error names the user's line; a plan's would name a record.
            Evaluator.plain().evaluate(outputs);
            throw error;
        }
    }

    @Override
    public Optional<List<NDArray>> step(List<Tensor> outputs, Rule rule) {
        Graph graph = Graph.of(outputs);
        Steps known = steps(rule);
        Steps.Known step = known.find(graph, outputs).orElse(null);
        if (step == null) {
            step = Steps.Known.of(graph, outputs, rule);
            known.add(step);
            variety.compiled(() -> Capture.withInputs(outputs).program());
        }
        return step.run(graph);
    }

    private synchronized Steps steps(Rule rule) {
        Steps found = steps.getIfPresent(rule);
        if (found == null) {
            found = new Steps();
            steps.put(rule, found);
        }
        return found;
    }
}
