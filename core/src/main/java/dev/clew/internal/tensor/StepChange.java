package dev.clew.internal.tensor;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * What a step of training reports and changes.
 *
 * @param reported tensors whose values from before the change are wanted: gradients
 * @param updates the new value of every parameter that changes
 */
public record StepChange(List<Tensor> reported, Map<Parameter, Tensor> updates) {
    /** Copies, in the same order. */
    public StepChange {
        reported = ImmutableList.copyOf(reported);
        updates = ImmutableMap.copyOf(updates);
    }
}
