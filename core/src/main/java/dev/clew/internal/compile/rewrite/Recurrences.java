package dev.clew.internal.compile.rewrite;

import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.internal.tensor.SteppedRecurrence;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A loop h ← a∘h + b, of which no a and no b is made of a state, becomes one operation on the stacks of all a and of all b. What makes
 * these, step by step, is then lifted over all steps.
 *
 * <p>A link is a sum, one term of which, used nowhere else, is the product of a factor and the state before. Links are followed from
 * state to state while they are built alike. Every product and every sum is rounded as it was. Which chains there are depends on the
 * program alone.
 */
public final class Recurrences {
    /** A shorter loop is better off in a few kernels that keep its state in registers. */
    private static final int LEAST = 8;
    /** So often all nodes together may be looked at to find out of what chains are made. */
    private static final int MOST_LOOKS = 16;

    private static final int MOST_TERMS = 8;
    private static final int NONE = -1;

    private final Program program;
    private final Rewrite rewrite;
    private final int[] uses;
    /** Of a link: the product among the terms, the state among its factors, and how many links there are up to here. */
    private final int[] term;

    private final int[] side;
    private final int[] length;
    /** The chain that a link was made part of, or none. */
    private final int[] chainOf;

    private final IntArrayList[] madeOf;
    private int chains;
    private long looks;

    private Recurrences(Program program) {
        this.program = program;
        this.rewrite = new Rewrite(program);
        this.uses = program.uses();
        this.term = new int[program.size()];
        this.side = new int[program.size()];
        this.length = new int[program.size()];
        this.chainOf = new int[program.size()];
        this.madeOf = new IntArrayList[program.size() / LEAST + 1];
        Arrays.fill(chainOf, NONE);
    }

    public static Program of(Program program) {
        Recurrences recurrences = new Recurrences(program);
        for (int i = 0; i < program.size(); i++) {
            recurrences.link(i);
        }
        recurrences.chains();
        return recurrences.rewrite.build();
    }

    // ------------------------------------------------------------------------------------------------------- links

    /** Finds the way back from a sum that is the longest. */
    private void link(int i) {
        Node node = program.node(i);
        if (!isSum(node)) {
            return;
        }
        for (int at = 0; at < node.inputCount(); at++) {
            for (int factor = 0; isProduct(node.input(at), node) && factor < 2; factor++) {
                int links = links(node, at, factor);
                if (links > length[i]) {
                    length[i] = links;
                    term[i] = at;
                    side[i] = factor;
                }
            }
        }
    }

    private static boolean isSum(Node node) {
        return node.type().isFloating()
                && node.shape().elements() > 0
                && node.inputCount() <= MOST_TERMS
                && (node.op() == Binary.PLUS
                        || (node.op() instanceof Elementwise.AddN sum && sum.isInOrder(node.inputCount())));
    }

    private boolean isProduct(int term, Node of) {
        Node product = program.node(term);
        return product.op() == Binary.TIMES && uses[term] == 1 && product.phase() == of.phase();
    }

    /** How many links there would be if this were one, 0 if the state before is no sum of this kind. */
    private int links(Node node, int at, int factor) {
        int before = program.node(node.input(at)).input(factor);
        Node state = program.node(before);
        boolean isAlike = isSum(state) && state.inputCount() == node.inputCount() && state.phase() == node.phase();
        if (!isAlike || !isProduct(state.input(at), state)) {
            return 0;
        }
        return length[before] > 0 && term[before] == at && side[before] == factor ? length[before] + 1 : 2;
    }

    // ------------------------------------------------------------------------------------------------------ chains

    /** The links of a chain, in their order, and what they are made of: of every term, what it is in every link. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Chain(int[] links, int at, int[] factors, int[][] terms, int start) {}

    private void chains() {
        int[] order = new int[program.size()];
        Arrays.setAll(order, i -> i);
        IntArrays.stableSort(order, (i, j) -> Integer.compare(length[j], length[i]));
        for (int last : order) {
            if (length[last] < LEAST || looks > (long) MOST_LOOKS * program.size()) {
                return;
            }
            int[] links = links(last);
            if (links.length >= LEAST) {
                Chain chain = chain(links);
                if (isOpen(chain)) {
                    replace(chain);
                }
            }
        }
    }

    /** The links up to one, without those of another chain, in their order. */
    private int[] links(int last) {
        IntArrayList links = new IntArrayList();
        int at = last;
        for (int left = length[last]; left > 0 && chainOf[at] == NONE; left--) {
            links.add(at);
            at = program.node(program.node(at).input(term[last])).input(side[last]);
        }
        int[] found = links.toIntArray();
        IntArrays.reverse(found);
        return found;
    }

