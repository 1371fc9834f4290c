package dev.clew.internal.runtime.kernel;

import dev.clew.array.DType;
import dev.clew.internal.runtime.kernel.KernelNode.NoVectorForm;
import dev.clew.internal.runtime.kernel.KernelNode.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The vectors and masks of a kernel under construction. What has been made once is not made again: nodes are numbered, and an equal
 * one has its number.
 *
 * <p>Truth values are masks for as long as only selections and logic use them; where one is used as a number, it becomes 1 or 0.
 */
final class KernelGraph {
    /** How often a node is computed. */
    enum Level {
        ONCE,
        EVERY_ROW,
        EVERY_COLUMN
    }

    private final List<KernelNode> nodes = new ArrayList<>();
    private final List<Level> levels = new ArrayList<>();
    private final Map<KernelNode, Integer> numbers = new HashMap<>();

    KernelNode node(int number) {
        return nodes.get(number);
    }

    Level level(int number) {
        return levels.get(number);
    }

    int size() {
        return nodes.size();
    }

    boolean isMask(int number) {
        return node(number).isMask();
    }

    DType lanes(int number) {
        return node(number).lanes();
    }

    /** The operands that a node has. */
    int[] operands(int number) {
        KernelNode node = node(number);
        if (node.op().isLeaf()) {
            return new int[0];
        }
        if (node.c() >= 0) {
            return new int[] {node.a(), node.b(), node.c()};
        }
        return node.b() >= 0 ? new int[] {node.a(), node.b()} : new int[] {node.a()};
    }

    int add(KernelNode node) {
        Integer known = numbers.get(node);
        if (known != null) {
            return known;
        }
        int number = nodes.size();
        nodes.add(node);
        numbers.put(node, number);
        levels.add(
                switch (node.op()) {
                    case LOAD -> Level.EVERY_COLUMN;
                    case LOAD_ROW, REDUCED -> Level.EVERY_ROW;
                    default -> Level.ONCE;
                });
        for (int operand : operands(number)) {
            if (level(operand).compareTo(level(number)) > 0) {
                levels.set(number, level(operand));
            }
        }
        return number;
    }

    // ------------------------------------------------------------------------------------------------------ numbers

    int constant(DType lanes, double value) {
        if (lanes == DType.I32 && value != (int) value) {
            throw new NoVectorForm("a constant " + value + " among integers");
        }
        return add(KernelNode.leaf(Op.CONSTANT, lanes, false, -1, lanes == DType.F32 ? (float) value : value));
    }

    int apply(Op op, int a) {
        return add(new KernelNode(op, lanes(a), isMask(a), a, -1, -1, 0));
    }

    int apply(Op op, int a, int b) {
        return add(new KernelNode(op, lanes(a), isMask(a), a, b, -1, 0));
    }

    int fma(int a, int b, int c) {
        return add(new KernelNode(Op.FMA, lanes(a), false, a, b, c, 0));
    }

    /** What storing as a type makes of numbers or truth values. */
    int as(DType type, int x) {
        return type == DType.BOOL ? truth(x) : number(type, x);
    }

    /** The same numbers in another type; a mask becomes 1 and 0. */
    int number(DType type, int x) {
        if (type == DType.BOOL) {
            throw new NoVectorForm("truth values in arithmetic");
        }
        if (isMask(x)) {
            return blend(x, constant(type, 1), constant(type, 0));
        }
        return lanes(x) == type ? x : add(new KernelNode(Op.CONVERT, type, false, x, -1, -1, 0));
    }

    /**
     * The smaller or the larger of two. With a constant that is a number, a comparison and a selection do it: NaN is not smaller,
     * so x stays, and of two zeros the order of their signs decides whether an equal x stays.
     */
    int extreme(Op op, int a, int b) {
        boolean isConstant = node(b).op() == Op.CONSTANT && !Double.isNaN(node(b).constant());
        if (!isConstant && node(a).op() == Op.CONSTANT && !Double.isNaN(node(a).constant())) {
            return extreme(op, b, a);
        }
        if (!isConstant || lanes(a) == DType.I32) {
            return apply(op, a, b);
        }
        boolean isZeroThatWins =
                Double.doubleToRawLongBits(node(b).constant()) == Double.doubleToRawLongBits(op == Op.MIN ? -0.0 : 0.0);
        Op comparison = isZeroThatWins ? Op.LESS_OR_EQUAL : Op.LESS;
        int wins = op == Op.MIN ? compare(comparison, b, a) : compare(comparison, a, b);
        return blend(wins, b, a);
    }

    // -------------------------------------------------------------------------------------------------------- masks

    int truth(DType lanes, boolean value) {
        return add(KernelNode.leaf(Op.TRUTH, lanes, true, -1, value ? 1 : 0));
    }

    /** Where x is not 0. */
    int truth(int x) {
        return isMask(x) ? x : compare(Op.NOT_EQUAL, x, constant(lanes(x), 0));
    }

    int compare(Op op, int a, int b) {
        return add(new KernelNode(op, lanes(a), true, a, b, -1, 0));
    }

    int not(int mask) {
        return node(mask).op() == Op.NOT ? node(mask).a() : apply(Op.NOT, mask);
    }

    int logic(Op op, int a, int b) {
        return apply(op, a, forLanes(lanes(a), b));
    }

    /** One of two where the mask holds, the other elsewhere: of vectors of one type, or of masks. */
    int blend(int mask, int then, int otherwise) {
        if (isMask(then) && isMask(otherwise)) {
            return logic(Op.OR, logic(Op.AND, mask, then), logic(Op.AND, not(mask), otherwise));
        }
        DType lanes = lanes(isMask(then) ? otherwise : then);
        return add(new KernelNode(
                Op.BLEND, lanes, false, forLanes(lanes, mask), number(lanes, then), number(lanes, otherwise), 0));
    }

    private int forLanes(DType lanes, int mask) {
        return lanes(mask) == lanes ? mask : add(new KernelNode(Op.CAST_MASK, lanes, true, mask, -1, -1, 0));
    }
}
