package dev.clew.internal.compile.selfcheck;

import dev.clew.array.NDArray;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * A few nodes of a program with the numbers that they are given: the smallest program that shows a mistake.
 *
 * @param values what a node is
 */
public record ProgramExcerpt(Program program, IntFunction<NDArray> values) {
    /** What to do about it. */
    public static final String REPORT =
            " This is a mistake in Clew, not in your program: please report it, with these lines;"
                    + " meanwhile, Evaluator.plain() computes what is meant.\n";

    private static final int MOST_NODES = 12;
    private static final int MOST_NUMBERS = 64;

    /** What leads to a node from the last values that are known. */
    public NavigableSet<Integer> region(int to, IntPredicate isKnown) {
        TreeSet<Integer> region = new TreeSet<>(List.of(to));
        List<Integer> open = new ArrayList<>(region);
        while (!open.isEmpty()) {
            for (int input : program.node(open.removeLast()).inputs().toArray()) {
                if (!isKnown.test(input) && !program.node(input).isLiteral() && region.add(input)) {
                    open.add(input);
                }
            }
        }
        return region;
    }

    /** Where in a node's value a number is. */
    public static String index(Node node, int at) {
        int[] index = new int[node.shape().rank()];
        int rest = at;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % node.shape().length(axis);
            rest /= node.shape().length(axis);
        }
        return Arrays.toString(index);
    }

    /** The nodes of a region, or only one of them if they are many, and the numbers that they are given. */
    public String text(NavigableSet<Integer> region, int culprit) {
        NavigableSet<Integer> shown = region.size() <= MOST_NODES ? region : new TreeSet<>(List.of(culprit));
        TreeSet<Integer> given = new TreeSet<>();
        shown.forEach(i -> program.node(i).inputs().forEach(given::add));
        given.removeAll(shown);
        StringBuilder text = new StringBuilder();
        given.forEach(i -> given(text, i));
        for (int i : shown) {
            Node node = program.node(i);
            text.append('%').append(i).append(" = ").append(node.op());
            text.append(' ').append(node.inputs()).append(" gives ").append(node.shape());
            text.append(' ').append(node.type()).append('\n');
        }
        return text.toString();
    }

    private void given(StringBuilder text, int i) {
        NDArray value = values.apply(i);
        double[] numbers = value.toDoubles();
        text.append('%').append(i).append(" = ").append(value.dtype()).append(' ');
        text.append(value.shape()).append(' ');
        text.append(Arrays.toString(Arrays.copyOf(numbers, Math.min(MOST_NUMBERS, numbers.length))))
                .append(numbers.length > MOST_NUMBERS ? " and so on\n" : "\n");
    }
}
