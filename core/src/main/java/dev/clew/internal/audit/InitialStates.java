package dev.clew.internal.audit;

import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayFIFOQueue;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.longs.LongLinkedOpenHashSet;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where the first step of a loop is applied to what later steps have from the step before: the use of an initial state, and the state in
 * its place one step later.
 *
 * <p>Nothing tells an initial state from other data but how it is used. A use of one at the first step has a counterpart, the same line a
 * step later; from the two, all that uses them is compared in parallel, and all that it is applied to. If that leads to the state itself
 * and to the one that follows it, what was compared is a shift by a step. Of several the one that goes furthest is taken.
 */
final class InitialStates {
    /** How many pairs of nodes are compared to tell one counterpart from another. */
    private static final int FAR = 1000;

    /** Candidates beyond belong to later steps. */
    private static final int MOST = 12;

    private final Lines lines;
    private final BitSet ofParameters;
    private final BitSet isGiven = new BitSet();
    private final int[] identity;
    private final int[][] standIns;
    private final int[][] keys;
    private final Map<Integer, IntArrayList> moving = new HashMap<>();
    private final Map<Integer, IntArrayList> given = new HashMap<>();
    private final Map<Integer, BitSet> descendants = new HashMap<>();
    private final LongOpenHashSet alike = new LongOpenHashSet();
    private final LongOpenHashSet unlike = new LongOpenHashSet();
    private final BitSet isInitial = new BitSet();
    private final Map<Integer, IntArrayList> ofKind = new HashMap<>();
    private final Map<Integer, Boolean> ofSteps = new HashMap<>();

    InitialStates(Lines lines, BitSet ofParameters) {
        this.lines = lines;
        this.ofParameters = ofParameters;
        this.identity = identities();
        this.keys = keys();
        this.standIns = new int[lines.count()][];
        BitSet ofData = ofDataOrInitial();
        for (int i = 0; i < lines.count(); i++) {
            isGiven.set(i, ofData.get(i) || ofParameters.get(i));
            standIns[i] = lines.inputs(i).clone();
        }
        index();
        for (int i = 0; i < lines.count(); i++) {
            for (int slot = 0; slot < lines.inputs(i).length; slot++) {
                find(i, slot);
            }
        }
        findOtherUses();
    }

    /** The inputs of a node, with the state one step later in place of an initial one. */
    int[] inputs(int node) {
        return standIns[node];
    }

    /** Whether a node is a state before the first step. */
    boolean isInitial(int node) {
        return isInitial.get(node);
    }

    /** Whether there is a node that is computed alike at another step. */
    boolean isOfSteps(int node) {
        if (!ofSteps.containsKey(node)) {
            boolean isOne = false;
            for (int other : ofKind.getOrDefault(lines.kind(node), IntArrayList.of())) {
                isOne = isOne || (other != node && isAlike(Math.min(node, other), Math.max(node, other)));
            }
            ofSteps.put(node, isOne);
        }
        return ofSteps.getOrDefault(node, false);
    }

    /** Whether there is any, so that there is a loop. */
    boolean areFound() {
        return !isInitial.isEmpty();
    }

    private BitSet ofDataOrInitial() {
        BitSet all = new BitSet();
        for (int i = 0; i < lines.count(); i++) {
            boolean isOne = lines.isInitial(i)
                    || (lines.isLeaf(i)
                            ? !lines.isParameter(i)
                            : Arrays.stream(lines.inputs(i)).allMatch(all::get));
            all.set(i, isOne && lines.node(i).dtype().isFloating());
        }
        return all;
    }

    /** Numbers for what is computed from parameters alone, the same for the same formula; 0 for all else. */
    private int[] identities() {
        int[] identity = new int[lines.count()];
        Map<Object, Integer> numbers = new HashMap<>();
        for (int i = 0; i < identity.length; i++) {
            if (ofParameters.get(i) || lines.isNumber(i)) {
                List<Object> formula = new ArrayList<>();
                formula.add(
                        lines.isNumber(i)
                                ? lines.node(i).item()
                                : lines.isLeaf(i) ? i : lines.node(i).op());
                Arrays.stream(lines.inputs(i)).forEach(input -> formula.add(identity[input]));
                int number = numbers.computeIfAbsent(formula, none -> numbers.size() + 1);
                identity[i] = number;
            }
        }
        return identity;
    }

