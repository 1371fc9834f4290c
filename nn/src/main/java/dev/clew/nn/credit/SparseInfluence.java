package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Of J only some elements, as one row (sources, kept) for every sequence. The element of a unit i and a number j of the parameters goes
 * by J'ᵢⱼ = Σₖ Dᵢₖ·Jₖⱼ + Iᵢⱼ over those k that reach i and whose Jₖⱼ is kept too.
 *
 * @param places where what is kept lies
 */
record SparseInfluence(Influenced<?> of, Places places, Sweeps sweeps, int sources) implements Influence {
    @Override
    public List<NDArray> start(long steps) {
        List<Tensor> kept = new ArrayList<>();
        for (NDArray each : new FullInfluence(of, Optional.empty(), sources).start(steps)) {
            kept.add(Tensor.of(each).reshape(sources, -1).gather(1, Tensor.of(places.at())));
        }
        return Tensor.values(kept);
    }

    @Override
    public List<NDArray> drawn(long steps, long since) {
        return Influence.weights(sources, since, of.dtype(), Shape.of(sources, 1));
    }

    @Override
    public After next(Moment<?> moment, List<Tensor> carried, List<Tensor> drawn) {
        List<Tensor> next = new ArrayList<>();
        List<Tensor> slopes = new ArrayList<>();
        List<Tensor> missed = new ArrayList<>();
        for (int n = 0; n < of.batch(); n++) {
            Jacobians jacobians = moment.jacobians(n);
            Jacobians.Swept swept = sweeps.of(jacobians);
            Tensor through = through(swept.past(), carried.get(n));
            Tensor now = Tensor.concat(0, List.of(swept.now().reshape(-1), Tensor.zeros(of.dtype(), 1)))
                    .gather(Tensor.of(places.ofNow()))
                    .expandDims(0);
            next.add(through.slice(1, 0, places.kept()).plus(drawn.isEmpty() ? now : now.times(drawn.getFirst())));
            moment.slope(n).ifPresent(slope -> slopes.add(slopes(slope, through)));
            sweeps.missed(jacobians, swept).ifPresent(missed::add);
        }
        return new After(
                next,
                slopes.isEmpty() ? Optional.empty() : Optional.of(Tensor.sum(slopes)),
                missed.isEmpty() ? Optional.empty() : Optional.of(Tensor.sum(missed)));
    }

    /** D·J where it is kept: (sources, elements). */
    private Tensor through(Tensor past, Tensor before) {
        Tensor factors = past.reshape(-1).gather(Tensor.of(places.ofPast())).reshape(1, places.count(), places.terms());
        return Tensor.concat(1, List.of(before, Tensor.zeros(of.dtype(), sources, 1)))
                .gather(1, Tensor.of(places.ofBefore()))
                .reshape(sources, places.count(), places.terms())
                .times(factors)
                .sum(2);
    }

    /** (sources, p). */
    private Tensor slopes(Tensor slope, Tensor through) {
        int from = places.outputFrom();
        int to = from + places.outputRows().shape().elements();
        Tensor factors =
                slope.reshape(-1).gather(Tensor.of(places.outputRows())).expandDims(0);
        return Tensor.zeros(of.dtype(), sources, of.numbers())
                .scatterAdd(
                        1,
                        Tensor.of(places.outputColumns()),
                        through.slice(1, from, to).times(factors));
    }

    @Override
    public Influence widened() {
        return new FullInfluence(of, Optional.empty(), sources);
    }

    @Override
    public List<NDArray> widened(List<NDArray> carried) {
        return Tensor.values(carried.stream()
                .map(each -> Tensor.zeros(of.dtype(), sources, of.units() * of.numbers())
                        .scatterAdd(1, Tensor.of(places.at()), Tensor.of(each))
                        .reshape(sources, of.units(), of.numbers()))
                .toList());
    }

    @Override
    public String toString() {
        return "SparseInfluence of " + places.kept() + " elements";
    }
}
