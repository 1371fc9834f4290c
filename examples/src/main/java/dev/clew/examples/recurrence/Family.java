package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.sequence.Cell;

/** The cells of this package, to be made by name. All take x (batch, inputs) and give (batch, units). */
public enum Family {
    /** {@link MinGru}. */
    MIN_GRU,
    /** {@link MinLstm}. */
    MIN_LSTM,
    /** {@link Lru}. */
    LRU,
    /** {@link RgLru}. */
    RG_LRU,
    /** {@link Mamba}. */
    MAMBA,
    /** {@link SLstm}. */
    S_LSTM,
    /** {@link MLstm}. */
    M_LSTM,
    /** {@link GatedLinearAttention}. */
    GATED_LINEAR_ATTENTION,
    /** {@link GatedDeltaNet}. */
    GATED_DELTA_NET,
    /** {@link Rwkv7}. */
    RWKV_7,
    /** {@link TestTimeTraining}. */
    TEST_TIME_TRAINING,
    /** {@link Titans}. */
    TITANS,
    /** {@link LeakyIntegrateAndFire}. */
    LEAKY_INTEGRATE_AND_FIRE,
    /** {@link ClosedFormContinuous}. */
    CLOSED_FORM_CONTINUOUS,
    /** {@link Equilibrium}. */
    EQUILIBRIUM;

    /** A cell with parameters drawn from a key. */
    public Cell<?> create(int inputs, int units, DType dtype, RandomKey key) {
        return switch (this) {
            case MIN_GRU -> MinGru.create(inputs, units, dtype, key);
            case MIN_LSTM -> MinLstm.create(inputs, units, dtype, key);
            case LRU -> Lru.create(inputs, units, dtype, key);
            case RG_LRU -> RgLru.create(inputs, units, dtype, key);
            case MAMBA -> Mamba.create(inputs, units, dtype, key);
            case S_LSTM -> SLstm.create(inputs, units, dtype, key);
            case M_LSTM -> MLstm.create(inputs, units, dtype, key);
            case GATED_LINEAR_ATTENTION -> GatedLinearAttention.create(inputs, units, dtype, key);
            case GATED_DELTA_NET -> GatedDeltaNet.create(inputs, units, dtype, key);
            case RWKV_7 -> Rwkv7.create(inputs, units, dtype, key);
            case TEST_TIME_TRAINING -> TestTimeTraining.create(inputs, units, dtype, key);
            case TITANS -> Titans.create(inputs, units, dtype, key);
            case LEAKY_INTEGRATE_AND_FIRE -> LeakyIntegrateAndFire.create(inputs, units, dtype, key);
            case CLOSED_FORM_CONTINUOUS -> ClosedFormContinuous.create(inputs, units, dtype, key);
            case EQUILIBRIUM -> Equilibrium.create(inputs, units, dtype, key);
        };
    }
}