    /** For every input of every node a number for what the node is, and the parameters among its other inputs. */
    private int[][] keys() {
        Map<Object, Integer> numbers = new HashMap<>();
        int[][] keys = new int[lines.count()][];
        for (int i = 0; i < keys.length; i++) {
            int[] inputs = lines.inputs(i);
            keys[i] = new int[inputs.length];
            for (int but = 0; but < inputs.length && !lines.isList(i); but++) {
                IntArrayList key = IntArrayList.of(lines.kind(i), but);
                for (int slot = 0; slot < inputs.length; slot++) {
                    key.add(slot == but || !ofParameters.get(inputs[slot]) ? 0 : identity[inputs[slot]]);
                }
                keys[i][but] = numbers.computeIfAbsent(key, none -> numbers.size());
            }
        }
        return keys;
    }

    private void index() {
        for (int i = 0; i < lines.count(); i++) {
            ofKind.computeIfAbsent(lines.kind(i), none -> new IntArrayList()).add(i);
            int[] inputs = lines.inputs(i);
            for (int slot = 0; slot < inputs.length && !lines.isList(i); slot++) {
                (isGiven.get(inputs[slot]) ? given : moving)
                        .computeIfAbsent(keys[i][slot], none -> new IntArrayList())
                        .add(i);
            }
        }
    }

    private void find(int user, int slot) {
        int from = lines.inputs(user)[slot];
        boolean isBefore = lines.isInitial(user) || (isGiven.get(user) && !lines.isLeaf(from));
        IntArrayList states = isGiven.get(from) && !isBefore && !lines.isList(user)
                ? moving.getOrDefault(keys[user][slot], IntArrayList.of())
                : IntArrayList.of();
        if (states.isEmpty() || (ofParameters.get(from) && isUsedAgain(user, slot))) {
            return;
        }
        Candidate state = best(user, states);
        boolean isState = state.reach() > 0
                && state.reach()
                        >= best(user, given.getOrDefault(keys[user][slot], IntArrayList.of()))
                                .reach();
        if (isState) {
            standIns[user][slot] = lines.inputs(state.node())[slot];
            isInitial.set(from);
        }
    }

    /** A node that may be the same line one step later, and how far that goes. */
    private record Candidate(int node, int reach) {}

    /** The one that goes furthest, the first of those. */
    private Candidate best(int user, IntArrayList candidates) {
        Candidate best = new Candidate(-1, 0);
        int shifts = 0;
        for (int other : candidates) {
            boolean isLikely = other > user && shifts < MOST && isUsedAlike(user, other) && isAlike(user, other);
            int reach = isLikely ? reach(user, other) : 0;
            shifts += reach > 0 ? 1 : 0;
            best = reach > best.reach() ? new Candidate(other, reach) : best;
        }
        return best;
    }

    /** A weight is used alike at every step, an initial state that is learned is not. */
    private boolean isUsedAgain(int user, int slot) {
        int same = identity[lines.inputs(user)[slot]];
        for (int other : given.getOrDefault(keys[user][slot], IntArrayList.of())) {
            if (other != user && identity[lines.inputs(other)[slot]] == same) {
                return true;
            }
        }
        return false;
    }

