package dev.clew.internal.compile.rewrite;

import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.tensor.Contraction.MatMul;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Selection;
import it.unimi.dsi.fastutil.ints.Int2ObjectLinkedOpenHashMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.IntArrayFIFOQueue;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.objects.Object2ObjectLinkedOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Products that share the right operand become one over more rows: all steps' inputs, all readouts. Likewise choices of rows
 * from one table.
 *
 * <p>Products of one operand have one color. The level of a node in a color is the largest number of nodes of that color on a
 * path to it; equal levels do not wait for each other, and there are no fewer batches than levels (Mirsky, 1971). Batches of
 * different colors may still wait for each other in a circle, so the graph is emitted batch by batch, each when all of it is
 * ready, and where none is, the one with most that is ready goes in two parts. That order proves that no circle is left.
 */
public final class MergeRows {
    /** Colors beyond this are left alone, the smallest: a level for every node and color costs time. */
    private static final int MOST_COLORS = 64;

    private final Program program;
    private final int[] base;
    private final int[] batchOf;
    private final List<IntArrayList> batches = new ArrayList<>();
    /** What is computed, by phase. */
    private final Int2ObjectMap<IntArrayList> computed = new Int2ObjectLinkedOpenHashMap<>();

    private final int[] level;
    /** The last color that a node has been found to be of, counted from 1. */
    private final int[] colorOf;

    private int counted;

    private MergeRows(Program program) {
        this.program = program;
        this.base = program.bases();
        this.batchOf = new int[program.size()];
        this.level = new int[program.size()];
        this.colorOf = new int[program.size()];
        Arrays.fill(batchOf, -1);
        for (int i = 0; i < program.size(); i++) {
            if (program.node(i).isComputed()) {
                computed.computeIfAbsent(program.node(i).phase(), _ -> new IntArrayList())
                        .add(i);
            }
        }
    }

    public static Program of(Program program) {
        MergeRows merge = new MergeRows(program);
        for (IntArrayList color : merge.colors()) {
            merge.batch(color);
        }
        return merge.rewritten();
    }

    /** What products of one color have in common. */
    private record Color(Op op, int shared, int phase) {}

