package dev.clew.internal.tensor;

import dev.clew.array.NDArray;
import dev.clew.internal.formula.Formula;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine's way to what tensors and parameters hold and users do not see: the class of tensors gives it away when it is loaded, and
 * only here can it be had.
 */
public abstract class TensorAccess {
    private static volatile @Nullable TensorAccess given;

    /** What the class of tensors gives. */
    public TensorAccess() {}

    /** Takes what the class of tensors gives. */
    public static void give(TensorAccess access) {
        given = access;
    }

    /** The way. */
    public static TensorAccess get() {
        TensorAccess access = given;
        return access == null ? afterLoading() : access;
    }

    private static TensorAccess afterLoading() {
        Parameter.of(0.0);
        TensorAccess access = given;
        if (access == null) {
            throw new IllegalStateException("the class of tensors has given no access to them");
        }
        return access;
    }

    /** What a parameter holds now. */
    public abstract ParameterState state(Parameter parameter);

    /** Makes a parameter hold something else; for whoever has the lock. */
    public abstract void state(Parameter parameter, ParameterState next);

    /** Changes parameters together, or none, if a condition holds while nobody else changes one; whether it held. */
    public abstract boolean setAll(Map<Parameter, NDArray> values, BooleanSupplier condition);

    /** The value that is kept with a tensor. */
    public abstract @Nullable Kept kept(Tensor tensor);

    /** Keeps a value with a tensor. */
    public abstract void keep(Tensor tensor, Kept value);

    /** What is noted of an output of training steps. */
    public abstract Afterwards.@Nullable Mark mark(Tensor tensor);

    /** Notes something of an output of training steps. */
    public abstract void mark(Tensor tensor, Afterwards.Mark as);

    /** The function of an elementwise operation, as exactly rounded steps; of a sum or a cast there is none. */
    public abstract Formula formula(Elementwise operation);

    /** How many tensors have been made: the number of the next. */
    public abstract long made();
}
