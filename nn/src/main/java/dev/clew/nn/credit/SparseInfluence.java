package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Of J only some elements, as one row (sources, kept) for every sequence. The element of a unit i and a number j of the parameters goes
 * by J'ᵢⱼ = Σₖ Dᵢₖ·Jₖⱼ + Iᵢⱼ over those k that reach i and whose Jₖⱼ is kept too.
 *
 * @param mask by row, the columns of what is kept
 * @param keepsAll whether that is all of J that is ever other than 0
 * @param past by which sweeps D is found
 * @param now the same of I
 * @param places where what is kept lies
 */
record SparseInfluence(
        Influenced<?> of,
        Reach reach,
        List<BitSet> mask,
        boolean keepsAll,
        int outputs,
        Sweeps past,
        Sweeps now,
        Places places,
        int sources)
        implements Influence {

    /**
     * One that notices if more is reached than is known.
     *
     * @param outputs how many numbers the output of a sequence has
     */
    static SparseInfluence of(
            Influenced<?> of, Reach reach, List<BitSet> mask, boolean keepsAll, int outputs, int sources) {
        Sweeps past = Sweeps.proved(reach.past(), of.units(), of.dtype());
        Sweeps now = Sweeps.proved(reach.now(), of.numbers(), of.dtype());
        Places places = Places.of(mask, reach, past, now, outputs);
        return new SparseInfluence(of, reach, mask, keepsAll, outputs, past, now, places, sources);
    }

    @Override
    public List<NDArray> start(long steps) {
        if (!of.isStartLearnt()) {
            return Collections.nCopies(of.batch(), NDArray.full(0, of.dtype(), Shape.of(sources, places.kept())));
        }
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
            List<Gradients> sweeps = past.of(jacobians);
            Tensor d = jacobians.past(sweeps);
            Tensor i = jacobians.now(now.of(jacobians, past, sweeps));
            Tensor through = through(d, carried.get(n));
            Tensor own = Tensor.concat(0, List.of(i.reshape(-1), Tensor.zeros(of.dtype(), 1)))
                    .gather(Tensor.of(places.ofNow()))
                    .expandDims(0);
            next.add(through.slice(1, 0, places.kept()).plus(drawn.isEmpty() ? own : own.times(drawn.getFirst())));
            moment.slope(n).ifPresent(slope -> slopes.add(slopes(slope, through)));
            List<Gradients> proof = past.ofProof(jacobians);
            past.missed(d, proof, jacobians::past).ifPresent(missed::add);
            now.missed(i, now.ofProof(jacobians, past, proof), jacobians::now).ifPresent(missed::add);
        }
        return new After(
                next,
                slopes.isEmpty() ? Optional.empty() : Optional.of(Tensor.sum(slopes)),
                missed.isEmpty() ? Optional.empty() : Optional.of(Tensor.sum(missed)));
    }

    /** D·J where it is kept: (sources, elements). */
    private Tensor through(Tensor d, Tensor before) {
        Tensor factors = d.reshape(-1).gather(Tensor.of(places.ofPast())).reshape(1, places.count(), places.terms());
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
        if (keepsAll) {
            return new FullInfluence(of, Optional.empty(), sources);
        }
        Sweeps single = Sweeps.single(mask.size());
        Places same = Places.of(mask, reach, single, single, outputs);
        return new SparseInfluence(of, reach, mask, false, outputs, single, single, same, sources);
    }

    @Override
    public List<NDArray> widened(List<NDArray> carried) {
        return keepsAll
                ? Tensor.values(carried.stream()
                        .map(each -> Tensor.zeros(of.dtype(), sources, of.units() * of.numbers())
                                .scatterAdd(1, Tensor.of(places.at()), Tensor.of(each))
                                .reshape(sources, of.units(), of.numbers()))
                        .toList())
                : carried;
    }

    @Override
    public String toString() {
        return "SparseInfluence of " + places.kept() + " elements";
    }
}
