package dev.clew.internal.audit;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.audit.Family;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Mistakes in how a term is built: a part of its formula is left out, or a batch is not summed over. */
final class TermParts {
    private final Uses line;
    private final List<Mutation> found = new ArrayList<>();

    private TermParts(Uses line) {
        this.line = line;
    }

    static List<Mutation> of(Uses line) {
        TermParts structure = new TermParts(line);
        for (UseRole role : line.right().useRoles()) {
            structure.leftOut(role);
            structure.batches(role);
        }
        return structure.found;
    }

    /** A node of the formula is replaced by one of its inputs. */
    private void leftOut(UseRole role) {
        List<Tensor> nodes = line.nodes(Uses.middle(role));
        for (int i = 0; i < nodes.size(); i++) {
            Tensor node = nodes.get(i);
            for (int slot = 0; slot < node.inputCount(); slot++) {
                Tensor input = node.input(slot);
                if (input.shape().equals(node.shape()) && input.dtype() == node.dtype()) {
                    replaced(role, i, slot, node);
                }
            }
        }
    }

    private void replaced(UseRole role, int which, int slot, Tensor node) {
        Use middle = Uses.middle(role);
        String name = "in " + line.cotangent(role) + ", " + line.value(node.input(slot), middle.time())
                + " stands where " + line.value(node, middle.time()) + " belongs";
        found.add(new Mutation(
                Family.GATE,
                17,
                () -> name,
                () -> "Write " + line.term(role) + ".",
                Set.of(role),
                (use, now, sweep) -> {
                    if (now == null) {
                        return null;
                    }
                    List<Tensor> nodes = sweep.nodes(use, now);
                    if (which >= nodes.size() || slot >= nodes.get(which).inputCount()) {
                        return now;
                    }
                    Tensor at = nodes.get(which);
                    boolean fits = at.input(slot).shape().equals(at.shape())
                            && at.input(slot).dtype() == at.dtype();
                    return fits
                            ? sweep.rewritten(
                                    use, now, end -> end, (each, inputs) -> each == at ? inputs.get(slot) : null)
                            : now;
                }));
    }

    private void batches(UseRole role) {
        for (Tensor node : line.nodes(Uses.middle(role))) {
            if (node.op() instanceof Reduction.Sum sum && isOverRows(sum, node)) {
                unsummed(role, sum, "not summed over the batch: the first row alone", 3, x -> row(x, sum, 0));
                unsummed(
                        role,
                        sum,
                        "not summed over the batch: the last row alone",
                        3,
                        x -> row(x, sum, x.shape().length(sum.axes().get(0)) - 1));
                unsummed(
                        role,
                        sum,
                        "the mean over the batch stands where the sum belongs",
                        3,
                        x -> sum.on(x).div(x.shape().length(sum.axes().get(0))));
            }
        }
    }

    private static boolean isOverRows(Reduction.Sum sum, Tensor node) {
        return sum.axes().length() == 1
                && node.input(0).shape().length(sum.axes().get(0)) > 1;
    }

    private static Tensor row(Tensor x, Reduction.Sum sum, int row) {
        int[] start = new int[x.shape().rank()];
        int[] step = new int[x.shape().rank()];
        java.util.Arrays.fill(step, 1);
        start[sum.axes().get(0)] = row;
        Shape size = x.shape().with(sum.axes().get(0), 1);
        return new Movement.Slice(IntTuple.of(start), IntTuple.of(step), size).on(x);
    }

    private void unsummed(UseRole role, Reduction.Sum sum, String what, int rank, UnaryOperator<Tensor> instead) {
        found.add(new Mutation(
                Family.ACCUMULATION,
                rank,
                () -> what + ", in " + line.cotangent(role),
                () -> "Sum over the batch in " + line.cotangent(role) + ".",
                Set.of(role),
                (use, now, sweep) -> now == null
                        ? null
                        : sweep.rewritten(
                                use,
                                now,
                                end -> end,
                                (node, inputs) -> node.op().equals(sum) && isOverRows(sum, node)
                                        ? instead.apply(inputs.getFirst())
                                        : null)));
    }
}
