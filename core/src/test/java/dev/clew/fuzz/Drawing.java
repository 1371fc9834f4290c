package dev.clew.fuzz;

import dev.clew.array.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A sketch in the making: draws lines, and knows the numbers of those it has. */
final class Drawing {
    private static final int MOST_ELEMENTS = 240;
    private static final int MOST_RANK = 5;
    private static final int NEAR = 5;
    private static final double[] LITERALS = {0, 1, -1, 0.5, 2};
    private static final double[] SPECIAL = {0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};

    /** What the numbers of a sketch are like. */
    private enum Kind {
        INTEGERS,
        REAL,
        SPECIAL
    }

    private final SplittableRandom random;
    private final List<Line> lines = new ArrayList<>();
    private final List<Numbers> values = new ArrayList<>();
    private final BitSet used = new BitSet();
    private final int[] lengths = new int[4];
    private final DType base;
    private final Kind kind;

    Drawing(SplittableRandom random) {
        this.random = random;
        this.base = chance(0.6) ? DType.F64 : DType.F32;
        this.kind = chance(0.25) ? Kind.INTEGERS : chance(0.9) ? Kind.REAL : Kind.SPECIAL;
        Arrays.setAll(lengths, _ -> length());
    }

    List<Line> lines() {
        return lines;
    }

    int size() {
        return lines.size();
    }

    Numbers value(int line) {
        return values.get(line);
    }

