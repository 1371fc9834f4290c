package dev.clew.fuzz;

import com.google.common.primitives.Ints;
import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Methods that put elements elsewhere. */
final class MovementRules {
    private final List<Rule> rules = new ArrayList<>();

    private MovementRules() {}

    static List<Rule> all() {
        MovementRules table = new MovementRules();
        table.shapes();
        table.ones();
        table.axes();
        table.windows();
        table.parts();
        table.turns();
        table.padded();
        table.copies();
        return table.rules;
    }

    private void add(String text, Rule.Choice choice, Rule.Build build, Rule.Meaning meaning) {
        rules.add(new Rule(text, choice, build, meaning));
    }

    private static int drawn(Drawing d, Rule self, int x, int... ints) {
        return d.add(self, ints, x);
    }

    private static Numbers x(List<Numbers> in) {
        return in.getFirst();
    }

    private static Tensor t(List<Tensor> in) {
        return in.getFirst();
    }

    // ------------------------------------------------------------------------------------------------------- shapes

    private void shapes() {
        add(
                "$0.reshape($i)",
                (d, self) -> {
                    int x = d.anything(0);
                    return drawn(d, self, x, factors(d, d.value(x).size()));
                },
                (in, line) -> t(in).reshape(Shape.of(line.ints())),
                (in, line) -> x(in).reshaped(line.ints()));
        add(
                "$0.broadcastTo($i)",
                (d, self) -> {
                    int x = d.anything(0);
                    int[] from = d.value(x).shape();
                    int[] to = d.shape(0, 5 - from.length);
                    int[] wide = IntStream.concat(IntStream.of(to), IntStream.of(from))
                            .map(length -> length == 1 ? d.below(4) : length)
                            .toArray();
                    return drawn(d, self, x, wide);
                },
                (in, line) -> t(in).broadcastTo(line.ints()),
                (in, line) -> Numbers.build(x(in).type(), line.ints(), x(in)::wide));
    }

    private void ones() {
        add(
                "$0.expandDims($i)",
                (d, self) -> {
                    int x = d.anything(0);
                    return drawn(d, self, x, d.below(d.value(x).rank() + 1));
                },
                (in, line) -> t(in).expandDims(line.ints()[0]),
                (in, line) -> x(in).reshaped(inserted(x(in).shape(), line.ints()[0], 1)));
        add(
                "$0.squeeze($i)",
                (d, self) -> {
                    int x = d.find(each -> IntStream.of(each.shape()).anyMatch(length -> length == 1));
                    return x < 0
                            ? -1
                            : drawn(d, self, x, Ints.indexOf(d.value(x).shape(), 1));
                },
                (in, line) -> t(in).squeeze(line.ints()[0]),
                (in, line) -> x(in).reshaped(x(in).dropped(line.ints())));
    }

    static int[] inserted(int[] shape, int at, int length) {
        return IntStream.concat(
                        IntStream.concat(IntStream.of(shape).limit(at), IntStream.of(length)),
                        IntStream.of(shape).skip(at))
                .toArray();
    }

    /** Lengths whose product is a number. */
    private static int[] factors(Drawing d, int elements) {
        IntStream.Builder lengths = IntStream.builder();
        int left = elements;
        for (int axis = 0; axis < 3 && d.chance(0.6); axis++) {
            int length = d.between(1, 4);
            boolean divides = left % length == 0;
            lengths.add(divides ? length : 1);
            left /= divides ? length : 1;
        }
        return left == 1 && d.chance(0.5)
                ? lengths.build().toArray()
                : lengths.add(left).build().toArray();
    }

    // --------------------------------------------------------------------------------------------------------- axes

