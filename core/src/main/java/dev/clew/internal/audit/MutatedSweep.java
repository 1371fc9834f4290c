package dev.clew.internal.audit;

import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The gradient with mistakes: the right one, of which some uses bring something else, and all that follows from them.
 *
 * <p>What no mistake touches is shared with the right gradient, so that its numbers are at hand.
 */
final class MutatedSweep {
    private final Backward right;
    private final List<Mutation> mutations;
    private final BitSet touched = new BitSet();
    private final @Nullable Tensor[] totals;
    private final @Nullable Tensor[] predicted;
    private final BitSet known = new BitSet();
    private final Set<Tensor> own = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Predicate<Tensor> isEnd;

    private final Map<Integer, Tensor> more;
    private final Map<Mutation, List<MutatedSweep>> parts = new HashMap<>();

    MutatedSweep(Backward right, List<Mutation> mutations) {
        this(right, mutations, Map.of());
        for (int node = totals.length - 1; node >= 0; node--) {
            total(node);
        }
    }

    /** With something more in the cotangents of some nodes, and computed only where it is asked for. */
    MutatedSweep(Backward right, List<Mutation> mutations, Map<Integer, Tensor> more) {
        this.right = right;
        this.mutations = mutations;
        this.more = more;
        mutations.forEach(mutation -> mutation.at().forEach(role -> touched.set(role.index())));
        this.totals = new @Nullable Tensor[right.graph().size()];
        this.predicted = new @Nullable Tensor[right.graph().size()];
        this.isEnd = tensor -> own.contains(tensor) || right.isTotal(tensor) || right.isForward(tensor);
    }

    /** Sweeps that a mistake is made of, which see the other mistakes too. */
    List<MutatedSweep> parts(Mutation whole, Function<List<Mutation>, List<MutatedSweep>> made) {
        return parts.computeIfAbsent(
                whole,
                none -> made.apply(
                        mutations.stream().filter(each -> !each.equals(whole)).toList()));
    }

    Backward right() {
        return right;
    }

    /** What formulas of this gradient end at: values of the forward pass, and cotangents. */
    Predicate<Tensor> isEnd() {
        return isEnd;
    }

    /** The cotangent of a node, computed when it is asked for: another line of the same step may come later in this order. */
    @Nullable
    Tensor total(int node) {
        if (known.get(node)) {
            return totals[node];
        }
        known.set(node);
        if (node == totals.length - 1 || !right.isNeeded(node)) {
            predicted[node] = right.predicted(node);
            totals[node] = right.total(node);
            return totals[node];
        }
        Tensor sum = summed(node);
        predicted[node] = sum;
        Tensor given = right.given(node);
        totals[node] = given != null ? given : sum;
        if (totals[node] != null) {
            own.add(totals[node]);
        }
        return totals[node];
    }

    /** The sum of what the uses of a node bring, also where its cotangent is given. */
    @Nullable
    Tensor predicted(int node) {
        total(node);
        return predicted[node];
    }

    /** What later steps hand on to a state. */
    @Nullable
    Tensor handedTo(int state) {
        List<Tensor> terms = new ArrayList<>();
        for (Use use : right.usesOf(state)) {
            Tensor term = right.role(use).crosses() ? carried(use, total(use.user())) : null;
            if (term != null) {
                terms.add(term);
            }
        }
        return Backward.sum(terms);
    }

    /** Whether what the uses of a node bring is another formula than the right one. */
    boolean isChanged(int node) {
        return predicted(node) != right.predicted(node);
    }

    private @Nullable Tensor summed(int node) {
        List<Tensor> terms = new ArrayList<>();
        boolean isSame = true;
        for (Use use : right.usesOf(node)) {
            Tensor term = term(use);
            isSame &= term == right.term(use);
            if (term != null) {
                terms.add(term);
            }
        }
        Tensor added = more.get(node);
        if (added != null) {
            terms.add(added);
        }
        return isSame && added == null ? right.predicted(node) : Backward.sum(terms);
    }

    /** What a use brings, with the mistakes in it. */
    @Nullable
    Tensor term(Use use) {
        UseRole role = right.role(use);
        boolean isReplaced = touched.get(role.index())
                && mutations.stream().anyMatch(each -> each.replaced().contains(role));
        Tensor term = isReplaced ? null : carried(use, total(use.user()));
        if (!touched.get(role.index())) {
            return term;
        }
        for (Mutation mutation : mutations) {
            if (mutation.touches(role)) {
                term = mutation.rewrite().of(use, term, this);
            }
        }
        return term;
    }

    /** What a use brings of some cotangent of the node that uses. */
    @Nullable
    Tensor carried(Use use, @Nullable Tensor yBar) {
        return yBar == right.total(use.user()) ? right.term(use) : right.term(use, yBar);
    }

    /** What a use brings, with other values and cotangents in it, and other nodes. */
    Tensor rewritten(Use use, Tensor term, UnaryOperator<Tensor> ends, Terms.Rewrite rewrite) {
        return isHandedOn(use, term) ? ends.apply(term) : Terms.rewritten(term, isEnd, ends, rewrite);
    }

    /** The nodes of what a use brings; none if it hands on what it gets. */
    List<Tensor> nodes(Use use, Tensor term) {
        return isHandedOn(use, term) ? List.of() : Terms.nodes(term, isEnd);
    }

    private boolean isHandedOn(Use use, Tensor term) {
        return term == total(use.user()) || right.isForward(term);
    }
}
