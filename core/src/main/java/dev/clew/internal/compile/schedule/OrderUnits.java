package dev.clew.internal.compile.schedule;

import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import it.unimi.dsi.fastutil.longs.LongHeapPriorityQueue;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of the units: phase by phase, and within one always the unit that can go and whose last node was made first (Kahn, Topological Sorting of Large
 * Networks, 1962). That is the order of the user's loop, as far as merged units allow it, so values are used soon after they
 * are made.
 */
public final class OrderUnits {
    private final Schedule schedule;
    private final int[] unitOf;
    private final int[] base;
    /** The units that need unit u are {@code needing[start[u]] .. needing[start[u + 1] - 1]}. */
    private final int[] start;

    private final int[] waiting;

    private OrderUnits(Schedule schedule) {
        this.schedule = schedule;
        this.unitOf = schedule.unitOf();
        this.base = schedule.program().bases();
        this.start = new int[schedule.units().size() + 1];
        this.waiting = new int[schedule.units().size()];
    }

    public static Schedule of(Schedule schedule) {
        OrderUnits order = new OrderUnits(schedule);
        List<Schedule.Unit> byTime = order.byTime();
        return new Schedule(schedule.program(), byTime.isEmpty() ? order.sorted(order.needing()) : byTime);
    }

    /** The units by when they were made, if each comes after what it needs then: so they would be taken one by one; else none. */
    private List<Schedule.Unit> byTime() {
        boolean[] isEarly = {true};
        visit((from, to) -> isEarly[0] &=
                when(schedule.units().get(from)) < when(schedule.units().get(to)));
        if (!isEarly[0]) {
            return List.of();
        }
        long[] times = schedule.units().stream().mapToLong(this::when).sorted().toArray();
        List<Schedule.Unit> units = new ArrayList<>(times.length);
        for (long time : times) {
            units.add(schedule.units().get(unitOf[(int) time]));
        }
        return units;
    }

    private int[] needing() {
        visit((from, to) -> {
            start[from + 1]++;
            waiting[to]++;
        });
        for (int unit = 0; unit < waiting.length; unit++) {
            start[unit + 1] += start[unit];
        }
        int[] next = start.clone();
        int[] needing = new int[start[waiting.length]];
        visit((from, to) -> needing[next[from]++] = to);
        return needing;
    }

    /** Takes a unit and one that uses what it computes. */
    @FunctionalInterface
    private interface Edge {
        void take(int from, int to);
    }

    private void visit(Edge edge) {
        Program program = schedule.program();
        for (int unit = 0; unit < waiting.length; unit++) {
            for (int member : schedule.units().get(unit).members()) {
                Node node = program.node(member);
                for (int input = 0; input < node.inputCount(); input++) {
                    int from = unitOf[base[node.input(input)]];
                    if (from >= 0 && from != unit) {
                        edge.take(from, unit);
                    }
                }
            }
        }
    }

    /** The phase of a unit and, in the lower half, its last node, which tells it from all others: what is smaller goes first. */
    private long when(Schedule.Unit unit) {
        return (long) schedule.program().node(unit.last()).phase() << Integer.SIZE | unit.last();
    }

    private List<Schedule.Unit> sorted(int[] needing) {
        List<Schedule.Unit> units = schedule.units();
        LongHeapPriorityQueue ready = new LongHeapPriorityQueue();
        for (int unit = 0; unit < waiting.length; unit++) {
            if (waiting[unit] == 0) {
                ready.enqueue(when(units.get(unit)));
            }
        }
        List<Schedule.Unit> order = new ArrayList<>(units.size());
        while (!ready.isEmpty()) {
            int unit = unitOf[(int) ready.dequeueLong()];
            order.add(units.get(unit));
            for (int i = start[unit]; i < start[unit + 1]; i++) {
                if (--waiting[needing[i]] == 0) {
                    ready.enqueue(when(units.get(needing[i])));
                }
            }
        }
        if (order.size() != units.size()) {
            throw new IllegalStateException(
                    (units.size() - order.size()) + " of " + units.size() + " units wait for each other");
        }
        return order;
    }
}
