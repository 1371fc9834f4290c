package dev.clew.internal.tensor;

import dev.clew.array.NDArray;
import java.util.List;

/**
 * The numbers of one step of training, all from before its change.
 *
 * @param outputs of what it was asked for, first the loss
 * @param reported of what its rule wanted along with them
 */
public record StepValues(List<NDArray> outputs, List<NDArray> reported) {}
