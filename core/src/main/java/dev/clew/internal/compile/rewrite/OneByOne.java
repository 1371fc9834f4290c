package dev.clew.internal.compile.rewrite;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.Optional;

/**
 * Parts of a concat that stand at neighboring places of an axis of one node, in whatever shape, upward or downward: the steps of a
 * loop, joined along the axis that they were taken from or another. Together they are that stretch of the axis, moved to where the
 * parts are joined.
 *
 * @param begin the first of the parts
 * @param count how many there are
 * @param base what they are taken from
 * @param axis along which they are taken
 * @param first where the first part begins
 * @param step from there to the next, the length of a part or its opposite
 */
record OneByOne(Node concat, int begin, int count, int base, int axis, int first, int step) {

    /** The same elements joined from as few parts as there can be. */
    static int joined(Program.Builder builder, Node concat) {
        int along = ((Movement.Concat) concat.op()).axis();
        IntArrayList parts = new IntArrayList();
        IntArrayList starts = new IntArrayList();
        int length = 0;
        for (int i = 0; i < concat.inputCount(); ) {
            Optional<OneByOne> run = of(builder, concat, i);
            int part = run.isPresent() ? run.get().made(builder) : concat.input(i);
            i += run.map(OneByOne::count).orElse(1);
            parts.add(part);
            starts.add(length);
            length += builder.node(part).shape().length(along);
        }
        if (parts.size() == 1) {
            return parts.getInt(0);
        }
        return builder.add(
                parts.size() == concat.inputCount()
                        ? concat
                        : new Node(
                                        new Movement.Concat(along, IntTuple.of(starts.toIntArray())),
                                        concat.shape(),
                                        concat.type(),
                                        parts.toIntArray())
                                .in(concat.phase()));
    }

    /** As many parts from one on as belong together, at least two. */
    private static Optional<OneByOne> of(Program.Builder builder, Node concat, int begin) {
        if (begin + 1 >= concat.inputCount()) {
            return Optional.empty();
        }
        int slice = slice(builder, concat.input(begin));
        int next = slice(builder, concat.input(begin + 1));
        if (slice < 0
                || next < 0
                || builder.node(slice).input(0) != builder.node(next).input(0)) {
            return Optional.empty();
        }
        IntTuple from = Window.of((Movement.Slice) builder.node(slice).op()).start();
        IntTuple to = Window.of((Movement.Slice) builder.node(next).op()).start();
        for (int axis = 0; axis < from.length(); axis++) {
            OneByOne two = new OneByOne(
                    concat,
                    begin,
                    2,
                    builder.node(slice).input(0),
                    axis,
                    from.get(axis),
                    to.get(axis) - from.get(axis));
            if (two.isEven(builder) && two.isPart(builder, 0) && two.isPart(builder, 1)) {
                return Optional.of(two.longest(builder));
            }
        }
        return Optional.empty();
    }

    /** The slice that a part is, in whatever shape; -1 if it is none. */
    private static int slice(Program.Builder builder, int part) {
        int at = part;
        while (builder.node(at).op() instanceof Movement.Reshape) {
            at = builder.node(at).input(0);
        }
        return builder.node(at).op() instanceof Movement.Slice ? at : -1;
    }

    /** Whether all of the axis can be cut in parts of this length, of which these are some. */
    private boolean isEven(Program.Builder builder) {
        int length = Math.abs(step);
        return length > 0 && first % length == 0 && builder.node(base).shape().length(axis) % length == 0;
    }

    private OneByOne longest(Program.Builder builder) {
        int all = count;
        while (begin + all < concat.inputCount() && isPart(builder, all)) {
            all++;
        }
        return new OneByOne(concat, begin, all, base, axis, first, step);
    }

    /** Whether a part takes its place of the axis, and all of the others. */
    private boolean isPart(Program.Builder builder, int number) {
        int part = concat.input(begin + number);
        int slice = slice(builder, part);
        if (slice < 0 || builder.node(slice).input(0) != base) {
            return false;
        }
        Window window = Window.of((Movement.Slice) builder.node(slice).op());
        return window.start().get(axis) == first + number * step
                && window.size().equals(builder.node(base).shape().with(axis, Math.abs(step)))
                && SlicesAndConcats.isPlain(window)
                && builder.node(part)
                        .shape()
                        .equals(builder.node(concat.input(begin)).shape());
    }

    private int made(Program.Builder builder) {
        int along = ((Movement.Concat) concat.op()).axis();
        Shape part = builder.node(concat.input(begin)).shape();
        Shape whole = part.with(along, count * part.length(along));
        int stretch = toFront(builder, stretch(builder));
        int apart = add(builder, new Movement.Reshape(part.insert(0, count)), part.insert(0, count), stretch);
        int[] order = new int[part.rank() + 1];
        Arrays.setAll(order, i -> i < along ? i + 1 : i == along ? 0 : i);
        Shape moved = part.insert(along, count);
        int there = along == 0 ? apart : add(builder, new Movement.Transpose(IntTuple.of(order)), moved, apart);
        return add(builder, new Movement.Reshape(whole), whole, there);
    }

    /** The parts as places of the axis, which is cut in parts for that. */
    private int stretch(Program.Builder builder) {
        int length = Math.abs(step);
        Shape given = builder.node(base).shape();
        Shape whole = length == 1
                ? given
                : given.with(axis, given.length(axis) / length).insert(axis + 1, length);
        int cut = add(builder, new Movement.Reshape(whole), whole, base);
        Shape size = whole.with(axis, count);
        int[] start = new int[whole.rank()];
        int[] steps = new int[whole.rank()];
        Arrays.fill(steps, 1);
        start[axis] = first / length;
        steps[axis] = Integer.signum(step);
        boolean isAll = size.equals(whole) && step > 0;
        return isAll ? cut : add(builder, new Movement.Slice(IntTuple.of(start), IntTuple.of(steps), size), size, cut);
    }

    private int toFront(Program.Builder builder, int stretch) {
        Shape shape = builder.node(stretch).shape();
        int[] order = new int[shape.rank()];
        Arrays.setAll(order, i -> i == 0 ? axis : i <= axis ? i - 1 : i);
        Shape moved = shape.without(axis).insert(0, shape.length(axis));
        return axis == 0 ? stretch : add(builder, new Movement.Transpose(IntTuple.of(order)), moved, stretch);
    }

    private int add(Program.Builder builder, Op op, Shape shape, int x) {
        return builder.node(x).shape().equals(shape) && op instanceof Movement.Reshape
                ? x
                : builder.add(op, shape, concat.type(), x);
    }
}