    /** Whether what uses one may be the same line as what uses another, which is quickly seen; or one uses the other. */
    private boolean isUsedAlike(int one, int two) {
        for (int user : lines.users(one)) {
            if (user == two) {
                return true;
            }
            int key = keys[user][lines.slot(user, one)];
            for (int other : lines.users(two)) {
                if (key == keys[other][lines.slot(other, two)]) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Other uses of what is known to be an initial state, by what it stands for. */
    private void findOtherUses() {
        Map<Integer, IntArrayList> states = new HashMap<>();
        for (int i = 0; i < lines.count(); i++) {
            for (int slot = 0; slot < standIns[i].length; slot++) {
                if (standIns[i][slot] != lines.inputs(i)[slot]) {
                    states.computeIfAbsent(lines.inputs(i)[slot], none -> new IntArrayList())
                            .add(standIns[i][slot]);
                }
            }
        }
        states.forEach((from, some) -> {
            for (int user : lines.users(from)) {
                int slot = lines.slot(user, from);
                if (standIns[user][slot] == from && !lines.isList(user)) {
                    standIns[user][slot] = statesOfAlike(user, slot, some).orElse(from);
                }
            }
        });
    }

    private OptionalInt statesOfAlike(int user, int slot, IntArrayList states) {
        return states.intStream()
                .filter(state -> Arrays.stream(lines.users(state))
                        .anyMatch(other -> lines.inputs(other).length > slot
                                && lines.inputs(other)[slot] == state
                                && isAlike(user, other)))
                .findFirst();
    }

    /** How many pairs are alike on the way up from one pair, if that is a shift by a step; else 0. */
    private int reach(int one, int two) {
        LongLinkedOpenHashSet pairs = new LongLinkedOpenHashSet();
        LongArrayFIFOQueue open = new LongArrayFIFOQueue();
        pairs.add(pair(one, two));
        open.enqueue(pair(one, two));
        while (!open.isEmpty() && pairs.size() < FAR) {
            long next = open.dequeueLong();
            int earlier = (int) (next >> 32);
            int later = (int) next;
            for (int user : lines.users(earlier)) {
                for (int other : lines.users(later)) {
                    if (isSameUse(user, earlier, other, later)
                            && isAlike(user, other)
                            && pairs.add(pair(user, other))) {
                        open.enqueue(pair(user, other));
                    }
                }
            }
        }
        return isShift(pairs) ? pairs.size() : 0;
    }

    private boolean isSameUse(int user, int earlier, int other, int later) {
        return user != other
                && !lines.isList(user)
                && lines.inputs(user).length == lines.inputs(other).length
                && lines.slot(user, earlier) == lines.slot(other, later);
    }

    /** Whether a state that an initial one stands for is compared with the state after it. */
    private boolean isShift(LongLinkedOpenHashSet pairs) {
        BitSet earlier = new BitSet();
        pairs.forEach((long each) -> earlier.set((int) (each >> 32)));
        LongArrayList open = new LongArrayList(pairs);
        LongOpenHashSet seen = new LongOpenHashSet(pairs);
        while (!open.isEmpty()) {
            long next = open.popLong();
            int[] some = lines.inputs((int) (next >> 32));
            int[] others = lines.inputs((int) next);
            for (int slot = 0; slot < some.length; slot++) {
                int from = some[slot];
                int to = others[slot];
                if (isGiven.get(from) && !isGiven.get(to)) {
                    if (earlier.get(to)) {
                        return true;
                    }
                } else if (from != to && seen.add(pair(from, to))) {
                    open.add(pair(from, to));
                }
            }
        }
        return false;
    }

    private static long pair(int one, int two) {
        return ((long) one << 32) | two;
    }

    /** Whether two nodes are computed alike, where an initial state is like the state in its place a step later. */
    private boolean isAlike(int one, int two) {
        long root = pair(one, two);
        if (alike.contains(root) || unlike.contains(root)) {
            return alike.contains(root);
        }
        LongArrayList open = new LongArrayList();
        LongOpenHashSet seen = new LongOpenHashSet();
        open.add(root);
        while (!open.isEmpty()) {
            long next = open.popLong();
            if (!seen.add(next) || alike.contains(next)) {
                continue;
            }
            if (unlike.contains(next) || !areLike((int) (next >> 32), (int) next, open)) {
                unlike.add(next);
                unlike.add(root);
                return false;
            }
        }
        alike.addAll(seen);
        return true;
    }

    /** Whether two different nodes may be one line, if the pairs of inputs that are left open are. */
    private boolean areLike(int one, int two, LongArrayList open) {
        if (ofParameters.get(one) && ofParameters.get(two)) {
            return identity[one] == identity[two];
        }
        if (lines.kind(one) != lines.kind(two) || lines.inputs(one).length != lines.inputs(two).length) {
            return false;
        }
        int[] some = lines.inputs(one);
        int[] others = lines.inputs(two);
        if (some.length == 0) {
            return !lines.isParameter(one)
                    && !lines.isParameter(two)
                    && lines.literal(one).equals(lines.literal(two));
        }
        if (areOtherParts(one, two)) {
            return false;
        }
        for (int slot = 0; slot < some.length; slot++) {
            int from = some[slot];
            int to = others[slot];
            boolean isStart = isGiven.get(from) && !isGiven.get(to);
            if (isStart ? !isStartOf(from, to) : isGiven.get(to) && !isGiven.get(from)) {
                return false;
            }
            if (!isStart && from != to) {
                open.add(pair(from, to));
            }
        }
        return true;
    }

    /** Whether two cuts are other parts of two arrays, or of the same parameter. */
    private boolean areOtherParts(int one, int two) {
        int from = lines.inputs(one)[0];
        return lines.node(one).op() instanceof Movement.Slice slice
                && lines.node(two).op() instanceof Movement.Slice other
                && !slice.start().equals(other.start())
                && (from != lines.inputs(two)[0] || ofParameters.get(from));
    }

    /** Whether something given may stand where later steps have a state. */
    private boolean isStartOf(int from, int state) {
        return lines.node(from).shape().equals(lines.node(state).shape())
                && lines.node(from).dtype() == lines.node(state).dtype()
                && descendants.computeIfAbsent(from, this::descendants).get(state);
    }

    private BitSet descendants(int of) {
        BitSet all = new BitSet();
        all.set(of);
        for (int i = of + 1; i < lines.count(); i++) {
            for (int input : lines.inputs(i)) {
                all.set(i, all.get(i) || all.get(input));
            }
        }
        return all;
    }
}
