package dev.clew.nn.credit;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Derivatives;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** J as a product h̃·θ̃ that is right in the mean, h̃ of all sequences together and θ̃ (sources, p). */
record RankOneInfluence(Influenced<?> of, RandomKey key, int sources) implements Influence {
    private static final double LITTLE = 1e-7;
    /** The number of the signs for the start. */
    private static final long START = -1;

    private int units() {
        return of.batch() * of.units();
    }

    @Override
    public List<NDArray> start(long steps) {
        return start(of, Tensor.of(signs(key.fold(START).fold(steps))));
    }

    private <S> List<NDArray> start(Influenced<S> all, Tensor signs) {
        Tensor start = flat(Influenced.parts(all.task().start(all.batch())));
        Tensor slopes = all.row(Gradients.of(start, signs));
        boolean isReached = all.parameters().stream().anyMatch(Gradients.of(start, signs)::reaches);
        if (!isReached) {
            return List.of(
                    NDArray.full(0, of.dtype(), Shape.of(units())),
                    NDArray.full(0, of.dtype(), Shape.of(sources, of.numbers())));
        }
        Tensor ratio = ratio(slopes, signs);
        Tensor first = slopes.div(ratio).expandDims(0);
        return Tensor.values(
                signs.times(ratio),
                sources == 1
                        ? first
                        : Tensor.concat(0, List.of(first, Tensor.zeros(of.dtype(), sources - 1, of.numbers()))));
    }

    private NDArray signs(RandomKey step) {
        double[] signs = step.bernoulli(0.5, Shape.of(units())).toDoubles();
        for (int i = 0; i < signs.length; i++) {
            signs[i] = 2 * signs[i] - 1;
        }
        return NDArray.of(signs).cast(of.dtype());
    }

    @Override
    public List<NDArray> drawn(long steps, long since) {
        List<NDArray> drawn = new ArrayList<>(List.of(signs(key.fold(steps))));
        drawn.addAll(Influence.weights(sources, since, of.dtype(), Shape.of(sources, 1)));
        return drawn;
    }

    private static Tensor flat(List<Tensor> parts) {
        return Tensor.concat(0, parts.stream().map(each -> each.reshape(-1)).toList());
    }

    /** √((‖a‖ + ε) / (‖b‖ + ε)). */
    private static Tensor ratio(Tensor a, Tensor b) {
        return a.norm().plus(LITTLE).div(b.norm().plus(LITTLE)).sqrt();
    }

    @Override
    public After next(Moment<?> moment, List<Tensor> carried, List<Tensor> drawn) {
        Tensor h = carried.get(0);
        Tensor theta = carried.get(1);
        Tensor signs = drawn.getFirst();
        List<Tensor> before = Influenced.parts(moment.before());
        Tensor after = flat(Influenced.parts(moment.out().state()));
        Tensor forward = Derivatives.jvp(after, tangents(before, h));
        Tensor slopes = of.row(Gradients.of(after, signs));
        Tensor old = ratio(theta.sum(0), forward);
        Tensor fresh = ratio(slopes, signs);
        Tensor now = slopes.div(fresh).expandDims(0);
        return new After(
                List.of(
                        forward.times(old).plus(signs.times(fresh)),
                        theta.div(old).plus(sources == 1 ? now : now.times(drawn.get(1)))),
                moment.ofLoss()
                        .map(gradients -> theta.times(
                                flat(before.stream().map(gradients::wrt).toList())
                                        .dot(h))),
                Optional.empty());
    }

    private static ImmutableMap<Tensor, Tensor> tangents(List<Tensor> before, Tensor h) {
        ImmutableMap.Builder<Tensor, Tensor> tangents = ImmutableMap.builder();
        int at = 0;
        for (Tensor part : before) {
            int size = part.shape().elements();
            tangents.put(part, h.slice(0, at, at + size).reshape(part.shape()));
            at += size;
        }
        return tangents.buildOrThrow();
    }
}
