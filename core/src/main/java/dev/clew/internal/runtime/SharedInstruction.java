package dev.clew.internal.runtime;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Records that two threads do side by side, each its part of all of them, without waiting for each other in between. They may be
 * together if no part of one touches what another part of another one writes: so the steps of a recurrence over a batch are, each
 * thread with its rows of the batch.
 */
public final class SharedInstruction implements Instruction, Workers.Task {
    /** Handing over costs about 2 µs, so it must be worth that. */
    private static final double WORTH_NANOS = 10_000;

    private static final int PARTS = 2;

    private final ImmutableList<Divided> records;

    private SharedInstruction(List<Divided> records) {
        this.records = ImmutableList.copyOf(records);
    }

    @Override
    public void run(MemorySegment memory) {
        Workers.run(this, memory);
    }

    @Override
    public void run(MemorySegment memory, int part, int parts) {
        for (int i = 0; i < records.size(); i++) {
            records.get(i).run(memory, part, parts);
        }
    }

    /**
     * The same records with those together that can be and are worth it.
     *
     * @param nanos how long each takes, about
     */
    public static List<Instruction> of(List<Instruction> records, double[] nanos) {
        List<Instruction> shared = new ArrayList<>();
        Group group = new Group();
        for (int i = 0; i < records.size(); i++) {
            Instruction record = records.get(i);
            if (!(record instanceof Divided divided)) {
                group.end(shared);
                shared.add(record);
                continue;
            }
            Touched touched = new Touched(divided);
            if (!group.takes(touched)) {
                group.end(shared);
            }
            group.add(divided, touched, nanos[i]);
        }
        group.end(shared);
        return shared;
    }

    /** Every record by itself, shared by two threads if it is worth it. */
    public static List<Instruction> apart(List<Instruction> records, double[] nanos) {
        List<Instruction> shared = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            shared.add(
                    records.get(i) instanceof Divided divided && nanos[i] >= WORTH_NANOS
                            ? new SharedInstruction(List.of(divided))
                            : records.get(i));
        }
        return shared;
    }

    /** What the parts of one record touch. */
    private static final class Touched {
        private final List<List<Range<Long>>> reads = new ArrayList<>();
        private final List<List<Range<Long>>> writes = new ArrayList<>();

        Touched(Divided record) {
            for (int part = 0; part < PARTS; part++) {
                List<Range<Long>> read = new ArrayList<>();
                List<Range<Long>> written = new ArrayList<>();
                reads.add(read);
                writes.add(written);
                record.reach(part, PARTS, new Divided.Reach() {
                    @Override
                    public void reads(long from, long to) {
                        add(read, from, to);
                    }

                    @Override
                    public void writes(long from, long to) {
                        add(written, from, to);
                    }
                });
            }
        }
    }

    private static void add(List<Range<Long>> ranges, long from, long to) {
        if (from < to) {
            ranges.add(Range.closedOpen(from, to));
        }
    }

    /** Records that go together so far. */
    private static final class Group {
        private final List<Divided> records = new ArrayList<>();
        private final List<RangeSet<Long>> reads = new ArrayList<>();
        private final List<RangeSet<Long>> writes = new ArrayList<>();
        private double nanos;

        Group() {
            for (int part = 0; part < PARTS; part++) {
                reads.add(TreeRangeSet.create());
                writes.add(TreeRangeSet.create());
            }
        }

        boolean takes(Touched next) {
            for (int part = 0; part < PARTS; part++) {
                RangeSet<Long> othersReads = reads.get(PARTS - 1 - part);
                RangeSet<Long> othersWrites = writes.get(PARTS - 1 - part);
                boolean isFree = next.writes.get(part).stream()
                                .noneMatch(range -> othersReads.intersects(range) || othersWrites.intersects(range))
                        && next.reads.get(part).stream().noneMatch(othersWrites::intersects);
                if (!isFree) {
                    return false;
                }
            }
            return true;
        }

        void add(Divided record, Touched touched, double time) {
            records.add(record);
            nanos += time;
            for (int part = 0; part < PARTS; part++) {
                reads.get(part).addAll(touched.reads.get(part));
                writes.get(part).addAll(touched.writes.get(part));
            }
        }

        void end(List<Instruction> to) {
            if (nanos >= WORTH_NANOS) {
                to.add(new SharedInstruction(records));
            } else {
                to.addAll(records);
            }
            records.clear();
            reads.forEach(RangeSet::clear);
            writes.forEach(RangeSet::clear);
            nanos = 0;
        }
    }
}
