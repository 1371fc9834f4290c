package dev.clew.internal.compile.rewrite;

import dev.clew.array.IntTuple;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Reduction;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A sum of everything in a stack is a sum along its first axis. */
final class LiftedSums {
    private final Lift lift;
    private final Program program;
    private final Rewrite rewrite;

    LiftedSums(Lift lift) {
        this.lift = lift;
        this.program = lift.program();
        this.rewrite = lift.rewrite();
    }

    /** Replaces such sums; with phases, they have been made before. */
    void replace() {
        rewrite.phase(0);
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            if (node.op() instanceof Elementwise.AddN && node.phase() == 0 && rewrite.stands(i)) {
                replace(i, node);
            }
        }
    }

    private void replace(int i, Node node) {
        List<int[]> layout = layout(node);
        if (layout.size() == node.inputCount()) {
            return;
        }
        IntArrayList terms = new IntArrayList();
        for (int[] numbers : layout) {
            int term = node.input(numbers[0]);
            terms.add(
                    numbers.length == 1
                            ? term
                            : rewrite.reshape(alongFirst(rewrite, lift.stackOf(term)), node.shape()));
        }
        rewrite.replace(
                i,
                terms.size() == 1
                        ? terms.getInt(0)
                        : rewrite.add(node.op(), node.shape(), node.type(), terms.toIntArray()));
    }

    /** The sum along the first axis, of length 1 then. */
    static int alongFirst(Rewrite rewrite, int stack) {
        Node node = rewrite.node(stack);
        return rewrite.add(new Reduction.Sum(IntTuple.of(0)), node.shape().with(0, 1), node.type(), stack);
    }

    /**
     * The terms of a sum, by number, in the order in which they are added: one alone, or several that are everything in a stack, in
     * its order, and are added along it.
     */
    List<int[]> layout(Node sum) {
        List<int[]> layout = new ArrayList<>();
        Map<Integer, IntArrayList> byStack = new LinkedHashMap<>();
        for (int number = 0; number < sum.inputCount(); number++) {
            int stack = lift.stackOf(sum.input(number));
            if (stack >= 0) {
                byStack.computeIfAbsent(stack, key -> new IntArrayList()).add(number);
            } else {
                layout.add(new int[] {number});
            }
        }
        byStack.forEach((stack, numbers) -> {
            int[] byPlace = byPlace(sum, stack, numbers);
            if (byPlace.length > 0) {
                layout.add(byPlace);
            } else {
                numbers.forEach(number -> layout.add(new int[] {number}));
            }
        });
        return layout;
    }

    /** Terms of a sum in the order of a stack, if they are all that is in it; else none. */
    private int[] byPlace(Node sum, int stack, IntArrayList numbers) {
        if (numbers.size() != rewrite.node(stack).shape().length(0)) {
            return new int
                    [0]; // Before there is an array of its length: many sums may have one term each of a long stack.
        }
        int[] byPlace = new int[numbers.size()];
        Arrays.fill(byPlace, -1);
        for (int number : numbers) {
            byPlace[lift.placeOf(sum.input(number))] = number;
        }
        return Arrays.stream(byPlace).allMatch(number -> number >= 0) ? byPlace : new int[0];
    }
}
