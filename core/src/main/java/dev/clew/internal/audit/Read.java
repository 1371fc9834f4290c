package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One value that the formula of a term reads: in what a use brings, or on the way to it from the nearest cotangent that has a name, since
 * by hand (dn ⊙ r)·Uᵀ is one line.
 */
final class Read {
    private final Uses line;
    private final UseRole role;
    private final int up;
    private final int which;
    private final Tensor value;

    private Read(Uses line, UseRole role, int up, int which, Tensor value) {
        this.line = line;
        this.role = role;
        this.up = up;
        this.which = which;
        this.value = value;
    }

    /** What is read instead: from the use, and from what should be read; null where nothing can be read. */
    interface Other extends BiFunction<Use, Tensor, @Nullable Tensor> {}

    /** All that the formula of a role reads. */
    static List<Read> of(Uses line, UseRole role) {
        Use middle = Uses.middle(role);
        List<Use> way = new ArrayList<>(List.of(middle));
        if (!line.right().isOfLoss(middle.user())) {
            way.addAll(line.way(middle));
        }
        List<Read> all = new ArrayList<>();
        for (int up = 0; up < way.size(); up++) {
            List<Tensor> reads = line.reads(way.get(up));
            for (int which = 0; which < reads.size(); which++) {
                all.add(new Read(line, role, up, which, reads.get(which)));
            }
        }
        return all;
    }

    UseRole role() {
        return role;
    }

    /** What is read at a step in the middle. */
    Tensor value() {
        return value;
    }

    /** What is read for a use; null if it reads nothing there. */
    @Nullable
    Tensor at(Use use) {
        List<Use> way = up == 0 ? List.of(use) : line.way(use);
        int at = up == 0 ? 0 : up - 1;
        List<Tensor> reads = at < way.size() ? line.reads(way.get(at)) : List.of();
        return which < reads.size() ? reads.get(which) : null;
    }

    /** The role of what is read. */
    int valueRole() {
        return line.right().roles().role(position());
    }

    int position() {
        return line.right().graph().position(value);
    }

    /** The middle step. */
    int now() {
        return Uses.middle(role).time();
    }

    String text() {
        return line.value(value, now());
    }

    /** The mistake that something else is read. */
    Mutation instead(Family family, int rank, String name, Other other) {
        String should = text();
        return new Mutation(
                family,
                up == 0 ? rank : rank + 2,
                () -> named(name, should),
                () -> "Read " + should + " in " + line.cotangent(role) + ".",
                Set.of(role),
                (use, now, sweep) ->
                        now == null ? null : up == 0 ? inTerm(use, now, sweep, other) : onWay(use, now, sweep, other));
    }

    /** With what should be read at every %, and in parentheses at every #; 1 − (1 − m) is m. */
    private static String named(String name, String should) {
        String within = should.contains(" ") ? "(" + should + ")" : should;
        boolean isComplement = should.startsWith("1 − ") && should.indexOf(' ', 4) < 0;
        return name.replace("1 − #", isComplement ? should.substring(4) : "1 − " + within)
                .replace("#", within)
                .replace("%", should);
    }

    private @Nullable Tensor inTerm(Use use, Tensor now, MutatedSweep sweep, Other other) {
        return replaced(use, use, now, sweep, other);
    }

    private @Nullable Tensor onWay(Use use, Tensor now, MutatedSweep sweep, Other other) {
        List<Use> way = line.way(use);
        if (up > way.size()) {
            return now;
        }
        Use at = way.get(up - 1);
        Tensor term = sweep.carried(at, sweep.total(at.user()));
        Tensor carried = term == null ? null : replaced(use, at, term, sweep, other);
        for (int i = up - 2; i >= 0; i--) {
            carried = sweep.carried(way.get(i), carried);
        }
        return sweep.carried(use, carried);
    }

    private @Nullable Tensor replaced(Use use, Use at, Tensor term, MutatedSweep sweep, Other other) {
        List<Tensor> reads = line.reads(at);
        if (which >= reads.size()) {
            return term;
        }
        Tensor read = reads.get(which);
        Tensor instead = other.apply(use, read);
        if (instead == null || instead == read) {
            return instead == null ? null : term;
        }
        boolean fits = instead.shape().equals(read.shape()) && instead.dtype() == read.dtype();
        return fits ? sweep.rewritten(at, term, end -> end == read ? instead : end, (node, inputs) -> null) : term;
    }
}