    // ------------------------------------------------------------------------------------------------------- chance

    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int least, int most) {
        return least + below(most - least + 1);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** A number with few digits, so that it prints well. */
    double number(double least, double most) {
        return Math.rint(random.nextDouble(least, most) * 64) / 64;
    }

    @SafeVarargs
    final <T> T one(T... of) {
        return of[below(of.length)];
    }

    private int length() {
        int x = below(20);
        return x < 1 ? 0 : x < 6 ? 1 : x < 11 ? 2 : x < 15 ? 3 : x < 17 ? 4 : x < 19 ? 5 : between(8, 20);
    }

    /** Some axes, ascending; none if all are meant. */
    int[] axes(int rank) {
        return IntStream.range(0, rank).filter(_ -> chance(0.4)).toArray();
    }

    int axis(int rank) {
        return below(rank);
    }

    /** A shape that was drawn with the lengths of this sketch. */
    int[] shape(int least, int most) {
        int rank = Math.min(most, Math.max(least, rank()));
        int[] shape = new int[rank];
        Arrays.setAll(shape, _ -> chance(0.8) ? lengths[below(lengths.length)] : length());
        return Numbers.elements(shape) <= MOST_ELEMENTS ? shape : shape(least, Math.max(least, most - 1));
    }

    private int rank() {
        int x = below(20);
        return x < 3 ? 0 : x < 8 ? 1 : x < 14 ? 2 : x < 17 ? 3 : x < 19 ? 4 : MOST_RANK;
    }

    /** An order of axes: often that which they have, or that of a matrix transposed. */
    int[] order(int rank) {
        int[] order = IntStream.range(0, rank).toArray();
        if (chance(0.3)) {
            return order;
        }
        if (chance(0.4) && rank > 1) {
            order[rank - 1] = rank - 2;
            order[rank - 2] = rank - 1;
            return order;
        }
        for (int i = rank - 1; i > 0; i--) {
            int j = below(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    // -------------------------------------------------------------------------------------------------------- lines

    /** A line that applies a rule; -1 if operands do not fit each other, or the value is too large. */
    int add(Line.Call call) {
        if (IntStream.of(call.in()).anyMatch(line -> line < 0)) {
            return -1;
        }
        try {
            Numbers value = call.rule().meaning().of(Sketch.operands(call, values), call);
            return value.size() > MOST_ELEMENTS || value.rank() > MOST_RANK ? -1 : append(call, value);
        } catch (IllegalArgumentException misfit) {
            return -1;
        }
    }

    int add(Rule rule, int[] ints, int... in) {
        return add(new Line.Call(rule, in, ints, 0, null));
    }

    int add(Rule rule, double number, int... in) {
        return add(new Line.Call(rule, in, new int[0], number, null));
    }

    int append(Line line, Numbers value) {
        IntStream.of(line.in()).forEach(used::set);
        lines.add(line);
        values.add(value);
        return lines.size() - 1;
    }

    /** A line that fits, rather a late one, or one that nothing is made of yet; -1 if there is none. */
    int find(Predicate<Numbers> fits) {
        int[] found = IntStream.range(0, lines.size())
                .filter(i -> fits.test(values.get(i)))
                .toArray();
        if (found.length == 0) {
            return -1;
        }
        int[] fresh = IntStream.of(found).filter(i -> !used.get(i)).toArray();
        int[] from = fresh.length > 0 && chance(0.5) ? fresh : found;
        int near = chance(0.5) ? Math.min(NEAR, from.length) : from.length;
        return from[from.length - 1 - below(near)];
    }

    /** Floating-point numbers with so many axes at least. */
    int floating(int rank) {
        int found = chance(0.9) ? find(x -> x.isFloating() && x.rank() >= rank) : -1;
        return found >= 0 ? found : leaf(type(), shape(rank, MOST_RANK));
    }

    int anything(int rank) {
        int found = chance(0.9) ? find(x -> x.rank() >= rank) : -1;
        return found >= 0 ? found : leaf(one(base, base, DType.I32, DType.BOOL), shape(rank, MOST_RANK));
    }

    int truth() {
        int found = chance(0.8) ? find(x -> x.type() == DType.BOOL) : -1;
        return found >= 0 ? found : leaf(DType.BOOL, shape(0, MOST_RANK));
    }

    /** Of this type and shape: one that is there, or a new one. */
    int like(DType type, int... shape) {
        int found = chance(0.7) ? find(x -> x.type() == type && x.hasShape(shape)) : -1;
        return found >= 0 ? found : leaf(type, shape);
    }

    /** Of this type, and of a shape that broadcasts to this or with it. */
    int broadcastable(DType type, int... shape) {
        int found = chance(0.6) ? find(x -> x.type() == type && broadcast(x.shape(), shape) != null) : -1;
        return found >= 0 ? found : leaf(type, narrowed(shape));
    }

    /** A shape that broadcasts to another. */
    int[] narrowed(int... shape) {
        int from = chance(0.5) ? 0 : below(shape.length + 1);
        int[] narrow = Arrays.copyOfRange(shape, from, shape.length);
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = chance(0.3) ? 1 : narrow[i];
        }
        return narrow;
    }

    /** The common shape, or null. */
    static int @Nullable [] broadcast(int[] a, int[] b) {
        int[] common = new int[Math.max(a.length, b.length)];
        for (int back = 1; back <= common.length; back++) {
            int x = back <= a.length ? a[a.length - back] : 1;
            int y = back <= b.length ? b[b.length - back] : 1;
            if (x != y && x != 1 && y != 1) {
                return null;
            }
            common[common.length - back] = x == 1 ? y : x;
        }
        return common;
    }

    DType type() {
        return chance(0.9) ? base : base == DType.F64 ? DType.F32 : DType.F64;
    }

    /** Indices below a bound; -1 if there can be none. */
    int indices(int bound, int... shape) {
        if (bound == 0 && Numbers.elements(shape) > 0) {
            return -1;
        }
        int found = chance(0.3)
                ? find(x -> x.type() == DType.I32
                        && x.hasShape(shape)
                        && Arrays.stream(x.data()).allMatch(i -> i >= 0 && i < bound))
                : -1;
        if (found >= 0) {
            return found;
        }
        Numbers numbers = Numbers.build(DType.I32, shape, _ -> below(bound));
        return append(new Line.Leaf(chance(0.2) ? Line.Role.INPUT : Line.Role.CONSTANT, numbers), numbers);
    }

    int leaf(DType type, int... shape) {
        Line.Role role = chance(0.45) && type.isFloating()
                ? Line.Role.PARAMETER
                : chance(0.3) ? Line.Role.INPUT : Line.Role.CONSTANT;
        double literal = one(0.0, 1.0, -1.0, 0.5, 2.0);
        boolean isLiteral = role == Line.Role.CONSTANT && type.isFloating() && chance(0.15);
        Numbers numbers = Numbers.build(type, shape, _ -> isLiteral ? literal : drawn(type));
        return append(new Line.Leaf(role, numbers), numbers);
    }

    /** Numbers to be trained. */
    int parameter(DType type, int... shape) {
        return leaf(Line.Role.PARAMETER, type, shape);
    }

    /** Numbers that nobody trains. */
    int constant(DType type, int... shape) {
        return leaf(Line.Role.CONSTANT, type, shape);
    }

    private int leaf(Line.Role role, DType type, int... shape) {
        Numbers numbers = Numbers.build(type, shape, _ -> drawn(type));
        return append(new Line.Leaf(role, numbers), numbers);
    }

    private double drawn(DType type) {
        return switch (type) {
            case BOOL -> below(2);
            case I32 -> between(-3, 4);
            case F32, F64 ->
                kind == Kind.INTEGERS
                        ? between(-2, 2)
                        : kind == Kind.SPECIAL && chance(0.1)
                                ? SPECIAL[below(SPECIAL.length)]
                                : Numbers.rounded(DType.F32, random.nextDouble(-1.5, 1.5));
        };
    }

    /** One of the numbers that are part of a plan. */
    double literal() {
        return LITERALS[below(LITERALS.length)];
    }
}
