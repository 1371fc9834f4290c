package dev.clew.fuzz;

import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Methods that put several arrays into one. */
final class JoinRules {
    private final List<Rule> rules = new ArrayList<>();

    private JoinRules() {}

    static List<Rule> all() {
        JoinRules table = new JoinRules();
        table.joins();
        table.stacks();
        return table.rules;
    }

    private void joins() {
        rules.add(new Rule(
                "Tensor.concat($i, List.of($*))",
                (d, self) -> {
                    int first = d.anything(1);
                    int axis = d.axis(d.value(first).rank());
                    int[] in = new int[d.between(1, 4)];
                    in[0] = first;
                    for (int i = 1; i < in.length; i++) {
                        in[i] = part(d, first, axis);
                    }
                    return d.add(self, new int[] {axis}, in);
                },
                (in, line) -> Tensor.concat(line.ints()[0], in),
                (in, line) -> concat(in, line.ints()[0])));
    }

    private void stacks() {
        rules.add(new Rule(
                "Tensor.stack($i, List.of($*))",
                (d, self) -> {
                    int first = d.anything(0);
                    int[] in = new int[d.between(1, 4)];
                    in[0] = first;
                    for (int i = 1; i < in.length; i++) {
                        in[i] = d.like(d.value(first).type(), d.value(first).shape());
                    }
                    return d.add(self, new int[] {d.below(d.value(first).rank() + 1)}, in);
                },
                (in, line) -> Tensor.stack(line.ints()[0], in),
                (in, line) -> concat(
                        in.stream()
                                .map(x -> x.reshaped(MovementRules.inserted(x.shape(), line.ints()[0], 1)))
                                .toList(),
                        line.ints()[0])));
    }

    private static int part(Drawing d, int first, int axis) {
        Numbers like = d.value(first);
        int found = d.find(each -> each.type() == like.type()
                && each.rank() == like.rank()
                && Arrays.equals(with(each.shape(), axis, 0), with(like.shape(), axis, 0)));
        return d.chance(0.7) ? found : d.leaf(like.type(), with(like.shape(), axis, d.below(3)));
    }

    private static int[] with(int[] shape, int axis, int length) {
        int[] changed = shape.clone();
        changed[axis] = length;
        return changed;
    }

    static Numbers concat(List<Numbers> parts, int axis) {
        Numbers first = parts.getFirst();
        int length = parts.stream().mapToInt(part -> part.shape()[axis]).sum();
        return Numbers.build(first.type(), with(first.shape(), axis, length), index -> {
            int[] from = index.clone();
            int part = 0;
            while (from[axis] >= parts.get(part).shape()[axis]) {
                from[axis] -= parts.get(part++).shape()[axis];
            }
            return parts.get(part).get(from);
        });
    }
}
