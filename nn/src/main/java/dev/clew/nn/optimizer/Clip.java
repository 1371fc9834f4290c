package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.clew.array.DType;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Collection;
import java.util.Map;

/** Gradients that are kept from being large. */
public sealed interface Clip extends Transform {
    /**
     * All gradients times min(1, most / (n + 10⁻⁶)), where n is the Euclidean norm over those of all parameters together: they keep
     * their direction (Pascanu, Mikolov, Bengio, 2013; with the numbers of PyTorch's {@code clip_grad_norm_}).
     *
     * @throws IllegalArgumentException if the most is not a finite number above 0
     */
    static Clip globalNorm(double most) {
        return new GlobalNorm(most);
    }

    /**
     * Every number of every gradient brought to −most … most, by itself, as PyTorch's {@code clip_grad_value_} does: their direction
     * changes. A gradient that is not finite is not clipped, so the step fails.
     *
     * @throws IllegalArgumentException if the most is not a finite number above 0
     */
    static Clip value(double most) {
        return new Value(most);
    }

    /** The norm over all gradients. */
    record GlobalNorm(double most) implements Clip {
        private static final double LITTLE = 1e-6;

        /** Of a finite number above 0. */
        public GlobalNorm {
            if (!(most > 0 && most < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "clip gradients to the norm " + most + ": it must be a finite number above 0");
            }
        }

        @Override
        public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
            Tensor factor = Tensor.of(most).div(of(slopes.values()).plus(LITTLE)).minimum(1);
            ImmutableMap.Builder<Parameter, Tensor> clipped = ImmutableMap.builder();
            slopes.forEach((parameter, slope) -> clipped.put(parameter, slope.times(factor.cast(slope.dtype()))));
            return clipped.buildOrThrow();
        }

        /** Over all numbers of some tensors: each by itself first, so nothing overflows, and types need not be the same. */
        static Tensor of(Collection<Tensor> slopes) {
            return Tensor.stack(
                            0,
                            slopes.stream()
                                    .map(slope -> slope.norm().cast(DType.F64))
                                    .toList())
                    .norm();
        }

        @Override
        public String toString() {
            return "clip to the norm " + most;
        }
    }

    /** Number by number. */
    record Value(double most) implements Clip {
        /** Of a finite number above 0. */
        public Value {
            if (!(most > 0 && most < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "clip gradients to the value " + most + ": it must be a finite number above 0");
            }
        }

        @Override
        public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
            Present.require("clip", slopes, state);
            return ImmutableMap.copyOf(Maps.transformValues(
                    slopes,
                    slope ->
                            // An infinite one stays so, and the step fails: it is no large slope but none.
                            Tensor.where(slope.isFinite(), slope.clip(-most, most), slope)));
        }

        @Override
        public String toString() {
            return "clip to ±" + most;
        }
    }
}