    private List<IntArrayList> colors() {
        Object2ObjectLinkedOpenHashMap<Color, IntArrayList> colors = new Object2ObjectLinkedOpenHashMap<>();
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            if (node.op() instanceof MatMul product && isMergeable(node, product)) {
                colors.computeIfAbsent(new Color(product, node.input(1), node.phase()), key -> new IntArrayList())
                        .add(i);
            } else if (node.op() instanceof Selection.Gather) {
                colors.computeIfAbsent(new Color(node.op(), node.input(0), node.phase()), key -> new IntArrayList())
                        .add(i);
            }
        }
        Map<Integer, Integer> taken = new HashMap<>();
        return colors.values().stream()
                .filter(members -> members.size() > 1)
                .sorted(Comparator.comparingInt(members -> -members.size()))
                .filter(members -> taken.merge(program.node(members.getInt(0)).phase(), 1, Integer::sum) <= MOST_COLORS)
                .toList();
    }

    private static boolean isMergeable(Node node, MatMul product) {
        return node.shape().rank() == 2 && !product.transposeA() && !node.isContinued();
    }

    private void batch(IntArrayList color) {
        counted++;
        color.forEach(member -> colorOf[member] = counted);
        List<IntArrayList> levels = new ArrayList<>();
        int first = color.getInt(0);
        int phase = program.node(first).phase();
        for (int i : computed.get(phase)) {
            if (i < first) {
                continue;
            }
            level[i] = level(i, first, phase);
            if (colorOf[i] == counted) {
                while (levels.size() <= level[i]) {
                    levels.add(new IntArrayList());
                }
                levels.get(level[i]).add(i);
            }
        }
        for (IntArrayList members : levels) {
            if (members.size() > 1) {
                members.forEach(member -> batchOf[member] = batches.size());
                batches.add(members);
            }
        }
    }

    /** The largest number of nodes of this color on a path to a node; such a path never leaves the phase. */
    private int level(int i, int first, int phase) {
        Node node = program.node(i);
        int most = 0;
        for (int input = 0; input < node.inputCount(); input++) {
            int from = base[node.input(input)];
            if (from >= first
                    && program.node(from).phase() == phase
                    && program.node(from).isComputed()) {
                most = Math.max(most, level[from] + (colorOf[from] == counted ? 1 : 0));
            }
        }
        return most;
    }

    // ---------------------------------------------------------------------------------------- no circle of batches

    /** The nodes one after the other, those of a batch together, each when its inputs have been emitted. */
    private final class Emission {
        private final Program.Users users = program.users();
        /** For how many inputs a node waits. */
        private final int[] waiting = new int[program.size()];

        private final IntArrayFIFOQueue ready = new IntArrayFIFOQueue();
        /** Of every batch, the members that are ready and wait for the others. */
        private final IntArrayList[] held = new IntArrayList[batches.size()];
        /** Of every batch, how many members have not been emitted. */
        private final int[] left = batches.stream().mapToInt(IntArrayList::size).toArray();

        private final IntArrayFIFOQueue complete = new IntArrayFIFOQueue();

        Emission() {
            Arrays.setAll(held, i -> new IntArrayList());
            for (int i = 0; i < waiting.length; i++) {
                waiting[i] = program.node(i).inputCount();
                if (waiting[i] == 0) {
                    ready.enqueue(i);
                }
            }
        }

        /** The batches that can be emitted one after the other; some may be parts of what was asked for. */
        List<IntArrayList> order() {
            List<IntArrayList> order = new ArrayList<>();
            while (true) {
                emitReady();
                int next = complete.isEmpty() ? fullest() : complete.dequeueInt();
                if (next < 0) {
                    return order;
                }
                IntArrayList members = held[next];
                held[next] = new IntArrayList();
                left[next] -= members.size();
                order.add(members);
                members.forEach(this::release);
            }
        }

        /** What is in no batch, as far as that leads; members of batches are held. */
        private void emitReady() {
            while (!ready.isEmpty()) {
                int node = ready.dequeueInt();
                int batch = batchOf[node];
                if (batch < 0) {
                    release(node);
                } else {
                    hold(node, batch);
                }
            }
        }

        private void hold(int node, int batch) {
            held[batch].add(node);
            if (held[batch].size() == left[batch]) {
                complete.enqueue(batch);
            }
        }

        private void release(int node) {
            for (int use = 0; use < users.count(node); use++) {
                int user = users.user(node, use);
                if (--waiting[user] == 0) {
                    ready.enqueue(user);
                }
            }
        }

        /** The batch with most that is ready, or -1 if nothing is. */
        private int fullest() {
            int best = -1;
            for (int i = 0; i < held.length; i++) {
                if (!held[i].isEmpty() && (best < 0 || held[i].size() > held[best].size())) {
                    best = i;
                }
            }
            return best;
        }
    }

    // ------------------------------------------------------------------------------------------------- the rewrite

    private Program rewritten() {
        Rewrite rewrite = new Rewrite(program);
        Concats concats = new Concats(program);
        for (IntArrayList members : new Emission().order()) {
            if (members.size() > 1) {
                int[] sorted = concats.sorted(members);
                rewrite.phase(program.node(sorted[0]).phase());
                if (program.node(sorted[0]).op() instanceof MatMul product) {
                    products(rewrite, product, sorted);
                } else {
                    gathers(rewrite, sorted);
                }
            }
        }
        return rewrite.build();
    }

    private void products(Rewrite rewrite, MatMul product, int[] members) {
        int[] lefts = new int[members.length];
        Arrays.setAll(lefts, i -> program.node(members[i]).input(0));
        int stack = rewrite.concat(0, lefts);
        int all = rewrite.matmul(product, stack, program.node(members[0]).input(1));
        unstack(rewrite, all, members);
    }

    private void gathers(Rewrite rewrite, int[] members) {
        int[] indices = new int[members.length];
        int table = program.node(members[0]).input(0);
        int count = 0;
        for (int i = 0; i < indices.length; i++) {
            int each = program.node(members[i]).input(1);
            int length = program.node(each).shape().elements();
            indices[i] = rewrite.reshape(each, Shape.of(length));
            count += length;
        }
        Node node = program.node(members[0]);
        int all = rewrite.add(
                node.op(), program.node(table).shape().with(0, count), node.type(), table, rewrite.concat(0, indices));
        int from = 0;
        for (int i = 0; i < members.length; i++) {
            int length = rewrite.node(indices[i]).shape().elements();
            int rows = rewrite.slice(all, 0, from, length);
            rewrite.replace(
                    members[i], rewrite.reshape(rows, program.node(members[i]).shape()));
            from += length;
        }
    }

    private void unstack(Rewrite rewrite, int all, int[] members) {
        int from = 0;
        for (int member : members) {
            int rows = program.node(member).shape().length(0);
            rewrite.replace(member, rewrite.slice(all, 0, from, rows));
            from += rows;
        }
    }

    /** The order in which a concat that is there already has the operands; else the latest first, as gradients are summed. */
    private static final class Concats {
        private final Program program;
        private final int[] concatOf;
        private final int[] position;

        Concats(Program program) {
            this.program = program;
            this.concatOf = new int[program.size()];
            this.position = new int[program.size()];
            for (int i = 0; i < program.size(); i++) {
                Node node = program.node(i);
                boolean isRows = node.op() instanceof Movement.Concat concat && concat.axis() == 0;
                for (int part = 0; isRows && part < node.inputCount(); part++) {
                    concatOf[node.input(part)] = i;
                    position[node.input(part)] = part;
                }
            }
        }

        int[] sorted(IntArrayList members) {
            int[] sorted = members.toIntArray();
            int operand = program.node(sorted[0]).op() instanceof MatMul ? 0 : 1;
            int concat = concatOf[program.node(sorted[0]).input(operand)];
            boolean isTogether = concat > 0
                    && Arrays.stream(sorted)
                            .allMatch(member -> concatOf[program.node(member).input(operand)] == concat);
            if (isTogether) {
                IntArrays.stableSort(
                        sorted,
                        (a, b) -> Integer.compare(
                                position[program.node(a).input(operand)],
                                position[program.node(b).input(operand)]));
            } else {
                IntArrays.stableSort(sorted, (a, b) -> Integer.compare(b, a));
            }
            return sorted;
        }
    }
}
