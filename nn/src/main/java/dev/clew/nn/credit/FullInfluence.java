package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * J as a matrix (n, p) for every sequence: J' = D·J + I, or only where a mask (rows, p) has 1.
 *
 * @param mask whose rows are those of {@link Jacobians}
 */
record FullInfluence(Influenced<?> of, Optional<NDArray> mask, int sources) implements Influence {
    @Override
    public List<NDArray> start(long steps) {
        return start(of, sources);
    }

    private static <S> List<NDArray> start(Influenced<S> of, int sources) {
        S start = of.task().start(of.batch());
        List<Tensor> all = new ArrayList<>();
        for (int n = 0; n < of.batch(); n++) {
            Tensor ofStart =
                    Jacobians.ofStart(of, Influenced.ofSequence(start, n)).expandDims(0);
            all.add(
                    sources == 1
                            ? ofStart
                            : Tensor.concat(
                                    0,
                                    List.of(ofStart, Tensor.zeros(of.dtype(), sources - 1, of.units(), of.numbers()))));
        }
        return Tensor.values(all);
    }

    @Override
    public List<NDArray> drawn(long steps, long since) {
        return Influence.weights(sources, since, of.dtype(), Shape.of(sources, 1, 1));
    }

    @Override
    public After next(Moment<?> moment, List<Tensor> carried, List<Tensor> drawn) {
        List<Tensor> next = new ArrayList<>();
        List<Tensor> slopes = new ArrayList<>();
        for (int n = 0; n < of.batch(); n++) {
            Jacobians jacobians = moment.jacobians(n);
            List<Gradients> rows = jacobians.rowByRow();
            Tensor through = jacobians.past(rows).matmul(carried.get(n)); // (sources, rows, p)
            Tensor kept = mask.map(each -> through.times(Tensor.of(each))).orElse(through);
            Tensor now = jacobians.now(rows).slice(0, 0, of.units()).expandDims(0);
            next.add(kept.slice(1, 0, of.units()).plus(drawn.isEmpty() ? now : now.times(drawn.getFirst())));
            moment.slope(n).ifPresent(slope -> {
                int from = jacobians.output();
                slopes.add(slope.matmul(kept.slice(1, from, from + slope.shape().length(1))));
            });
        }
        return new After(
                next,
                slopes.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Tensor.sum(slopes).reshape(sources, of.numbers())),
                Optional.empty());
    }
}
