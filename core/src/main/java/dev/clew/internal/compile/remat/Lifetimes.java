package dev.clew.internal.compile.remat;

import dev.clew.array.IntTuple;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import java.util.Arrays;

/**
 * When values are there, in steps of a clock that ticks once for every operation on a path. What is smaller than what it is made
 * of is computed as soon as it can be, anything else as late as it can be without delaying the end. So what only a gradient needs
 * is computed where the gradient is, and a loop over time goes around as the clock goes.
 */
public final class Lifetimes {
    private final Program program;
    private final PartialSums sums;
    private final int[] base;
    private final int[] time;
    private final int[] last;
    private final int peak;

    public Lifetimes(Program program, PartialSums sums) {
        this.program = program;
        this.sums = sums;
        this.base = program.bases();
        this.time = time(latest(earliest()));
        this.last = last();
        this.peak = largest(live());
    }

    /** When a node is computed; for a view, what it shows. */
    int time(int node) {
        return time[node];
    }

    /** When a node is needed for the last time. */
    int last(int node) {
        return last[base[node]];
    }

    /** When most bytes are in use. */
    public int peak() {
        return peak;
    }

    /** Whether a node is computed before most bytes are in use, and needed after that. */
    boolean isKept(int node) {
        return program.node(node).isComputed() && !sums.isApart(node) && time[node] <= peak && last(node) > peak;
    }

    /** The bytes of all such nodes. */
    public long kept() {
        long bytes = 0;
        for (int i = 0; i < time.length; i++) {
            bytes += isKept(i) ? NodeBytes.of(program.node(i)) : 0;
        }
        return bytes;
    }

    private int[] earliest() {
        int[] earliest = new int[program.size()];
        for (int i = 0; i < earliest.length; i++) {
            earliest[i] = after(earliest, i);
        }
        return earliest;
    }

    private int after(int[] times, int i) {
        Node node = program.node(i);
        int latest = 0;
        for (int input = 0; input < node.inputCount(); input++) {
            latest = Math.max(latest, times[node.input(input)]);
        }
        return latest + (node.isComputed() ? 1 : 0);
    }

    private int[] latest(int[] earliest) {
        int[] latest = new int[program.size()];
        Arrays.fill(latest, Arrays.stream(earliest).max().orElse(0));
        for (int i = latest.length - 1; i >= 0; i--) {
            Node node = program.node(i);
            int before = latest[i] - (node.isComputed() ? 1 : 0);
            for (int input = 0; input < node.inputCount(); input++) {
                latest[node.input(input)] = Math.min(latest[node.input(input)], before);
            }
        }
        return latest;
    }

    private int[] time(int[] latest) {
        int[] times = new int[program.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = program.node(i).isComputed() && !isSmaller(program.node(i)) ? latest[i] : after(times, i);
        }
        return times;
    }

    private boolean isSmaller(Node node) {
        IntTuple inputs = node.inputs();
        for (int input = 0; input < inputs.length(); input++) {
            Node operand = program.node(base[inputs.get(input)]);
            if (operand.isComputed() && NodeBytes.of(operand) > NodeBytes.of(node)) {
                return true;
            }
        }
        return false;
    }

    private int[] last() {
        int[] found = time.clone();
        for (int i = 0; i < found.length; i++) {
            Node node = program.node(i);
            PartialSums.Sum sum = sums.of(i);
            if (sum != null) {
                sum.parts().forEach(term -> take(found, term));
            } else if (node.isComputed() && !sums.isApart(i)) {
                for (int input = 0; input < node.inputCount(); input++) {
                    use(found, node.input(input), time[i]);
                }
            }
        }
        for (int output : program.outputs()) {
            use(found, output, Integer.MAX_VALUE);
        }
        return found;
    }

    /** Terms are added when all that they are made of is there. */
    private void take(int[] found, int[] term) {
        int when = 0;
        for (int part : term) {
            when = Math.max(when, time[part]);
        }
        for (int part : term) {
            use(found, part, when);
        }
    }

    private void use(int[] found, int node, int when) {
        found[base[node]] = Math.max(found[base[node]], when);
    }

    private long[] live() {
        int end = Arrays.stream(time).max().orElse(0);
        long[] change = new long[end + 2];
        for (int i = 0; i < time.length; i++) {
            Node node = program.node(i);
            if (node.isComputed() && !sums.isApart(i) && last[i] <= end) {
                change[time[i]] += NodeBytes.of(node);
                change[last[i] + 1] -= NodeBytes.of(node);
            }
        }
        for (int tick = 0; tick <= end; tick++) {
            change[tick + 1] += change[tick];
        }
        return change;
    }

    private static int largest(long[] live) {
        int best = 0;
        for (int tick = 0; tick < live.length; tick++) {
            if (live[tick] > live[best]) {
                best = tick;
            }
        }
        return best;
    }
}
