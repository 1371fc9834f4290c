package dev.clew.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes a sketch as small as it can be and still have its fault: fewer lines, shorter axes, simpler numbers. */
final class Smaller {
    private static final int MOST_TRIES = 1500;

    private final Predicate<Sketch> fails;
    private int tries;

    private Smaller(Predicate<Sketch> fails) {
        this.fails = fails;
    }

    static Sketch of(Sketch sketch, Predicate<Sketch> fails) {
        Smaller smaller = new Smaller(fails);
        Sketch least = sketch;
        for (Optional<Sketch> next = smaller.once(least); next.isPresent(); next = smaller.once(least)) {
            least = next.get();
        }
        return least;
    }

    /** The first smaller sketch that fails too. */
    @SuppressWarnings("ReturnValueIgnored")
    private Optional<Sketch> once(Sketch sketch) {
        return Stream.of(fewer(sketch), bypassed(sketch), cut(sketch), shorter(sketch), simpler(sketch))
                .flatMap(candidates -> candidates)
                .takeWhile(_ -> tries < MOST_TRIES)
                .filter(this::stillFails)
                .findFirst();
    }

    private boolean stillFails(Sketch candidate) {
        tries++;
        try {
            // Whether the lines still fit each other is for the oracle to say, and for the tensors.
            candidate.meaning();
            Graph.of(candidate, false);
        } catch (RuntimeException error) {
            return false;
        }
        return fails.test(candidate);
    }

    private Stream<Sketch> fewer(Sketch sketch) {
        Stream<Sketch> first =
                sketch.seconds() ? Stream.of(new Sketch(sketch.lines(), sketch.outputs(), false)) : Stream.of();
        Stream<Sketch> dropped = IntStream.range(0, sketch.outputs().size())
                .filter(_ -> sketch.outputs().size() > 1)
                .mapToObj(i -> {
                    List<Integer> others = new ArrayList<>(sketch.outputs());
                    others.subList(i, i + 1).clear();
                    return new Sketch(sketch.lines(), others, sketch.seconds());
                });
        Stream<Sketch> earlier = IntStream.range(0, sketch.outputs().size())
                .boxed()
                .flatMap(i -> IntStream.of(
                                sketch.lines().get(sketch.outputs().get(i)).in())
                        .mapToObj(in -> {
                            List<Integer> others = new ArrayList<>(sketch.outputs());
                            others.set(i, in);
                            return new Sketch(
                                            sketch.lines(),
                                            others.stream().distinct().toList(),
                                            sketch.seconds())
                                    .trimmed();
                        }));
        return Stream.of(first, dropped, earlier).flatMap(each -> each);
    }

    /** An operand in place of what is computed from it. */
    private Stream<Sketch> bypassed(Sketch sketch) {
        List<Numbers> values = sketch.meaning();
        return IntStream.range(0, values.size())
                .boxed()
                .flatMap(i -> IntStream.of(sketch.lines().get(i).in())
                        .filter(in -> values.get(in).type() == values.get(i).type()
                                && values.get(in).hasShape(values.get(i).shape()))
                        .mapToObj(in -> replaced(sketch, i, in)));
    }

    private static Sketch replaced(Sketch sketch, int line, int by) {
        List<Line> lines = sketch.lines().stream()
                .map(each -> each.on(
                        IntStream.of(each.in()).map(in -> in == line ? by : in).toArray()))
                .toList();
        List<Integer> outputs = sketch.outputs().stream()
                .map(output -> output == line ? by : output)
                .distinct()
                .toList();
        return new Sketch(lines, outputs, sketch.seconds());
    }

    /** Numbers in place of what is computed. */
    private Stream<Sketch> cut(Sketch sketch) {
        List<Numbers> values = sketch.meaning();
        return IntStream.range(0, values.size())
                .filter(i -> sketch.lines().get(i) instanceof Line.Call)
                .boxed()
                .flatMap(i -> Stream.of(Line.Role.CONSTANT, Line.Role.PARAMETER)
                        .filter(role ->
                                role == Line.Role.CONSTANT || values.get(i).isFloating())
                        .map(role -> with(sketch, i, new Line.Leaf(role, values.get(i)))
                                .trimmed()));
    }

