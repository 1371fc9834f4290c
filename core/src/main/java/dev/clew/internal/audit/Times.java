package dev.clew.internal.audit;

import dev.clew.tensor.Graph;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.Arrays;
import java.util.BitSet;

/**
 * At which step of the loop every node stands.
 *
 * <p>A role that depends on itself is within a loop. Of each loop, the longest role whose members come one from the other counts the
 * steps, in the order in which they were computed; whatever else is in the loop stands at the step of the first of those that it leads to, or, if it leads
 * to none, of the last that it comes from. Steps that several loops have, in layers and directions, are counted in each.
 */
final class Times {
    /** What belongs to no step. */
    static final int NONE = -1;

    private final Graph graph;
    private final Roles roles;
    private final int[][] inputs;
    private final int[] loop;
    private final int[] time;
    private int steps;

    Times(Graph graph, Roles roles) {
        this.graph = graph;
        this.roles = roles;
        this.inputs = graph.inputPositions();
        this.loop = loops();
        this.time = new int[graph.size()];
        Arrays.fill(time, NONE);
        int[] anchors = anchors();
        for (int anchor : anchors) {
            steps = Math.max(steps, roles.members(anchor).length);
        }
        for (int anchor : anchors) {
            place(anchor);
        }
        placeOthers();
        takeOutInitialStates();
    }

    /** The state before the first step belongs to none. */
    private void takeOutInitialStates() {
        for (int i = 0; i < inputs.length; i++) {
            for (int input : inputs[i]) {
                if (inputs[input].length == 0 && isInLoop(i) && isFirstOfState(i, input)) {
                    time[input] = NONE;
                }
            }
        }
    }

    /** How many steps the longest loop has; 0 if there is none. */
    int steps() {
        return steps;
    }

    /** The step of a node, counted from 0 in the order of computation, or {@link #NONE}. */
    int of(int node) {
        return time[node];
    }

    /** Whether a node is within a loop: it depends on what the same line gave before, or is what later ones depend on. */
    boolean isInLoop(int node) {
        return loop[roles.role(node)] >= 0;
    }

    /** Whether a use carries something from one step to the next. */
    boolean crosses(int user, int input) {
        boolean isOfLoop = loop[roles.role(user)] == loop[roles.role(input)]
                || (inputs[input].length == 0 && isFirstOfState(user, input));
        return isInLoop(user) && time[input] < time[user] && time[user] != NONE && isOfLoop;
    }

    /** Whether a leaf stands where later steps have a state. */
    private boolean isFirstOfState(int user, int input) {
        int slot = 0;
        while (inputs[user][slot] != input) {
            slot++;
        }
        for (int other : roles.members(roles.role(user))) {
            int same = slot < inputs[other].length ? inputs[other][slot] : input;
            if (loop[roles.role(same)] == loop[roles.role(user)] && time[same] < time[other]) {
                return true;
            }
        }
        return false;
    }

    /** For every role the number of its loop, or -1: strongly connected components of the graph of roles. */
    private int[] loops() {
        IntOpenHashSet[] successors = new IntOpenHashSet[roles.count()];
        Arrays.setAll(successors, i -> new IntOpenHashSet());
        for (int i = 0; i < inputs.length; i++) {
            for (int input : inputs[i]) {
                successors[roles.role(input)].add(roles.role(i));
            }
        }
        int[] component = new Components(successors).of();
        int[] size = new int[roles.count()];
        for (int each : component) {
            size[each]++;
        }
        int[] found = new int[roles.count()];
        for (int i = 0; i < found.length; i++) {
            boolean isLoop = size[component[i]] > 1 || successors[i].contains(i);
            found[i] = isLoop && !isSumOnly(i, component) ? component[i] : -1;
        }
        return found;
    }

    /** A running total, such as that of the losses, is a loop of sums: it counts no steps and carries no state. */
    private boolean isSumOnly(int ofRole, int[] component) {
        for (int other = 0; other < component.length; other++) {
            if (component[other] == component[ofRole]) {
                boolean isTotal =
                        graph.node(roles.members(other)[0]).op().label().equals("plus")
                                && graph.node(roles.members(other)[0]).shape().elements() == 1;
                if (!isTotal) {
                    return false;
                }
            }
        }
        return true;
    }

    private int[] anchors() {
        int[] best = new int[roles.count()];
        Arrays.fill(best, -1);
        for (int i = 0; i < roles.count(); i++) {
            int of = loop[i];
            if (of >= 0 && (best[of] < 0 || isBetter(i, best[of]))) {
                best[of] = i;
            }
        }
        return Arrays.stream(best).filter(role -> role >= 0).toArray();
    }

    /** Whether a role counts the steps better than another one: as a chain, whose members come one after the other, or if it has more. */
    private boolean isBetter(int one, int two) {
        boolean isMore = roles.members(one).length > roles.members(two).length;
        boolean isChain = roles.isChain(one);
        return isChain == roles.isChain(two) ? isMore : isChain;
    }

