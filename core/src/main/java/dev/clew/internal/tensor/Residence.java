package dev.clew.internal.tensor;

import dev.clew.array.NDArray;
import dev.clew.tensor.Parameter;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Parameters whose numbers lie in a memory of an evaluator, which changes them there, all together. */
public final class Residence {
    private final Parameter[] parameters;
    private final ParameterState[] states;

    /** Parameters, with a way to fetch the numbers of each. */
    public Residence(Map<Parameter, Supplier<NDArray>> sources) {
        this.parameters = sources.keySet().toArray(new Parameter[0]);
        this.states = new ParameterState[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            states[i] = new ParameterState(sources.getOrDefault(parameters[i], () -> NDArray.of(0)), -1);
        }
    }

    /**
     * Changes the numbers while nobody reads, unless {@code write} says that it has not; from then on they are fetched from here
     * until they are set.
     */
    public boolean change(BooleanSupplier write) {
        ParameterLock.beginChange();
        try {
            boolean isWritten = write.getAsBoolean();
            for (int i = 0; isWritten && i < parameters.length; i++) {
                ParameterState before = TensorAccess.get().state(parameters[i]);
                states[i].change(before.version() + 1);
                before.forget();
                TensorAccess.get().state(parameters[i], states[i]);
            }
            return isWritten;
        } finally {
            ParameterLock.endChange();
        }
    }

    /**
     * Ends the residence, while nobody changes numbers here: parameters take with them what they have only here. Afterwards nobody
     * reads the memory.
     */
    public void end() {
        for (int i = 0; i < parameters.length; i++) {
            if (TensorAccess.get().state(parameters[i]) == states[i]) {
                states[i].keep();
            }
        }
    }

    @Override
    public String toString() {
        return "Residence of " + parameters.length + " parameters";
    }
}
