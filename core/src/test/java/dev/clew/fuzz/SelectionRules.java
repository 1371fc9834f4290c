package dev.clew.fuzz;

import dev.clew.array.DType;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/** Methods that choose elements by indices. */
final class SelectionRules {
    private final List<Rule> rules = new ArrayList<>();

    private SelectionRules() {}

    static List<Rule> all() {
        SelectionRules table = new SelectionRules();
        table.gathers();
        table.scatters();
        table.picks();
        table.oneHots();
        table.sorts();
        table.masks();
        return table.rules;
    }

    private void add(String text, Rule.Choice choice, Rule.Build build, Rule.Meaning meaning) {
        rules.add(new Rule(text, choice, build, meaning));
    }

    // ----------------------------------------------------------------------------------------------------- gathering

    private void gathers() {
        add(
                "$0.gather($1)",
                (d, self) -> gather(d, self, 0, false),
                (in, _) -> in.get(0).gather(in.get(1)),
                (in, _) -> gathered(in.get(0), 0, in.get(1)));
        add(
                "$0.gather($i, $1)",
                (d, self) -> gather(d, self, -1, true),
                (in, line) -> in.get(0).gather(line.ints()[0], in.get(1)),
                (in, line) -> gathered(in.get(0), line.ints()[0], in.get(1)));
    }

    private static int gather(Drawing d, Rule self, int axis, boolean isNamed) {
        int x = d.anything(1);
        int at = axis < 0 ? d.axis(d.value(x).rank()) : axis;
        int[] chosen = d.chance(0.4) ? new int[0] : d.shape(0, 2);
        int indices = d.indices(d.value(x).shape()[at], chosen);
        return d.add(self, isNamed ? new int[] {at} : new int[0], x, indices);
    }

    /** The lengths of x, those of the indices in place of one axis. */
    private static int[] chosen(int[] x, int axis, int... indices) {
        return IntStream.concat(
                        IntStream.concat(IntStream.of(x).limit(axis), IntStream.of(indices)),
                        IntStream.of(x).skip(axis + 1))
                .toArray();
    }

    private static Numbers gathered(Numbers x, int axis, Numbers indices) {
        return Numbers.build(
                x.type(), chosen(x.shape(), axis, indices.shape()), index -> x.get(source(index, axis, indices)));
    }

    /** Where in x an element comes from, or goes to. */
    private static int[] source(int[] index, int axis, Numbers indices) {
        int[] at = Arrays.copyOfRange(index, axis, axis + indices.rank());
        return chosen(
                IntStream.concat(
                                IntStream.concat(IntStream.of(index).limit(axis), IntStream.of(0)),
                                IntStream.of(index).skip(axis + indices.rank()))
                        .toArray(),
                axis,
                (int) indices.get(at));
    }

    private void scatters() {
        add(
                "$0.scatterAdd($1, $2)",
                (d, self) -> scatter(d, self, 0, false),
                (in, _) -> in.get(0).scatterAdd(in.get(1), in.get(2)),
                (in, _) -> scattered(in.get(0), 0, in.get(1), in.get(2)));
        add(
                "$0.scatterAdd($i, $1, $2)",
                (d, self) -> scatter(d, self, -1, true),
                (in, line) -> in.get(0).scatterAdd(line.ints()[0], in.get(1), in.get(2)),
                (in, line) -> scattered(in.get(0), line.ints()[0], in.get(1), in.get(2)));
    }

    private static int scatter(Drawing d, Rule self, int axis, boolean isNamed) {
        int x = d.floating(1);
        int[] shape = d.value(x).shape();
        int at = axis < 0 ? d.axis(shape.length) : axis;
        int[] of = d.chance(0.4) ? new int[0] : d.shape(0, 2);
        int indices = d.indices(shape[at], of);
        int[] rows = chosen(shape, at, of);
        return indices < 0 || Numbers.elements(rows) > 300
                ? -1
                : d.add(
                        self,
                        isNamed ? new int[] {at} : new int[0],
                        x,
                        indices,
                        d.like(d.value(x).type(), rows));
    }

    private static Numbers scattered(Numbers x, int axis, Numbers indices, Numbers rows) {
        Numbers sums = new Numbers(x.type(), x.shape(), x.data().clone());
        Numbers.build(x.type(), rows.shape(), index -> {
            sums.data()[sums.position(source(index, axis, indices))] += rows.get(index);
            return 0;
        });
        return sums.map(x.type(), each -> each);
    }

    // ------------------------------------------------------------------------------------------------------- picking

    private void picks() {
        add(
                "$0.pick($1)",
                (d, self) -> {
                    int x = d.anything(1);
                    int[] shape = d.value(x).shape();
                    int last = shape.length - 1;
                    int[] of = Arrays.copyOf(shape, last + d.below(2));
                    if (of.length > last) {
                        of[last] = d.below(4);
                    }
                    return d.add(self, new int[0], x, d.indices(shape[last], of));
                },
                (in, _) -> in.get(0).pick(in.get(1)),
                (in, _) -> picked(in.get(0), in.get(1)));
        add(
                "$0.takeAlong($i, $1)",
                (d, self) -> {
                    int x = d.anything(1);
                    int[] of = d.value(x).shape().clone();
                    int axis = d.axis(of.length);
                    int bound = of[axis];
                    of[axis] = d.below(4);
                    return d.add(self, new int[] {axis}, x, d.indices(bound, of));
                },
                (in, line) -> in.get(0).takeAlong(line.ints()[0], in.get(1)),
                (in, line) -> Numbers.build(in.get(0).type(), in.get(1).shape(), index -> {
                    int[] from = index.clone();
                    from[line.ints()[0]] = (int) in.get(1).get(index);
                    return in.get(0).get(from);
                }));
    }

