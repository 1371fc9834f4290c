package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Of J only some elements, as one row (sources, kept) for every sequence. The element of a unit i and a number j of the parameters goes
 * by J'ᵢⱼ = Σₖ Dᵢₖ·Jₖⱼ + Iᵢⱼ over those k whose Jₖⱼ is kept too.
 *
 * @param places where what is kept lies
 * @param beyond if all of J that is not 0 is to be kept, 1 where D and I would show that it is not; D before I, side by side
 */
record SparseInfluence(Influenced<?> of, Places places, Optional<NDArray> beyond, int sources) implements Influence {

    /**
     * Elements in the order of rows of {@link Jacobians}, and of columns within.
     *
     * @param rows of each
     * @param columns of each
     * @param kept how many of them are of the state, and so carried
     * @param outputFrom of the first that is of the output
     * @param outputTo behind the last
     * @param terms the most that a sum over k has
     * @param ofPast by element, for each term, the place in D
     * @param ofBefore the same in what is carried, and {@code kept} where there is no term
     */
    record Places(
            int[] rows,
            int[] columns,
            int kept,
            int outputFrom,
            int outputTo,
            int terms,
            int[] ofPast,
            int[] ofBefore) {

        static Places of(List<BitSet> mask, Influenced<?> of, int output, int outputs) {
            int count = mask.stream().mapToInt(BitSet::cardinality).sum();
            int[] rows = new int[count];
            int[] columns = new int[count];
            int[] starts = new int[mask.size() + 1];
            int at = 0;
            for (int row = 0; row < mask.size(); row++) {
                for (int column : mask.get(row).stream().toArray()) {
                    rows[at] = row;
                    columns[at++] = column;
                }
                starts[row + 1] = at;
            }
            int kept = starts[of.units()];
            List<List<Integer>> ofColumn = byColumn(columns, kept, of.numbers());
            int terms = ofColumn.stream().mapToInt(List::size).max().orElse(0);
            int[] ofPast = new int[count * terms];
            int[] ofBefore = new int[count * terms];
            for (int element = 0; element < count; element++) {
                List<Integer> before = ofColumn.get(columns[element]);
                for (int term = 0; term < terms; term++) {
                    boolean isThere = term < before.size();
                    ofPast[element * terms + term] =
                            isThere ? rows[element] * of.units() + rows[before.get(term)] : 0;
                    ofBefore[element * terms + term] = isThere ? before.get(term) : kept;
                }
            }
            return new Places(
                    rows, columns, kept, starts[output], starts[output + outputs], terms, ofPast, ofBefore);
        }

        private static List<List<Integer>> byColumn(int[] columns, int kept, int numbers) {
            List<List<Integer>> all = new ArrayList<>();
            for (int i = 0; i < numbers; i++) {
                all.add(new ArrayList<>());
            }
            for (int element = 0; element < kept; element++) {
                all.get(columns[element]).add(element);
            }
            return all;
        }

        /** In a matrix with so many columns. */
        private int[] at(int width) {
            int[] at = new int[rows.length];
            for (int i = 0; i < at.length; i++) {
                at[i] = rows[i] * width + columns[i];
            }
            return at;
        }
    }

    @Override
    public List<NDArray> start(long steps) {
        List<Tensor> kept = new ArrayList<>();
        for (NDArray each : new FullInfluence(of, Optional.empty(), sources).start(steps)) {
            kept.add(Tensor.of(each)
                    .reshape(sources, -1)
                    .gather(1, Tensor.of(places.at(of.numbers())).slice(0, 0, places.kept)));
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
        Tensor at = Tensor.of(places.at(of.numbers()));
        for (int n = 0; n < of.batch(); n++) {
            Jacobians matrices = moment.jacobians(n);
            Tensor through = through(matrices.past(), carried.get(n));
            Tensor now = matrices.now().reshape(-1).gather(at).slice(0, 0, places.kept).expandDims(0);
            next.add(through.slice(1, 0, places.kept).plus(drawn.isEmpty() ? now : now.times(drawn.getFirst())));
            moment.slope(n).ifPresent(slope -> slopes.add(slopes(slope, matrices.output(), through)));
            beyond.ifPresent(mask -> missed.add(Tensor.concat(1, List.of(matrices.past(), matrices.now()))
                    .times(Tensor.of(mask))
                    .abs()
                    .sum()));
        }
        return new After(
                next,
                slopes.isEmpty() ? Optional.empty() : Optional.of(Tensor.sum(slopes)),
                missed.isEmpty() ? Optional.empty() : Optional.of(Tensor.sum(missed)));
    }

    /** D·J where it is kept: (sources, elements). */
    private Tensor through(Tensor past, Tensor before) {
        int elements = places.rows.length;
        Tensor zero = Tensor.zeros(of.dtype(), sources, 1);
        Tensor factors = past.reshape(-1).gather(Tensor.of(places.ofPast)).reshape(1, elements, places.terms);
        return Tensor.concat(1, List.of(before, zero))
                .gather(1, Tensor.of(places.ofBefore))
                .reshape(sources, elements, places.terms)
                .times(factors)
                .sum(2);
    }

    /** (sources, p). */
    private Tensor slopes(Tensor slope, int output, Tensor through) {
        int from = places.outputFrom;
        int to = places.outputTo;
        int[] rows = new int[to - from];
        int[] columns = new int[to - from];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = places.rows[from + i] - output;
            columns[i] = places.columns[from + i];
        }
        Tensor products = through.slice(1, from, to)
                .times(slope.reshape(-1).gather(Tensor.of(rows)).expandDims(0));
        return Tensor.zeros(of.dtype(), sources, of.numbers()).scatterAdd(1, Tensor.of(columns), products);
    }

    @Override
    public Influence widened() {
        return new FullInfluence(of, Optional.empty(), sources);
    }

    @Override
    public List<NDArray> widened(List<NDArray> carried) {
        Tensor at = Tensor.of(places.at(of.numbers())).slice(0, 0, places.kept);
        return Tensor.values(carried.stream()
                .map(each -> Tensor.zeros(of.dtype(), sources, of.units() * of.numbers())
                        .scatterAdd(1, at, Tensor.of(each))
                        .reshape(sources, of.units(), of.numbers()))
                .toList());
    }

    @Override
    public String toString() {
        return "SparseInfluence of " + places.kept + " elements";
    }
}