    private void axes() {
        add(
                "$0.transpose($i)",
                (d, self) -> {
                    int x = d.anything(1);
                    return drawn(d, self, x, d.order(d.value(x).rank()));
                },
                (in, line) -> t(in).transpose(line.ints()),
                (in, line) -> x(in).permuted(line.ints()));
        add(
                "$0.transpose()",
                (d, self) -> d.add(self, new int[0], d.anything(2)),
                (in, _) -> t(in).transpose(),
                (in, _) -> x(in).moved(x(in).rank() - 1, x(in).rank() - 2));
        add(
                "$0.moveAxis($i)",
                (d, self) -> {
                    int x = d.anything(1);
                    int rank = d.value(x).rank();
                    return drawn(d, self, x, d.axis(rank), d.axis(rank));
                },
                (in, line) -> t(in).moveAxis(line.ints()[0], line.ints()[1]),
                (in, line) -> x(in).moved(line.ints()[0], line.ints()[1]));
    }

    // ------------------------------------------------------------------------------------------------------ windows

    private void windows() {
        add(
                "$0.slice($i)",
                MovementRules::drawSlice,
                (in, line) -> t(in).slice(line.ints()[0], line.ints()[1], line.ints()[2], line.ints()[3]),
                (in, line) -> x(in).along(line.ints()[0], row -> sliced(row, line.ints())));
        add(
                "$0.get($i)",
                (d, self) -> {
                    int x = d.find(each -> each.rank() > 0 && each.size() > 0);
                    int axis = x < 0 ? 0 : d.axis(d.value(x).rank());
                    return x < 0
                            ? -1
                            : drawn(d, self, x, axis, index(d, d.value(x).shape()[axis]));
                },
                (in, line) -> t(in).get(line.ints()[0], line.ints()[1]),
                (in, line) -> x(in).along(line.ints()[0], row ->
                                new double[] {row[line.ints()[1] < 0 ? line.ints()[1] + row.length : line.ints()[1]]})
                        .reshaped(x(in).dropped(line.ints()[0])));
    }

    private void parts() {
        add(
                "$0.split($b, $r).getLast()",
                (d, self) -> {
                    int x = d.anything(1);
                    int axis = d.axis(d.value(x).rank());
                    int length = d.value(x).shape()[axis];
                    return drawn(d, self, x, axis, length > 0 && length % 2 == 0 ? 2 : 1);
                },
                (in, line) -> t(in).split(line.ints()[0], line.ints()[1]).getLast(),
                (in, line) -> x(in).along(
                                line.ints()[0],
                                row -> Arrays.copyOfRange(row, row.length - row.length / line.ints()[1], row.length)));
        add(
                "$0.diagonal($i)",
                (d, self) -> drawn(d, self, d.anything(2), d.between(-2, 2)),
                (in, line) -> t(in).diagonal(line.ints()[0]),
                (in, line) -> diagonal(x(in), line.ints()[0]));
    }

    private static int index(Drawing d, int length) {
        return d.between(-length, length - 1);
    }

    private static int drawSlice(Drawing d, Rule self) {
        int x = d.anything(1);
        int axis = d.axis(d.value(x).rank());
        int length = d.value(x).shape()[axis];
        int step = d.chance(0.5) ? 1 : d.one(1, 2, 3, -1, -1, -2);
        if (step > 0) {
            int from = d.between(0, length);
            return drawn(d, self, x, axis, from, d.between(from, length), step);
        }
        if (length == 0) {
            return -1;
        }
        int from = d.below(length);
        int to = d.between(-1, from);
        return drawn(d, self, x, axis, from, to < 0 ? -length - 1 : to, step);
    }

    private static double[] sliced(double[] row, int... ints) {
        int end = ints[2] < 0 ? ints[2] + row.length : ints[2];
        int step = ints[3];
        return IntStream.iterate(ints[1], i -> step > 0 ? i < end : i > end, i -> i + step)
                .mapToDouble(i -> row[i])
                .toArray();
    }

    private static Numbers diagonal(Numbers x, int offset) {
        int rank = x.rank();
        int first = Math.max(0, -offset);
        int length = Math.max(0, Math.min(x.shape()[rank - 2] - first, x.shape()[rank - 1] - Math.max(0, offset)));
        int[] to = Arrays.copyOf(x.shape(), rank - 1);
        to[rank - 2] = length;
        return Numbers.build(x.type(), to, index -> {
            int[] from = Arrays.copyOf(index, rank);
            from[rank - 2] = index[rank - 2] + first;
            from[rank - 1] = from[rank - 2] + offset;
            return x.get(from);
        });
    }