    private void place(int anchor) {
        int[] some = roles.members(anchor);
        int[] leadsTo = new int[graph.size()];
        Arrays.fill(leadsTo, Integer.MAX_VALUE);
        for (int t = 0; t < some.length; t++) {
            leadsTo[some[t]] = t;
        }
        for (int i = graph.size() - 1; i >= 0; i--) {
            for (int input : inputs[i]) {
                leadsTo[input] = Math.min(leadsTo[input], leadsTo[i]);
            }
        }
        for (int i = 0; i < time.length; i++) {
            if (loop[roles.role(i)] == loop[anchor]) {
                time[i] = leadsTo[i] == Integer.MAX_VALUE ? steps - 1 : leadsTo[i];
            }
        }
        for (int t = 0; t < some.length; t++) {
            time[some[t]] = t;
        }
        afterTheLast(anchor);
    }

    /** What is in the loop, behind its last anchor, belongs to the last step. */
    private void afterTheLast(int anchor) {
        int last = roles.members(anchor).length - 1;
        for (int i = 0; i < time.length; i++) {
            if (loop[roles.role(i)] == loop[anchor] && time[i] > last) {
                time[i] = last;
            }
        }
    }

    /** Outside of loops: by rank if there is one for every step, else with what it comes from, else with what it leads to. */
    private void placeOthers() {
        placeByRank();
        placeWithInputs();
        placeWithUsers();
    }

    /** What is computed from a loop was made in the order of its steps; data may have been made in any. */
    private void placeByRank() {
        BitSet isBehind = new BitSet();
        for (int i = 0; i < inputs.length; i++) {
            isBehind.set(i, isInLoop(i) || Arrays.stream(inputs[i]).anyMatch(isBehind::get));
        }
        for (int of = 0; of < roles.count(); of++) {
            int[] some = roles.members(of);
            if (loop[of] < 0
                    && some.length == steps
                    && steps > 1
                    && Arrays.stream(some).anyMatch(isBehind::get)) {
                for (int t = 0; t < some.length; t++) {
                    time[some[t]] = t;
                }
            }
        }
    }

    private void placeWithInputs() {
        for (int i = 0; i < time.length; i++) {
            for (int input : inputs[i]) {
                if (loop[roles.role(i)] < 0 && roles.members(roles.role(i)).length != steps) {
                    time[i] = Math.max(time[i], time[input]);
                }
            }
        }
    }

    /** At the first step that a node leads to; data that loops in two directions share, at that of the loop that was made first. */
    private void placeWithUsers() {
        int[] earliest = earliestUses(false);
        int[] first = earliestUses(true);
        for (int of = 0; of < roles.count(); of++) {
            int[] some = roles.members(of);
            boolean isShared = some.length == steps && !areDistinct(some, earliest) && areDistinct(some, first);
            for (int i : some) {
                int at = isShared ? first[i] : earliest[i];
                boolean isData = (inputs[i].length > 0 && !roles.isOfParameters(i)) || some.length > 1;
                if (time[i] == NONE && isData && at != Integer.MAX_VALUE) {
                    time[i] = at;
                }
            }
        }
    }

    private static boolean areDistinct(int[] nodes, int[] at) {
        return Arrays.stream(nodes).map(node -> at[node]).distinct().count() == nodes.length;
    }

    /** For every node the first step that it leads to, or that its first use does; the greatest number if there is none. */
    private int[] earliestUses(boolean isByFirstUse) {
        int[] earliest = new int[time.length];
        Arrays.fill(earliest, Integer.MAX_VALUE);
        for (int i = time.length - 1; i >= 0; i--) {
            int at = time[i] == NONE ? earliest[i] : time[i];
            for (int input : inputs[i]) {
                boolean isFirst = isByFirstUse && at != Integer.MAX_VALUE;
                earliest[input] = isFirst ? at : Math.min(earliest[input], at);
            }
        }
        return earliest;
    }

    /** Strongly connected components by two passes in depth (Kosaraju, Sharir). */
    private static final class Components {
        private final IntOpenHashSet[] successors;

        Components(IntOpenHashSet[] successors) {
            this.successors = successors;
        }

        int[] of() {
            int n = successors.length;
            IntArrayList order = new IntArrayList();
            boolean[] seen = new boolean[n];
            for (int i = 0; i < n; i++) {
                visit(i, successors, seen, order);
            }
            IntOpenHashSet[] predecessors = new IntOpenHashSet[n];
            Arrays.setAll(predecessors, i -> new IntOpenHashSet());
            for (int i = 0; i < n; i++) {
                for (int to : successors[i]) {
                    predecessors[to].add(i);
                }
            }
            int[] component = new int[n];
            boolean[] done = new boolean[n];
            for (int k = n - 1; k >= 0; k--) {
                IntArrayList together = new IntArrayList();
                visit(order.getInt(k), predecessors, done, together);
                for (int each : together) {
                    component[each] = order.getInt(k);
                }
            }
            return component;
        }

        private static void visit(int from, IntOpenHashSet[] next, boolean[] seen, IntArrayList after) {
            IntArrayList stack = new IntArrayList();
            if (!seen[from]) {
                seen[from] = true;
                stack.push(from);
            }
            while (!stack.isEmpty()) {
                int node = stack.topInt();
                int open = -1;
                for (int to : next[node]) {
                    open = seen[to] ? open : to;
                }
                if (open < 0) {
                    after.add(stack.popInt());
                } else {
                    seen[open] = true;
                    stack.push(open);
                }
            }
        }
    }
}
