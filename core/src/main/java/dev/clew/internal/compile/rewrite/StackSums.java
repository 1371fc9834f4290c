package dev.clew.internal.compile.rewrite;

import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sums that {@link Lift} would make sums of stacks, as such, before anything is in a stack. In phases it would find other stacks;
 * so it is asked beforehand what it finds without.
 */
public final class StackSums {
    private StackSums() {}

    public static Program of(Program program) {
        IntArrayList sums = new IntArrayList();
        IntArrayList outputs = new IntArrayList(program.outputs());
        for (int i = 0; i < program.size(); i++) {
            if (program.node(i).op() instanceof Elementwise.AddN) {
                sums.add(i);
                outputs.add(i);
            }
        }
        Program probe = Simplify.of(MergeRows.of(program.withOutputs(outputs.toIntArray())));
        Lift lift = Lift.grouped(probe);
        Rewrite rewrite = new Rewrite(program);
        for (int i = 0; i < sums.size(); i++) {
            int at = probe.output(program.outputCount() + i);
            while (probe.node(at).op() instanceof Movement.Reshape) {
                at = probe.node(at).input(0);
            }
            Node sum = program.node(sums.getInt(i));
            boolean isSame = probe.node(at).op() instanceof Elementwise.AddN
                    && probe.node(at).inputCount() == sum.inputCount();
            if (isSame) {
                replace(rewrite, sums.getInt(i), sum, new LiftedSums(lift).layout(probe.node(at)));
            }
        }
        return rewrite.build();
    }

    private static void replace(Rewrite rewrite, int at, Node sum, List<int[]> layout) {
        if (layout.size() == sum.inputCount()) {
            return;
        }
        IntArrayList terms = new IntArrayList();
        for (int[] numbers : layout) {
            if (numbers.length == 1) {
                terms.add(sum.input(numbers[0]));
            } else {
                int[] rows = Arrays.stream(numbers)
                        .map(number ->
                                rewrite.reshape(sum.input(number), sum.shape().insert(0, 1)))
                        .toArray();
                terms.add(rewrite.reshape(LiftedSums.alongFirst(rewrite, rewrite.concat(0, rows)), sum.shape()));
            }
        }
        rewrite.replace(
                at,
                terms.size() == 1
                        ? terms.getInt(0)
                        : rewrite.add(sum.op(), sum.shape(), sum.type(), terms.toIntArray()));
    }
}