    // -------------------------------------------------------------------------------------------------------- turns

    private void turns() {
        add(
                "$0.flip($i)",
                (d, self) -> {
                    int x = d.anything(1);
                    return drawn(d, self, x, d.axes(d.value(x).rank()));
                },
                (in, line) -> t(in).flip(line.ints()),
                (in, line) -> flipped(x(in), line.ints()));
        add(
                "$0.roll($i)",
                (d, self) -> {
                    int x = d.anything(1);
                    return drawn(d, self, x, d.axis(d.value(x).rank()), d.between(-3, 4));
                },
                (in, line) -> t(in).roll(line.ints()[0], line.ints()[1]),
                (in, line) -> x(in).along(line.ints()[0], row -> {
                    double[] rolled = new double[row.length];
                    for (int i = 0; i < row.length; i++) {
                        rolled[Math.floorMod(i + line.ints()[1], row.length)] = row[i];
                    }
                    return rolled;
                }));
    }

    private static Numbers flipped(Numbers x, int... axes) {
        return Numbers.build(x.type(), x.shape(), index -> {
            int[] from = index.clone();
            for (int axis = 0; axis < from.length; axis++) {
                boolean isFlipped = axes.length == 0 || Ints.contains(axes, axis);
                from[axis] = isFlipped ? x.shape()[axis] - 1 - index[axis] : index[axis];
            }
            return x.get(from);
        });
    }

    // -------------------------------------------------------------------------------------------------- repetitions

    private void padded() {
        add(
                "$0.pad($i, $n)",
                (d, self) -> {
                    int x = d.find(each -> each.rank() > 0 && each.type() != DType.BOOL);
                    return x < 0
                            ? -1
                            : d.add(new Line.Call(
                                    self,
                                    new int[] {x},
                                    new int[] {d.axis(d.value(x).rank()), d.below(3), d.below(3)},
                                    d.one(0.0, 0.0, 1.0, -2.0),
                                    null));
                },
                (in, line) -> t(in).pad(line.ints()[0], line.ints()[1], line.ints()[2], line.number()),
                (in, line) -> x(in).along(line.ints()[0], row -> {
                    double[] padded = new double[line.ints()[1] + row.length + line.ints()[2]];
                    Arrays.fill(padded, line.number());
                    System.arraycopy(row, 0, padded, line.ints()[1], row.length);
                    return padded;
                }));
    }

    private void copies() {
        add(
                "$0.repeat($i)",
                (d, self) -> {
                    int x = d.anything(1);
                    return drawn(d, self, x, d.axis(d.value(x).rank()), d.below(4));
                },
                (in, line) -> t(in).repeat(line.ints()[0], line.ints()[1]),
                (in, line) -> x(in).along(
                                line.ints()[0],
                                row -> IntStream.range(0, row.length * line.ints()[1])
                                        .mapToDouble(i -> row[i / line.ints()[1]])
                                        .toArray()));
        add(
                "$0.tile($i)",
                (d, self) -> {
                    int x = d.anything(0);
                    int[] counts = new int[d.between(1, Math.min(4, d.value(x).rank() + 1))];
                    Arrays.setAll(counts, _ -> d.one(1, 1, 2, 3, 0));
                    return drawn(d, self, x, counts);
                },
                (in, line) -> t(in).tile(line.ints()),
                (in, line) -> tiled(x(in), line.ints()));
    }

    private static Numbers tiled(Numbers x, int... counts) {
        int[] to = new int[Math.max(x.rank(), counts.length)];
        int[] own = new int[to.length];
        Arrays.fill(own, 1);
        System.arraycopy(x.shape(), 0, own, to.length - x.rank(), x.rank());
        for (int axis = 0; axis < to.length; axis++) {
            int given = axis - (to.length - counts.length);
            to[axis] = own[axis] * (given < 0 ? 1 : counts[given]);
        }
        Numbers same = x.reshaped(own);
        return Numbers.build(x.type(), to, index -> {
            int[] from = index.clone();
            for (int axis = 0; axis < from.length; axis++) {
                from[axis] %= own[axis];
            }
            return same.get(from);
        });
    }
}
