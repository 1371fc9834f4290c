package dev.clew.internal.compile.rewrite;

import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.tensor.Contraction.MatMul;

/** How many products there are on the way to a node: what tells products that wait for each other from those that do not. */
final class ProductLevels {
    private ProductLevels() {}

    /** For every node the largest number of products on a path to it. */
    static int[] of(Program program) {
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
