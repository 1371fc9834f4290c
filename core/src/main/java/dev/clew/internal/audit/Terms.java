package dev.clew.internal.audit;

import dev.clew.tensor.Op;
import dev.clew.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What one use brings, as a formula of the cotangent and of values of the forward pass: read and rewritten here. */
final class Terms {
    private Terms() {}

    /** A node of the formula anew, or null to keep it; the inputs are those that it has anew. */
    @FunctionalInterface
    interface Rewrite extends BiFunction<Tensor, List<Tensor>, @Nullable Tensor> {}

    /** The nodes of a formula, inputs first, down to what ends it; the formula itself is one, also where it is the end of others. */
    static List<Tensor> nodes(Tensor term, Predicate<Tensor> isEnd) {
        List<Tensor> found = new ArrayList<>();
        Set<Tensor> done = new HashSet<>();
        ArrayDeque<Tensor> open = new ArrayDeque<>();
        open.push(term);
        while (!open.isEmpty()) {
            Tensor node = open.peek();
            boolean isReady = true;
            for (Tensor input : node.inputs()) {
                if (!isEnd.test(input) && !done.contains(input)) {
                    open.push(input);
                    isReady = false;
                }
            }
            if (isReady) {
                open.pop();
                if (done.add(node)) {
                    found.add(node);
                }
            }
        }
        return found;
    }

    /** What ends a formula and is read in it, in the order of reading. */
    static List<Tensor> reads(Tensor term, Predicate<Tensor> isEnd) {
        Set<Tensor> found = new HashSet<>();
        List<Tensor> order = new ArrayList<>();
        for (Tensor node : nodes(term, isEnd)) {
            for (Tensor input : node.inputs()) {
                if (isEnd.test(input) && found.add(input)) {
                    order.add(input);
                }
            }
        }
        return order;
    }

    /** The formula with other ends and other nodes; what does not change is shared. */
    static Tensor rewritten(Tensor term, Predicate<Tensor> isEnd, UnaryOperator<Tensor> ends, Rewrite rewrite) {
        Map<Tensor, Tensor> anew = new HashMap<>();
        for (Tensor node : nodes(term, isEnd)) {
            List<Tensor> inputs = new ArrayList<>(node.inputCount());
            boolean isSame = true;
            for (Tensor input : node.inputs()) {
                Tensor other = isEnd.test(input) ? ends.apply(input) : anew.getOrDefault(input, input);
                isSame &= other == input;
                inputs.add(other);
            }
            Tensor other = rewrite.apply(node, inputs);
            anew.put(node, other != null ? other : isSame ? node : on(node.op(), inputs));
        }
        return anew.getOrDefault(term, term);
    }

    static Tensor on(Op op, List<Tensor> inputs) {
        return op.on(inputs.toArray(new Tensor[0]));
    }
}
