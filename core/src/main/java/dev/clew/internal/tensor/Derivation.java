package dev.clew.internal.tensor;

import dev.clew.tensor.Custom;
import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The node whose derivative is being built here and now, if one is: nodes made meanwhile belong to it, and numbers are refused. */
public final class Derivation {
    private static final ScopedValue<Tensor> FORWARD = ScopedValue.newInstance();

    private Derivation() {}

    /**
     * Builds nodes that belong to the derivative of a node: they name its line. A derivative is a formula, so within the rule of
     * a {@link Custom} numbers are {@link #requireFormula refused}.
     */
    public static Tensor of(Tensor forward, Supplier<Tensor> derivative) {
        return Tracing.isOn() || forward.op() instanceof Custom
                ? ScopedValue.where(FORWARD, forward).call(derivative::get)
                : derivative.get();
    }

    /**
     * Refuses to hand out numbers while the derivative of a node is built: they would be those of one moment, and every later
     * evaluation of the gradient would go on with them.
     *
     * @param asked what was called, and on what
     * @throws IllegalStateException if a derivative is being built here and now
     */
    public static void requireFormula(Supplier<String> asked) {
        if (FORWARD.isBound()) {
            Tensor y = FORWARD.get();
            throw new IllegalStateException(asked.get() + " in the vjp of " + y.describe()
                    + ": a derivative is a formula that is evaluated again at other numbers, and numbers put into it would stay"
                    + " those of now; compute with the tensors y, y.input(i) and yBar themselves"
                    + y.site()
                            .map(site -> "; " + y.op().label() + " was " + site)
                            .orElse(""));
        }
    }

    /** Where a node that is made here and now comes from, where nodes are {@link Tracing traced}. */
    public static @Nullable Site site() {
        if (!Tracing.isOn()) {
            return null;
        }
        return FORWARD.isBound() ? new Site(Optional.empty(), Optional.of(FORWARD.get())) : Caller.site();
    }
}
