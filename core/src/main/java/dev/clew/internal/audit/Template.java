package dev.clew.internal.audit;

import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.function.Predicate;

/** What one use brings as a function of the cotangent alone, so that another one can be put in fast. */
final class Template {
    private static final int KEPT = -1;
    private static final int COTANGENT = -2;

    private final Tensor[] nodes;
    private final int[][] links;
    private final boolean[] depends;

    Template(Tensor term, Tensor yBar, Predicate<Tensor> isEnd) {
        List<Tensor> all = Terms.nodes(term, isEnd);
        this.nodes = all.toArray(Tensor[]::new);
        this.links = new int[nodes.length][];
        this.depends = new boolean[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            links[i] = new int[nodes[i].inputCount()];
            for (int slot = 0; slot < links[i].length; slot++) {
                Tensor input = nodes[i].input(slot);
                int inner = input == yBar ? COTANGENT : all.subList(0, i).indexOf(input);
                links[i][slot] = inner;
                depends[i] |= inner == COTANGENT || (inner >= 0 && depends[inner]);
            }
        }
    }

    /** The term of another cotangent. */
    Tensor of(Tensor yBar) {
        Tensor[] anew = new Tensor[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            anew[i] = depends[i] ? node(i, yBar, anew) : nodes[i];
        }
        return anew[nodes.length - 1];
    }

    private Tensor node(int i, Tensor yBar, Tensor[] anew) {
        Tensor[] inputs = new Tensor[links[i].length];
        for (int slot = 0; slot < inputs.length; slot++) {
            int link = links[i][slot];
            inputs[slot] = link == COTANGENT ? yBar : link == KEPT ? nodes[i].input(slot) : anew[link];
        }
        return nodes[i].op().on(inputs);
    }
}
