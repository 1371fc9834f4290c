package dev.clew.internal.compile.remat;

import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Recomputing instead of keeping (Chen et al., Training Deep Nets with Sublinear Memory Cost, 2016).
 *
 * <p>What is computed before most bytes are in use is early, the rest is late. The early part is cut into segments. A value that a
 * later segment needs stays; any other that the late part needs is computed again, from what stays, in a phase of its segment:
 * the late part goes through the segments backward. Phases keep merges from undoing it: what is joined over all steps is joined
 * over those of a phase, and sums over all steps go on from phase to phase.
 *
 * <p>Every value is computed by the same operations on the same numbers in the same order as without phases.
 */
public final class Remat {
    /** How many operations on leaves are no reason to be early. */
    private static final int MOST_DEPTH = 4;

    private final Program program;
    private final int[] base;
    private final PartialSums sums;
    /** The most operations on a path to a node. */
    private final int[] depth;
    /** The segment of what is early, counted from 1; 0 for anything else. */
    private final int[] segment;
    /** Whether it is early and stays. */
    private final boolean[] stays;

    private final int segments;
    /** From this segment on everything stays. */
    private final int kept;

    /** The first phase that what depends on a node may have in the late part; 0 if it does not matter. */
    private final int[] phase;

    private final Rewrite rewrite;
    /** Where a node is in the new program: for the early part, and for the late. */
    private final int[] first;

    private final int[] again;

    private Remat(Program program, Lifetimes lifetimes, PartialSums sums, int segments, int kept) {
        this.program = program;
        this.base = program.bases();
        this.sums = sums;
        this.segments = segments;
        this.kept = kept;
        this.depth = depth(program);
        this.segment = segments(program, lifetimes, depth, segments);
        this.stays = new boolean[program.size()];
        this.phase = new int[program.size()];
        this.rewrite = new Rewrite(program);
        this.first = new int[program.size()];
        this.again = new int[program.size()];
        Arrays.fill(first, -1);
        Arrays.fill(again, -1);
    }

    /**
     * A program that does the same in phases.
     *
     * @param segments of the early part
     * @param kept how many of them, the last, are not computed again; at least 1
     */
    public static Program of(Program program, Lifetimes lifetimes, PartialSums sums, int segments, int kept) {
        Remat remat = new Remat(program, lifetimes, sums, segments, segments - kept + 1);
        remat.markStays();
        remat.findPhases();
        return remat.rewritten();
    }

    // ---------------------------------------------------------------------------------------------------- segments

    /** Stretches of time in each of which about as many bytes are made that are still needed in the late part. */
    private static int[] segments(Program program, Lifetimes lifetimes, int[] depth, int count) {
        int peak = lifetimes.peak();
        long[] made = new long[peak + 1];
        for (int i = 0; i < program.size(); i++) {
            if (lifetimes.isKept(i)) {
                made[lifetimes.time(i)] += NodeBytes.of(program.node(i));
            }
        }
        long all = Math.max(1, Arrays.stream(made).sum());
        int[] ofTime = new int[peak + 1];
        long before = 0;
        for (int tick = 0; tick <= peak; tick++) {
            ofTime[tick] = 1 + (int) Math.min(count - 1, before * count / all);
            before += made[tick];
        }
        int[] segment = new int[program.size()];
        for (int i = 0; i < segment.length; i++) {
            boolean isEarly = program.node(i).isComputed() && lifetimes.time(i) <= peak;
            segment[i] = isEarly ? ofTime[lifetimes.time(i)] : 0;
        }
        postpone(program, segment, depth);
        return segment;
    }

    private static int[] depth(Program program) {
        int[] depth = new int[program.size()];
        for (int i = 0; i < depth.length; i++) {
            for (int input : program.node(i).inputs().toArray()) {
                depth[i] = Math.max(depth[i], depth[input]);
            }
            depth[i] += program.node(i).isComputed() ? 1 : 0;
        }
        return depth;
    }

