package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.sequence.Cell;

/** The cells of this package, to be made by name. All take x (batch, inputs) and give (batch, units). */
public enum Family {
    /** {@link MinGru}. */
    MIN_GRU(MinGru::create),
    /** {@link MinLstm}. */
    MIN_LSTM(MinLstm::create),
    /** {@link Lru}. */
    LRU(Lru::create),
    /** {@link RgLru}. */
    RG_LRU(RgLru::create),
    /** {@link Mamba}. */
    MAMBA(Mamba::create),
    /** {@link SLstm}. */
    S_LSTM(SLstm::create),
    /** {@link MLstm}. */
    M_LSTM(MLstm::create),
    /** {@link GatedLinearAttention}. */
    GATED_LINEAR_ATTENTION(GatedLinearAttention::create),
    /** {@link GatedDeltaNet}. */
    GATED_DELTA_NET(GatedDeltaNet::create),
    /** {@link Rwkv7}. */
    RWKV_7(Rwkv7::create),
    /** {@link TestTimeTraining}. */
    TEST_TIME_TRAINING(TestTimeTraining::create),
    /** {@link LeakyIntegrateAndFire}. */
    LEAKY_INTEGRATE_AND_FIRE(LeakyIntegrateAndFire::create),
    /** {@link ClosedFormContinuous}. */
    CLOSED_FORM_CONTINUOUS(ClosedFormContinuous::create);

    private final Maker maker;

    Family(Maker maker) {
        this.maker = maker;
    }

    private interface Maker {
        Cell<?> create(int inputs, int units, DType dtype, RandomKey key);
    }

    /** A cell with parameters drawn from a key. */
    public Cell<?> create(int inputs, int units, DType dtype, RandomKey key) {
        return maker.create(inputs, units, dtype, key);
    }
}
