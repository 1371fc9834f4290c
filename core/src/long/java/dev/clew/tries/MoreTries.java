package dev.clew.tries;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Tries every property as many times more as the system property {@code clew.tries} says. It is found by jqwik as a service,
 * which has to be outside of the modules under test.
 */
public final class MoreTries implements AroundPropertyHook {
    private static final int FACTOR = Integer.getInteger("clew.tries", 1);
    /** Of a property that names no number: jqwik's own. */
    private static final int USUAL = 1000;

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    /** A single try is an example: it has nothing to draw. */
    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        int tries = context.attributes().tries().orElse(USUAL);
        if (tries > 1) {
            context.attributes().setTries(Math.multiplyExact(tries, FACTOR));
        }
        return property.execute();
    }

    /** Outside of all hooks that look at the number of tries. */
    @Override
    public int aroundPropertyProximity() {
        return -100;
    }
}
