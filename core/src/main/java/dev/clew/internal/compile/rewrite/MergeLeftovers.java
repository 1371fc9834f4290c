package dev.clew.internal.compile.rewrite;

import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Contraction.MatMul;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.objects.Object2ObjectLinkedOpenHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Still N: at the ends of a loop the products of one left operand may lack the joined matrix that the other steps have, since
 * no gradient flows on from there. They are summed with columns of the other steps' products, and that tells which columns
 * they are.
 */
public final class MergeLeftovers {
    private final Program program;
    private final Rewrite rewrite;
    private final Map<Kin, TreeMap<Integer, Integer>> found = new Object2ObjectLinkedOpenHashMap<>();

    public MergeLeftovers(Program program) {
        this.program = program;
        this.rewrite = new Rewrite(program);
    }

    /** Products of one left operand that are to be columns of one product of some width. */
    private record Kin(MatMul product, int left, int width) {}

    public Program run() {
        for (int i = 0; i < program.size(); i++) {
            if (program.node(i).op() instanceof Elementwise.AddN) {
                collect(program.node(i));
            }
        }
        int[] level = ProductLevels.of(program);
        found.forEach((kin, columns) -> merge(kin, columns, level));
        return rewrite.build();
    }

    private void collect(Node sum) {
        int[] terms = sum.inputs().toArray();
        for (int term : terms) {
            Node node = program.node(term);
            boolean isColumns = node.op() instanceof Movement.Slice
                    && Node.isMatrixProduct(program.node(node.input(0)))
                    && node.shape().length(0)
                            == program.node(node.input(0)).shape().length(0);
            if (isColumns) {
                collect(terms, program.node(node.input(0)), Window.of((Movement.Slice) node.op()));
                return;
            }
        }
    }

    private void collect(int[] terms, Node whole, Window window) {
        for (int term : terms) {
            Node node = program.node(term);
            if (node.op().equals(whole.op()) && Node.isMatrixProduct(node) && !((MatMul) node.op()).transposeB()) {
                Kin kin =
                        new Kin((MatMul) node.op(), node.input(0), whole.shape().length(1));
                found.computeIfAbsent(kin, _ -> new TreeMap<>())
                        .put(window.start().get(1), term);
            }
        }
    }

    private void merge(Kin kin, NavigableMap<Integer, Integer> columns, int[] level) {
        int next = 0;
        for (Map.Entry<Integer, Integer> each : columns.entrySet()) {
            Node member = program.node(each.getValue());
            int first = program.node(columns.firstEntry().getValue()).input(1);
            boolean fits = each.getKey() == next
                    && ProductLevels.after(program, level, member.input(1))
                            == ProductLevels.after(program, level, first);
            if (!fits) {
                return;
            }
            next += member.shape().length(1);
        }
        if (next != kin.width || columns.size() < 2) {
            return;
        }
        int[] rights = columns.values().stream()
                .mapToInt(member -> program.node(member).input(1))
                .toArray();
        int merged = rewrite.matmul(kin.product, kin.left, rewrite.concat(1, rights));
        columns.forEach((start, member) -> rewrite.replace(
                member,
                rewrite.slice(merged, 1, start, program.node(member).shape().length(1))));
    }
}
