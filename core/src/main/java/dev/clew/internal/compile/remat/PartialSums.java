package dev.clew.internal.compile.remat;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.tensor.Contraction.MatMul;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import it.unimi.dsi.fastutil.ints.IntAVLTreeSet;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntSortedSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a program that can be taken some terms at a time with the same bits: sums of many terms, and products, sums of rows
 * and additions by index whose operands are joined along the axis that is summed over. What is joined for them alone need never
 * be there as a whole.
 */
public final class PartialSums {
    private final Program program;
    /** By node: the terms, for a sum of several. */
    private final @Nullable Sum[] sums;
    /** Whether a node is joined for such sums and nobody else. */
    private final boolean[] isApart;

    public PartialSums(Program program, long small) {
        this.program = program;
        this.sums = new @Nullable Sum[program.size()];
        this.isApart = new boolean[program.size()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sum(i, small);
        }
        boolean[] isUsedWhole = new boolean[program.size()];
        for (int output : program.outputs()) {
            isUsedWhole[output] = true;
        }
        for (int i = 0; i < sums.length; i++) {
            Sum sum = sums[i];
            for (int input = 0; input < program.node(i).inputCount(); input++) {
                int operand = program.node(i).input(input);
                if (sum != null && sum.cuts.length > 0 && sum.joined[input]) {
                    isApart[operand] = true;
                } else {
                    isUsedWhole[operand] = true;
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            isApart[i] &= !isUsedWhole[i];
        }
    }

    /**
     * A sum of several terms.
     *
     * @param cuts where terms begin along the axis that is summed over, and its length; empty for a sum of tensors
     * @param joined which operands are joined along it
     * @param parts by term, the nodes it is made of; an operand that is not joined stands for a part of itself
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Sum(int[] cuts, boolean[] joined, List<int[]> parts) {
        int terms() {
            return parts.size();
        }
    }

    @Nullable
    Sum of(int node) {
        return sums[node];
    }

    /** Whether a node only joins terms of such sums. */
    boolean isApart(int node) {
        return isApart[node];
    }

    /** The axis of an operand that is summed over. */
    static int axis(Node sum, int input) {
        return switch (sum.op()) {
            case MatMul product -> input == 0 ? (product.transposeA() ? 0 : 1) : (product.transposeB() ? 1 : 0);
            case Reduction.Sum _, Selection.ScatterAdd _ -> 0;
            case Elementwise _, Reduction _, Scan _, Movement _, Selection _, Source _, Custom _ ->
                throw new IllegalArgumentException(sum.describe() + " sums along no axis of its operands");
        };
    }

    private @Nullable Sum sum(int i, long small) {
        Node node = program.node(i);
        long bytes = 0;
        for (int input = 0; input < node.inputCount() && bytes <= small; input++) {
            bytes += NodeBytes.of(program.node(node.input(input)));
        }
        if (bytes <= small) {
            return null;
        }
        return switch (node.op()) {
            case Elementwise.AddN sum when node.inputCount() > 2 -> ofTensors(node);
            case MatMul product when node.shape().rank() == 2 -> alongAxis(node);
            case Selection.ScatterAdd scatter
            when node.type().isFloating() && program.node(node.input(1)).shape().rank() > 0 -> alongAxis(node);
            case Reduction.Sum sum when sum.axes().length() == 1 && sum.axes().get(0) == 0 -> alongAxis(node);
            case Elementwise _, MatMul _, Reduction _, Scan _, Movement _, Selection _, Source _, Custom _ -> null;
        };
    }

    private static Sum ofTensors(Node node) {
        ImmutableList.Builder<int[]> parts = ImmutableList.builder();
        for (int term : node.inputs().toArray()) {
            parts.add(new int[] {term});
        }
        return new Sum(new int[0], new boolean[node.inputCount()], parts.build());
    }

    private @Nullable Sum alongAxis(Node node) {
        boolean[] joined = new boolean[node.inputCount()];
        IntSortedSet cuts = new IntAVLTreeSet();
        int length = 0;
        for (int input = 0; input < joined.length; input++) {
            Node operand = program.node(node.input(input));
            int axis = axis(node, input);
            length = operand.shape().length(axis);
            if (operand.op() instanceof Movement.Concat concat && concat.axis() == axis) {
                IntArrayList starts = new IntArrayList(concat.starts().toArray());
                if (cuts.isEmpty()) {
                    cuts.addAll(starts);
                } else {
                    cuts.retainAll(starts);
                }
                joined[input] = true;
            }
        }
        if (cuts.size() < 2) {
            return null;
        }
        cuts.add(length);
        int[] bounds = cuts.toIntArray();
        List<int[]> parts = new ArrayList<>();
        for (int term = 0; term + 1 < bounds.length; term++) {
            parts.add(parts(node, joined, bounds[term], bounds[term + 1]));
        }
        return new Sum(bounds, joined, parts);
    }

    private int[] parts(Node node, boolean[] joined, int from, int to) {
        IntArrayList parts = new IntArrayList();
        for (int input = 0; input < joined.length; input++) {
            if (joined[input]) {
                parts.addAll(parts(program.node(node.input(input)), from, to));
            } else {
                parts.add(node.input(input));
            }
        }
        return parts.toIntArray();
    }

    /** The parts of a concat that begin in a stretch of its axis. */
    static IntArrayList parts(Node node, int from, int to) {
        Movement.Concat concat = (Movement.Concat) node.op();
        IntArrayList parts = new IntArrayList();
        int first = lower(concat, from);
        for (int part = first; part < node.inputCount() && concat.starts().get(part) < to; part++) {
            parts.add(node.input(part));
        }
        return parts;
    }

    private static int lower(Movement.Concat concat, int from) {
        int low = 0;
        int high = concat.starts().length();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (concat.starts().get(middle) < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
