package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Adam (Kingma, Ba, 2015, arXiv 1412.6980, algorithm 1), with the numbers of PyTorch's: with g = ∂loss/∂p and the step t, counted from 1,
 *
 * <pre>
 * m ← β₁·m + (1 − β₁)·g
 * v ← β₂·v + (1 − β₂)·g²
 * p ← p − rate·(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 * </pre>
 *
 * <p>m and v begin with zeros, of the shape and type of p. A parameter that a loss does not depend on has the gradient 0, and still moves
 * by what is left of m. β₁ = 0.9, β₂ = 0.999 and ε = 1e-8, unless they are set.
 */
public final class Adam extends Optimizer {
    private final Trained trained;
    private final Moments moments;

    private Adam(Trained trained, Moments moments) {
        super(trained, List.of(moments));
        this.trained = trained;
        this.moments = moments;
    }

    /** Trains every parameter of a model at one rate. */
    public static Adam of(Object model, double rate) {
        return new Adam(Trained.of(model, rate), new Moments(0.9, 0.999, 1e-8));
    }

    /**
     * The same, with other weights of the past in the means of g and g².
     *
     * @throws IllegalArgumentException if one is not from 0 to below 1
     */
    public Adam withBetas(double first, double second) {
        return new Adam(trained, new Moments(first, second, moments.epsilon));
    }

    /** The same with another ε, which keeps small gradients from large steps. */
    public Adam withEpsilon(double epsilon) {
        return new Adam(trained, new Moments(moments.first, moments.second, epsilon));
    }

    /** The same, with another rate for one parameter. */
    public Adam withRate(Parameter parameter, double rate) {
        return new Adam(trained.withRate(parameter, rate), moments);
    }

    /**
     * The same, with another rate for the parameter of a name, {@code cell.wx}.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public Adam withRate(String name, double rate) {
        return new Adam(trained.withRate(name, rate), moments);
    }

    /** The same, with gradients that are first clipped; after what was to be done first before. */
    public Adam withClip(Clip clip) {
        return new Adam(trained.withFirst(clip), moments);
    }

    private record Moments(double first, double second, double epsilon) implements Transform {
        Moments {
            requireBeta(first);
            requireBeta(second);
            if (!(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "Adam with ε = " + epsilon + ": it must be a finite number, 0 or more");
            }
        }

        private static void requireBeta(double beta) {
            if (!(beta >= 0 && beta < 1)) {
                throw new IllegalArgumentException(
                        "Adam with β = " + beta + ": the weight of the past must be at least 0 and below 1");
            }
        }

        @Override
        public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
            Parameter before = state.number("adam.steps");
            Tensor steps = before.plus(1);
            state.next(before, steps);
            // In f64, since β₂ᵗ is near 1.
            Tensor ofFirst = share(first, steps);
            Tensor ofSecond = share(second, steps).sqrt();
            ImmutableMap.Builder<Parameter, Tensor> moves = ImmutableMap.builder();
            slopes.forEach((parameter, slope) -> {
                DType type = parameter.dtype();
                Tensor mean = mean(state, parameter, "adam.m", first, slope);
                Tensor square = mean(state, parameter, "adam.v", second, slope.square());
                Tensor size = square.sqrt().div(ofSecond.cast(type)).plus(epsilon);
                moves.put(parameter, mean.div(ofFirst.cast(type)).div(size));
            });
            return moves.buildOrThrow();
        }

        /** 1 − βᵗ: what the weights of t terms add up to. */
        private static Tensor share(double beta, Tensor steps) {
            return Tensor.of(beta).pow(steps).negate().plus(1);
        }

        private static Tensor mean(State state, Parameter parameter, String name, double beta, Tensor term) {
            Parameter before = state.like(parameter, name);
            Tensor mean = before.times(beta).plus(term.times(1 - beta));
            state.next(before, mean);
            return mean;
        }

        @Override
        public String toString() {
            return "Adam";
        }
    }
}