    /** What is made of leaves in a few operations belongs to the first segment that uses it. */
    private static void postpone(Program program, int[] segment, int[] depth) {
        int[] base = program.bases();
        int[] least = new int[segment.length];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (int i = segment.length - 1; i >= 0; i--) {
            if (segment[i] > 0 && depth[i] <= MOST_DEPTH && least[i] < Integer.MAX_VALUE) {
                segment[i] = least[i];
            }
            for (int input = 0; segment[i] > 0 && input < program.node(i).inputCount(); input++) {
                int from = base[program.node(i).input(input)];
                least[from] = Math.min(least[from], segment[i]);
            }
        }
    }

    private boolean isLate(int node) {
        return program.node(node).isComputed() && segment[node] == 0;
    }

    /** The phase of the late part in which a segment's values are there. */
    private int lateOf(int early) {
        return 2 * segments - early;
    }

    /** Whether an early sum takes terms of several segments: it is not computed again. */
    private boolean isAcross(int node) {
        PartialSums.Sum sum = sums.of(node);
        if (sum == null) {
            return false;
        }
        for (int[] term : sum.parts()) {
            for (int part : term) {
                int from = segment[base[part]];
                if (from > 0 && from != segment[node]) {
                    return true;
                }
            }
        }
        return false;
    }

