package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.tensor.Contraction.MatMul;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Small products become large ones. A product has three axes, so there are three merges: products that share the left operand
 * (the columns of a step), products whose results are summed (the gradient of a weight over all steps), and products that share
 * the right operand and do not wait for each other (all steps' inputs). What followed a merged product step by step is then
 * lifted to all steps at once.
 */
final class MergeGemms {
    private MergeGemms() {}

    /** What is done, in this order; after each, nodes that have become equal are one. */
    static final ImmutableList<UnaryOperator<Program>> STEPS = ImmutableList.of(
            program -> new MergeColumns(program).parameters(),
            program -> new MergeSums(program).gates(),
            program -> new MergeColumns(program).parts(),
            program -> new MergeLeftovers(program).run(),
            program -> new MergeSums(program).overTime(),
            MergeRows::of,
            Lift::of);

    /** The last of these join what lies side by side and sums nothing, so they may do it in phases. */
    private static final int JOINING = 2;

    static Program of(Program program) {
        return joined(summed(program));
    }

    /** All that changes the order in which anything is added, but for sums of stacks. */
    static Program summed(Program program) {
        return of(program, STEPS.subList(0, STEPS.size() - JOINING));
    }

    /** The rest. */
    static Program joined(Program program) {
        return of(program, STEPS.subList(STEPS.size() - JOINING, STEPS.size()));
    }

    @SuppressWarnings("ReferenceEquality") // A step that changes nothing gives the same program back.
    private static Program of(Program program, List<UnaryOperator<Program>> steps) {
        Program merged = program;
        for (UnaryOperator<Program> step : steps) {
            Program next = step.apply(merged);
            if (Verify.IS_ON) {
                Verify.program("step " + STEPS.indexOf(step) + " of MergeGemms", merged, next);
            }
            Program simple = next == merged ? merged : Simplify.of(next);
            if (Verify.IS_ON) {
                Verify.program("Simplify after step " + STEPS.indexOf(step) + " of MergeGemms", next, simple);
            }
            merged = simple;
        }
        return merged;
    }

    /** For every node the largest number of products on a path to it. */
    static int[] levels(Program program) {
        int[] level = new int[program.size()];
        for (int i = 0; i < level.length; i++) {
            Node node = program.node(i);
            for (int input = 0; input < node.inputCount(); input++) {
                level[i] = Math.max(level[i], after(program, level, node.input(input)));
            }
        }
        return level;
    }

    /** The largest number of products on a path through a node. */
    static int after(Program program, int[] level, int node) {
        return level[node] + (program.node(node).op() instanceof MatMul ? 1 : 0);
    }
}