    private static Sketch with(Sketch sketch, int at, Line line) {
        List<Line> lines = new ArrayList<>(sketch.lines());
        lines.set(at, line);
        return sketch.with(lines);
    }

    /** One length in all shapes and arguments by a smaller one; or one integer or one axis smaller. */
    private Stream<Sketch> shorter(Sketch sketch) {
        Stream<Sketch> all = IntStream.of(20, 12, 10, 9, 8, 6, 5, 4, 3, 2)
                .boxed()
                .flatMap(from -> Stream.of(1, 2, from - 1)
                        .filter(to -> to < from)
                        .map(to -> resized(sketch, from, to))
                        .filter(each -> !each.toString().equals(sketch.toString())));
        Stream<Sketch> ints = IntStream.range(0, sketch.lines().size())
                .boxed()
                .flatMap(i -> sketch.lines().get(i) instanceof Line.Call call
                        ? IntStream.range(0, call.ints().length)
                                .filter(at -> call.ints()[at] > 0)
                                .mapToObj(at -> {
                                    int[] less = call.ints().clone();
                                    less[at]--;
                                    return with(sketch, i, call.with(less));
                                })
                        : axes(sketch, i, (Line.Leaf) sketch.lines().get(i)));
        return Stream.concat(all, ints);
    }

    private static Stream<Sketch> axes(Sketch sketch, int line, Line.Leaf leaf) {
        return IntStream.range(0, leaf.numbers().rank())
                .filter(axis -> leaf.numbers().shape()[axis] > 1)
                .mapToObj(axis -> {
                    int[] shape = leaf.numbers().shape().clone();
                    shape[axis]--;
                    return with(sketch, line, new Line.Leaf(leaf.role(), windowed(leaf.numbers(), shape)));
                });
    }

    private static Sketch resized(Sketch sketch, int from, int to) {
        return sketch.with(sketch.lines().stream()
                .map(line -> switch (line) {
                    case Line.Leaf(Line.Role role, Numbers numbers) ->
                        new Line.Leaf(role, windowed(numbers, changed(numbers.shape(), from, to)));
                    case Line.Call call -> (Line) call.with(changed(call.ints(), from, to));
                })
                .toList());
    }

    private static int[] changed(int[] lengths, int from, int to) {
        return IntStream.of(lengths).map(each -> each == from ? to : each).toArray();
    }

    private static Numbers windowed(Numbers numbers, int... shape) {
        return Numbers.build(numbers.type(), shape, numbers::get);
    }

    /** Rounder numbers, and constants in place of inputs and parameters. */
    private Stream<Sketch> simpler(Sketch sketch) {
        return IntStream.range(0, sketch.lines().size())
                .filter(i -> sketch.lines().get(i) instanceof Line.Leaf)
                .boxed()
                .flatMap(i -> {
                    Line.Leaf leaf = (Line.Leaf) sketch.lines().get(i);
                    Numbers x = leaf.numbers();
                    Stream<Line.Leaf> constant = leaf.role() == Line.Role.CONSTANT
                            ? Stream.of()
                            : Stream.of(new Line.Leaf(Line.Role.CONSTANT, x));
                    Stream<Line.Leaf> rounder = x.isFloating()
                            ? Stream.of(
                                            x.map(x.type(), _ -> 1),
                                            Numbers.of(
                                                    x.type(),
                                                    x.shape(),
                                                    IntStream.range(0, x.size())
                                                            .mapToDouble(j -> j + 2)
                                                            .toArray()),
                                            x.map(x.type(), Math::rint),
                                            x.map(x.type(), each -> Math.rint(each * 4) / 4))
                                    .takeWhile(each -> !each.toString().equals(x.toString()))
                                    .map(each -> new Line.Leaf(leaf.role(), each))
                            : Stream.of();
                    return Stream.concat(constant, rounder).map(each -> with(sketch, i, each));
                });
    }
}
