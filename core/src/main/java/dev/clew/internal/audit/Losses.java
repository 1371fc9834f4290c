package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Mistakes in the derivative of the loss: the shortcut p − y of a softmax where it does not hold, because targets do not sum to 1,
 * or an epsilon stands within the logarithm.
 */
final class Losses {
    private final Uses line;
    private final List<Mutation> found = new ArrayList<>();

    private Losses(Uses line) {
        this.line = line;
    }

    static List<Mutation> of(Uses line) {
        Losses losses = new Losses(line);
        Set<Integer> seen = new HashSet<>();
        for (UseRole role : line.right().useRoles()) {
            Tensor logits = line.node(Uses.middle(role).input());
            boolean isOutside = line.right().isOfLoss(Uses.middle(role).user());
            if (isOutside && logits.shape().rank() > 0 && logits.inputCount() > 0 && seen.add(role.inputRole())) {
                losses.shortcuts(role.inputRole(), logits);
            }
        }
        return losses.found;
    }

    /** Every constant of the shape of the logits may be the targets. */
    private void shortcuts(int logitsRole, Tensor logits) {
        int middle = Uses.middle(firstInto(logitsRole)).time();
        for (int role = 0; role < line.right().roles().count(); role++) {
            int of = role;
            Tensor like = line.node(line.right().roles().members(role)[0]);
            boolean fits =
                    !Notation.isLiteral(like) && like.shape().equals(logits.shape()) && like.dtype() == logits.dtype();
            if (fits
                    && !line.right().isNeeded(line.right().graph().position(like))
                    && (line.at(role, middle) != null)) {
                for (int axis = 0; axis < logits.shape().rank(); axis++) {
                    if (logits.shape().length(axis) > 1) {
                        shortcut(logitsRole, of, axis);
                    }
                }
            }
        }
    }

    private UseRole firstInto(int inputRole) {
        return line.right().useRoles().stream()
                .filter(role -> role.inputRole() == inputRole)
                .findFirst()
                .orElseThrow();
    }

    private Set<UseRole> into(int inputRole) {
        Set<UseRole> all = new HashSet<>();
        line.right().useRoles().stream()
                .filter(role -> role.inputRole() == inputRole)
                .forEach(all::add);
        return all;
    }

    private void shortcut(int logitsRole, int targets, int axis) {
        UseRole first = firstInto(logitsRole);
        Use middle = Uses.middle(first);
        String o = line.value(line.node(middle.input()), middle.time());
        Tensor y = line.at(targets, middle.time());
        String target = y == null ? "y" : line.value(y, middle.time());
        String name = "the shortcut softmax(" + o + ") − " + (target.equals("const") ? "y" : target)
                + " does not hold here, " + "because targets do not sum to 1, or the logarithm has an epsilon";
        found.add(new Mutation(
                Family.LOSS,
                line.notation().isNamed(middle.input()) ? 2 : 3,
                () -> name,
                () -> "Use the derivative of the loss as it is.",
                into(logitsRole),
                (use, now, sweep) -> {
                    Tensor logits = line.node(use.input());
                    Tensor target0 = line.at(targets, use.time());
                    boolean isFirst =
                            line.right().usesOf(use.input()).getFirst().equals(use);
                    return !isFirst || target0 == null
                            ? null
                            : logits.softmax(axis).minus(target0).times(weight(use, sweep));
                }));
    }

    /** What the loss of one step counts in the whole: the size of the cotangent of the first single number on the way to it. */
    private Tensor weight(Use use, MutatedSweep sweep) {
        int node = use.user();
        while (line.node(node).shape().rank() != 0 && !line.right().usesOf(node).isEmpty()) {
            node = line.right().usesOf(node).getFirst().user();
        }
        Tensor total = sweep.total(node);
        return total == null
                ? Tensor.ones(line.node(node).dtype())
                : total.reshape().abs();
    }
}