    private void oneHots() {
        add(
                "Tensor.oneHot($0, $i, $t)",
                (d, self) -> {
                    int classes = d.between(1, 4);
                    int indices = d.indices(classes, d.shape(0, 3));
                    return d.add(new Line.Call(self, new int[] {indices}, new int[] {classes}, 0, d.type()));
                },
                (in, line) -> Tensor.oneHot(in.getFirst(), line.ints()[0], Rules.type(line)),
                (in, line) -> marked(in.getFirst(), line.ints()[0], Rules.type(line)));
    }

    private static Numbers marked(Numbers indices, int classes, DType type) {
        if (Arrays.stream(indices.data()).anyMatch(i -> i < 0 || i >= classes)) {
            throw new IllegalArgumentException("an index is none of " + classes + " classes");
        }
        return Numbers.build(
                type,
                longer(indices.shape(), classes),
                index -> indices.get(Arrays.copyOf(index, index.length - 1)) == index[index.length - 1] ? 1 : 0);
    }

    private static int[] longer(int[] shape, int length) {
        int[] longer = Arrays.copyOf(shape, shape.length + 1);
        longer[shape.length] = length;
        return longer;
    }

    private static Numbers picked(Numbers x, Numbers indices) {
        int last = x.rank() - 1;
        return Numbers.build(x.type(), indices.shape(), index -> {
            int[] from = Arrays.copyOf(index, last + 1);
            from[last] = (int) indices.get(index);
            return x.get(from);
        });
    }

    // ------------------------------------------------------------------------------------------------------- sorting

    private void sorts() {
        add(
                "$0.argSort($i)",
                (d, self) -> {
                    int x = d.anything(1);
                    return d.add(self, new int[] {d.axis(d.value(x).rank()), d.below(2)}, x);
                },
                (in, line) -> in.getFirst().argSort(line.ints()[0], line.ints()[1] != 0),
                (in, line) -> in.getFirst().along(line.ints()[0], DType.I32, row -> order(row, line.ints()[1] != 0)));
        add(
                "$0.topK($i)",
                (d, self) -> {
                    int x = d.floating(1);
                    int axis = d.axis(d.value(x).rank());
                    return d.add(self, new int[] {d.between(0, d.value(x).shape()[axis]), axis}, x);
                },
                (in, line) -> in.getFirst().topK(line.ints()[0], line.ints()[1]).values(),
                (in, line) -> in.getFirst()
                        .along(
                                line.ints()[1],
                                row -> Arrays.stream(order(row, true))
                                        .limit(line.ints()[0])
                                        .map(i -> row[(int) i])
                                        .toArray()));
    }

    private static double[] order(double[] row, boolean descending) {
        Comparator<Integer> ascending =
                Comparator.comparingDouble(i -> Double.isNaN(row[i]) ? Double.NaN : row[i] + 0.0);
        return IntStream.range(0, row.length)
                .boxed()
                .sorted(descending ? ascending.reversed() : ascending)
                .mapToDouble(i -> i)
                .toArray();
    }

    // --------------------------------------------------------------------------------------------------------- masks

    private void masks() {
        triangle("lowerTriangle", Tensor::lowerTriangle, (distance, offset) -> distance <= offset);
        triangle("upperTriangle", Tensor::upperTriangle, (distance, offset) -> distance >= offset);
        mask("lowerMask", Tensor::lowerMask, (distance, offset) -> distance <= offset);
        mask("upperMask", Tensor::upperMask, (distance, offset) -> distance >= offset);
    }

    /** Keeps part of a matrix. */
    @FunctionalInterface
    private interface Triangle {
        Tensor of(Tensor x, int offset);
    }

    private void triangle(String name, Triangle build, BiPredicate<Integer, Integer> holds) {
        add(
                "$0." + name + "($i)",
                (d, self) -> d.add(self, new int[] {d.between(-2, 2)}, d.floating(2)),
                (in, line) -> build.of(in.getFirst(), line.ints()[0]),
                (in, line) -> Numbers.build(in.getFirst().type(), in.getFirst().shape(), index -> {
                    int distance = index[index.length - 1] - index[index.length - 2];
                    return holds.test(distance, line.ints()[0]) ? in.getFirst().get(index) : 0;
                }));
    }

    /** Makes a mask. */
    @FunctionalInterface
    private interface Mask {
        Tensor of(int rows, int columns, int offset);
    }

    private void mask(String name, Mask build, BiPredicate<Integer, Integer> holds) {
        add(
                "Tensor." + name + "($i)",
                (d, self) -> d.add(self, new int[] {d.below(4), d.below(4), d.between(-2, 2)}),
                (_, line) -> build.of(line.ints()[0], line.ints()[1], line.ints()[2]),
                (_, line) -> Numbers.build(
                        DType.BOOL,
                        new int[] {line.ints()[0], line.ints()[1]},
                        index -> holds.test(index[1] - index[0], line.ints()[2]) ? 1 : 0));
    }
}
