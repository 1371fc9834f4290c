package dev.clew.compile;

import dev.clew.tensor.Unary;

/** Algebra that is exact. */
final class Simplify {
    private Simplify() {}

    static Program of(Program program) {
        Program.Builder builder = new Program.Builder();
        int[] moved = new int[program.size()];
        for (int i = 0; i < moved.length; i++) {
            Node node = program.node(i);
            if (node.isLeaf()) {
                moved[i] = builder.leaf(node);
                continue;
            }
            int[] inputs = node.inputs().toArray();
            for (int j = 0; j < inputs.length; j++) {
                inputs[j] = moved[inputs[j]];
            }
            moved[i] = node.op() == Unary.STOP_GRADIENT ? inputs[0] : builder.add(node.withInputs(inputs));
        }
        int[] outputs = program.outputs();
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = moved[outputs[i]];
        }
        return builder.build(outputs);
    }
}