    private void markStays() {
        for (int i = 0; i < stays.length; i++) {
            if (segment[i] == 0 || sums.isApart(i)) {
                continue;
            }
            boolean isAcross = isAcross(i);
            stays[i] |= isAcross;
            for (int input = 0; input < program.node(i).inputCount() && !isAcross; input++) {
                int from = base[program.node(i).input(input)];
                stays[from] |= segment[from] > 0 && segment[from] != segment[i];
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------ phases

    private void findPhases() {
        for (int i = 0; i < phase.length; i++) {
            if (segment[i] > 0) {
                phase[i] = stays[i] || depth[i] <= MOST_DEPTH ? 0 : lateOf(segment[i]);
            } else {
                phase[i] = ready(i);
            }
        }
        int[] least = new int[phase.length];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (int i = phase.length - 1; i >= 0; i--) {
            if (stays[i] || !program.node(i).isComputed()) {
                continue;
            }
            boolean isFree = phase[i] == 0;
            if (isFree) {
                phase[i] = least[i] == Integer.MAX_VALUE ? segments : least[i];
            }
            PartialSums.Sum sum = inPhases(i);
            if (sum != null) {
                for (int[] term : sum.parts()) {
                    sink(least, term, Math.max(segments, phaseOf(term)));
                }
            } else if (!sums.isApart(i) || least[i] < Integer.MAX_VALUE) {
                sink(least, program.node(i).inputs().toArray(), phase[i]);
            }
        }
    }

    /** A late sum is made of its terms; an early one that does not stay, whole, like any other operation. */
    private PartialSums.@Nullable Sum inPhases(int node) {
        return isLate(node) ? sums.of(node) : null;
    }

    /** The phase in which all that a node is made of is there. */
    private int ready(int node) {
        PartialSums.Sum sum = inPhases(node);
        if (sum == null) {
            return phaseOf(program.node(node).inputs().toArray());
        }
        int latest = 0;
        for (int[] term : sum.parts()) {
            latest = Math.max(latest, phaseOf(term));
        }
        return latest;
    }

    private void sink(int[] least, int[] nodes, int to) {
        for (int node : nodes) {
            least[base[node]] = Math.min(least[base[node]], to);
        }
    }

    private int phaseOf(int[] term) {
        int latest = 0;
        for (int part : term) {
            latest = Math.max(latest, phase[base[part]]);
        }
        return latest;
    }

    // ------------------------------------------------------------------------------------------------- the rewrite

    private Program rewritten() {
        for (int i = 0; i < first.length; i++) {
            Node node = program.node(i);
            if (node.isLeaf() || node.isLiteral()) {
                first[i] = i;
                again[i] = i;
            } else if (!isLate(base[i])) {
                makeFirst(i, node);
            }
        }
        for (int i = 0; i < first.length; i++) {
            if (isLate(i) && !sums.isApart(i)) {
                makeLate(i);
            }
        }
        for (int output : program.outputs()) {
            rewrite.replace(output, first[output] >= 0 ? first[output] : again(output));
        }
        return rewrite.build();
    }

    /** Adds a node in the phase that is meant for it, but never before an operand: so no program in phases is illegal. */
    private int add(Node node, int meant, int... inputs) {
        return rewrite.add(node.withInputs(inputs).in(Math.max(meant, latest(inputs))));
    }

    /** The last of the phases in which some nodes of the new program are made. */
    private int latest(int... nodes) {
        int latest = 0;
        for (int node : nodes) {
            latest = Math.max(latest, when(node));
        }
        return latest;
    }

    /** When a node of the new program is made; what shows or only joins what is given is there before. */
    private int when(int node) {
        Node shown = rewrite.node(base(node));
        boolean isGiven = !shown.isComputed();
        if (shown.op() instanceof Movement.Concat) {
            isGiven = shown.inputs().stream()
                    .allMatch(part -> !rewrite.node(base(part)).isComputed());
        }
        return isGiven ? 0 : shown.phase();
    }

    private int base(int node) {
        int base = node;
        while (rewrite.node(base).isView()) {
            base = rewrite.node(base).input(0);
        }
        return base;
    }

    private int[] first(int... term) {
        return Arrays.stream(term).map(this::madeFirst).toArray();
    }

    private int[] made(int... term) {
        return Arrays.stream(term).map(this::again).toArray();
    }

    private void makeFirst(int i, Node node) {
        if (sums.isApart(i)) {
            return; // Made below, if it is needed.
        }
        if (isAcross(i)) {
            first[i] = new SumInPhases(program, rewrite, sums, i)
                    .make(this::madeFirst, term -> Math.max(segmentOf(term), latest(first(term))));
            return;
        }
        int[] inputs = node.inputs().toArray();
        Arrays.setAll(inputs, input -> operand(inputs[input], segment[i]));
        first[i] = add(node, segment[i], inputs);
        if (stays[i]) {
            again[i] = apart(i);
        }
    }

    /** A copy, so that what it may be a part of need not stay with it. */
    private int apart(int i) {
        rewrite.phase(Math.max(segment[i], when(first[i])));
        return rewrite.add(
                new Elementwise.AddN(), program.node(i).shape(), program.node(i).type(), first[i]);
    }

    /** An operand as its own segment sees it, or as another does. */
    private int operand(int node, int user) {
        int from = segment[base[node]];
        return from > 0 && user > 0 && from != user ? again(node) : madeFirst(node);
    }

    private int segmentOf(int[] term) {
        int latest = 1;
        for (int part : term) {
            latest = Math.max(latest, segment[base[part]]);
        }
        return latest;
    }

    private int madeFirst(int node) {
        if (first[node] < 0) {
            Node apart = program.node(node);
            int[] inputs = apart.inputs().toArray();
            Arrays.setAll(inputs, input -> operand(inputs[input], segment[node]));
            first[node] = add(apart, segment[node], inputs);
        }
        return first[node];
    }

    private void makeLate(int i) {
        PartialSums.Sum sum = inPhases(i);
        if (sum == null) {
            Node node = program.node(i);
            int[] inputs = node.inputs().toArray();
            Arrays.setAll(inputs, input -> again(inputs[input]));
            again[i] = add(node, Math.max(segments, phase[i]), inputs);
        } else {
            again[i] = new SumInPhases(program, rewrite, sums, i)
                    .make(this::again, term -> Math.max(Math.max(segments, phaseOf(term)), latest(made(term))));
        }
    }

    /** A node as the late part sees it: kept, or computed again, with whatever that needs of its segment. */
    private int again(int root) {
        IntArrayList open = new IntArrayList();
        open.push(root);
        while (!open.isEmpty()) {
            int at = open.topInt();
            if (again[at] >= 0) {
                open.popInt();
            } else if (segment[at] > 0 && (stays[at] || segment[at] >= kept) && first[at] >= 0) {
                again[at] = first[at];
            } else {
                Node node = program.node(at);
                boolean isReady = true;
                for (int input : node.inputs().toArray()) {
                    if (again[input] < 0) {
                        open.push(input);
                        isReady = false;
                    }
                }
                if (isReady) {
                    int[] inputs = node.inputs().toArray();
                    Arrays.setAll(inputs, input -> again[inputs[input]]);
                    again[at] = add(node, Math.max(segments, phase[at]), inputs);
                    open.popInt();
                }
            }
        }
        return again[root];
    }
}
