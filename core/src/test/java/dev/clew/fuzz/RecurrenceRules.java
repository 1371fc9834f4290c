package dev.clew.fuzz;

import dev.clew.array.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Methods whose every element is made of the one before it along an axis. */
final class RecurrenceRules {
    private final List<Rule> rules = new ArrayList<>();

    private RecurrenceRules() {}

    static List<Rule> all() {
        RecurrenceRules table = new RecurrenceRules();
        table.plain();
        table.others();
        return table.rules;
    }

    private void plain() {
        rules.add(new Rule(
                "$0.linearRecurrence($i, $1)",
                (d, self) -> drawn(d, self, _ -> new int[0]),
                (in, line) -> in.get(0).linearRecurrence(line.ints()[0], in.get(1)),
                (in, line) -> {
                    Numbers x = in.get(0);
                    return recurrence(x, widened(in.get(1), x), null, line.ints()[0]);
                }));
        rules.add(new Rule(
                "$0.linearRecurrenceBackwards($i, $1)",
                (d, self) -> drawn(d, self, _ -> new int[0]),
                (in, line) -> in.get(0).linearRecurrenceBackwards(line.ints()[0], in.get(1)),
                (in, line) -> {
                    int axis = line.ints()[0];
                    Numbers x = in.get(0);
                    Numbers factors = flipped(widened(in.get(1), x), axis);
                    return flipped(recurrence(flipped(x, axis), factors, null, axis), axis);
                }));
    }

    private void others() {
        rules.add(new Rule(
                "$0.linearRecurrence($i, $1, $2)",
                (d, self) -> drawn(d, self, x -> {
                    int axis = d.axis(d.value(x).rank());
                    return new int[] {
                        axis, d.like(d.value(x).type(), d.narrowed(d.value(x).dropped(axis)))
                    };
                }),
                (in, line) -> in.get(0).linearRecurrence(line.ints()[0], in.get(1), in.get(2)),
                (in, line) -> {
                    Numbers x = in.get(0);
                    int axis = line.ints()[0];
                    return recurrence(
                            x, widened(in.get(1), x), index -> in.get(2).wide(dropped(index, axis)), axis);
                }));
        rules.add(new Rule(
                "$0.linearRecurrenceWithResets($i, $1, $2)",
                (d, self) -> drawn(d, self, x -> new int[] {
                    d.axis(d.value(x).rank()),
                    d.leaf(DType.BOOL, d.narrowed(d.value(x).shape()))
                }),
                (in, line) -> in.get(0).linearRecurrenceWithResets(line.ints()[0], in.get(1), in.get(2)),
                (in, line) -> {
                    Numbers x = in.get(0);
                    Numbers factors = Numbers.build(
                            x.type(),
                            x.shape(),
                            index -> in.get(2).wide(index) != 0 ? 0 : in.get(1).wide(index));
                    return recurrence(x, factors, null, line.ints()[0]);
                }));
    }

    /**
     * Terms, factors that are one number or broadcast, and perhaps something else.
     *
     * @param others of terms the axis and one more operand; nothing for an axis and no other operand
     */
    private static int drawn(Drawing d, Rule self, IntFunction<int[]> others) {
        int x = d.floating(1);
        int[] shape = d.value(x).shape();
        DType type = d.value(x).type();
        int shared = d.chance(0.5) ? d.find(each -> each.type() == type && each.rank() == 0) : -1;
        int factors = shared >= 0 ? shared : d.like(type, d.narrowed(shape));
        int[] more = others.apply(x);
        return more.length == 0
                ? d.add(self, new int[] {d.axis(shape.length)}, x, factors)
                : d.add(self, new int[] {more[0]}, x, factors, more[1]);
    }

    private static Numbers widened(Numbers factors, Numbers x) {
        return Numbers.build(x.type(), x.shape(), factors::wide);
    }

    private static Numbers flipped(Numbers x, int axis) {
        return Numbers.build(x.type(), x.shape(), index -> {
            int[] other = index.clone();
            other[axis] = x.shape()[axis] - 1 - index[axis];
            return x.get(other);
        });
    }

    private static int[] dropped(int[] index, int axis) {
        int[] other = new int[index.length - 1];
        System.arraycopy(index, 0, other, 0, axis);
        System.arraycopy(index, axis + 1, other, axis, other.length - axis);
        return other;
    }

    /** @param start what is before the first; if there is nothing, the first factor takes no part */
    private static Numbers recurrence(Numbers x, Numbers factors, Numbers.@Nullable At start, int axis) {
        double[] h = new double[x.size()];
        int[] next = {0};
        Numbers state = new Numbers(x.type(), x.shape(), h);
        return Numbers.build(x.type(), x.shape(), index -> {
            double sum = x.get(index);
            if (index[axis] > 0) {
                int[] before = index.clone();
                before[axis]--;
                sum += factors.get(index) * state.get(before);
            } else if (start != null) {
                sum += factors.get(index) * start.of(index);
            }
            h[next[0]++] = Numbers.rounded(x.type(), sum);
            return sum;
        });
    }
}