    private Chain chain(int... links) {
        int last = links[links.length - 1];
        int at = term[last];
        int[] factors = new int[links.length];
        int[][] terms = new int[program.node(last).inputCount() - 1][links.length];
        for (int i = 0; i < links.length; i++) {
            Node sum = program.node(links[i]);
            factors[i] = program.node(sum.input(at)).input(1 - side[last]);
            for (int other = 0; other < terms.length; other++) {
                terms[other][i] = sum.input(other < at ? other : other + 1);
            }
        }
        int start = program.node(program.node(links[0]).input(at)).input(side[last]);
        return new Chain(links, at, factors, terms, start);
    }

    /** Whether no factor and no term is made of a state, also by way of other chains, each of which is done as a whole. */
    private boolean isOpen(Chain chain) {
        BitSet states = new BitSet(program.size());
        for (int link : chain.links) {
            states.set(link);
        }
        BitSet seen = new BitSet(program.size());
        BitSet seenChains = new BitSet(chains);
        IntArrayList open = madeOf(chain);
        while (!open.isEmpty()) {
            int at = open.popInt();
            if (states.get(at)) {
                return false;
            }
            if (!seen.get(at)) {
                seen.set(at);
                looks++;
                open(at, seenChains, open);
            }
        }
        return true;
    }

    /** Adds what a node is made of, or the chain that it belongs to. */
    private void open(int at, BitSet seenChains, IntArrayList open) {
        int other = chainOf[at];
        if (other == NONE) {
            Node node = program.node(at);
            for (int input = 0; input < node.inputCount(); input++) {
                open.push(node.input(input));
            }
        } else if (!seenChains.get(other)) {
            seenChains.set(other);
            madeOf[other].forEach(open::push);
        }
    }

    /** What a chain needs from outside: that of the last steps on top. */
    private static IntArrayList madeOf(Chain chain) {
        IntArrayList all = new IntArrayList();
        all.add(chain.start);
        for (int i = 0; i < chain.links.length; i++) {
            for (int[] term : chain.terms) {
                all.add(term[i]);
            }
            all.add(chain.factors[i]);
        }
        return all;
    }

    // ----------------------------------------------------------------------------------------------------- rewrite

    private void replace(Chain chain) {
        int count = chain.links.length;
        madeOf[chains] = madeOf(chain);
        for (int link : chain.links) {
            chainOf[link] = chains;
        }
        chains++;
        Node model = program.node(chain.links[0]);
        rewrite.phase(model.phase());
        boolean reversed = isReversed(chain);
        int[] inputs = new int[2 + chain.terms.length];
        inputs[0] = stack(reversed, chain.factors);
        inputs[1] = chain.start;
        Arrays.setAll(inputs, i -> i < 2 ? inputs[i] : stack(reversed, chain.terms[i - 2]));
        int states = rewrite.add(
                new SteppedRecurrence(reversed, chain.at), model.shape().insert(0, count + 1), model.type(), inputs);
        for (int i = 0; i < count; i++) {
            int row = rewrite.slice(states, 0, reversed ? count - 1 - i : i + 1, 1);
            rewrite.replace(chain.links[i], rewrite.reshape(row, model.shape()));
        }
    }

    /** All of them along a new first axis; what they repeat is repeated afterwards. */
    private int stack(boolean reversed, int... given) {
        int[] parts = given.clone();
        if (reversed) {
            IntArrays.reverse(parts);
        }
        Node model = rewrite.node(parts[0]);
        Shape whole = model.shape().insert(0, parts.length);
        if (Arrays.stream(parts).allMatch(part -> part == parts[0])) {
            return rewrite.broadcast(rewrite.reshape(parts[0], model.shape().insert(0, 1)), whole);
        }
        if (isRepeated(parts)) {
            Arrays.setAll(parts, i -> rewrite.node(parts[i]).input(0));
        }
        Shape part = rewrite.node(parts[0]).shape();
        while (part.rank() < model.shape().rank()) {
            part = part.insert(0, 1);
        }
        Shape row = part.insert(0, 1);
        int joined = rewrite.concat(
                0, Arrays.stream(parts).map(each -> rewrite.reshape(each, row)).toArray());
        return rewrite.broadcast(joined, whole);
    }

    /** Whether all repeat elements of something, in the same way. */
    private boolean isRepeated(int... parts) {
        Node first = rewrite.node(parts[0]);
        return Arrays.stream(parts)
                .mapToObj(rewrite::node)
                .allMatch(node -> node.op() instanceof Movement.Broadcast
                        && rewrite.node(node.input(0))
                                .shape()
                                .equals(rewrite.node(first.input(0)).shape()));
    }

    // --------------------------------------------------------------------------------------------------- direction

    /** Whether the parts that the steps read stand in the opposite order, as they do where a gradient goes back through time. */
    private boolean isReversed(Chain chain) {
        int last = chain.links.length - 2; // The ends of a loop are often made in another way.
        int factors = Ascent.between(program, chain.factors[1], chain.factors[last]);
        int[] terms = chain.terms[0];
        return (factors != 0 ? factors : Ascent.between(program, terms[1], terms[last])) < 0;
    }
}
