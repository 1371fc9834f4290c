package dev.clew.tensor;

import dev.clew.array.NDArray;
import java.util.List;
import java.util.ServiceLoader;

/** Computes values: the one seam between the language and what runs it. */
@FunctionalInterface
public interface Evaluator {
    /** Binds an evaluator for the code within a scope; everything else uses the one that is installed. */
    ScopedValue<Evaluator> SCOPED = ScopedValue.newInstance();

    /** The values of some tensors, in the same order, all computed from one state of the parameters. */
    List<NDArray> evaluate(List<Tensor> outputs);

    /** The evaluator of this scope: the bound one, else the installed one, else the plain walk. */
    static Evaluator current() {
        return SCOPED.isBound() ? SCOPED.get() : Installed.EVALUATOR;
    }

    /** The plain walk over the graph: the meaning of the language, and the slow twin of every faster way. */
    static Evaluator plain() {
        return Walk.PLAIN;
    }

    /** Found once, as a service. */
    final class Installed {
        private static final Evaluator EVALUATOR =
                ServiceLoader.load(Evaluator.class).findFirst().orElse(Walk.PLAIN);

        private Installed() {}
    }
}
