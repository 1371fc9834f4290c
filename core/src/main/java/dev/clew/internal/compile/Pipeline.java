package dev.clew.internal.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.compile.emit.EmitRecords;
import dev.clew.internal.compile.emit.Emitted;
import dev.clew.internal.compile.layout.ArrangeBlocks;
import dev.clew.internal.compile.layout.OverlayBlocks;
import dev.clew.internal.compile.layout.PlaceValues;
import dev.clew.internal.compile.layout.Placement;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.rewrite.Lift;
import dev.clew.internal.compile.rewrite.MergeColumns;
import dev.clew.internal.compile.rewrite.MergeLeftovers;
import dev.clew.internal.compile.rewrite.MergeRows;
import dev.clew.internal.compile.rewrite.MergeSums;
import dev.clew.internal.compile.rewrite.Recurrences;
import dev.clew.internal.compile.rewrite.Simplify;
import dev.clew.internal.compile.rewrite.SplitLongSums;
import dev.clew.internal.compile.rewrite.StackSums;
import dev.clew.internal.compile.schedule.FuseLoops;
import dev.clew.internal.compile.schedule.FuseRows;
import dev.clew.internal.compile.schedule.OrderUnits;
import dev.clew.internal.compile.verify.Verify;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The stages from a captured program to records and their memory, in their order: the one place that knows it. A whole plan and one
 * within a number of bytes go the same way; the second is cut into phases on it.
 *
 * <p>Where assertions are on, or with {@code -Dclew.verify=true}, what every stage leaves is verified. {@code
 * -Dclew.show=fuse} logs what that stage leaves of every program, and {@code -Dclew.show=all} every stage.
 */
final class Pipeline {
    private static final System.Logger LOG = System.getLogger(Pipeline.class.getName());
    private static final String SHOWN = System.getProperty("clew.show", "");

    private static final String PHASES = "phases";

    /** All stages. A merge that changed something is followed by a simplification, since other nodes may have become equal. */
    static final ImmutableList<Stage> STAGES = ImmutableList.<Stage>builder()
            .add(Stage.of("simplify", Pass.SIMPLIFY, Simplify::of))
            .addAll(merge("merge columns of parameters", program -> new MergeColumns(program).parameters()))
            .addAll(merge("merge sums of gates", program -> new MergeSums(program).gates()))
            .addAll(merge("merge columns of parts", program -> new MergeColumns(program).parts()))
            .addAll(merge("merge leftovers", program -> new MergeLeftovers(program).run()))
            .addAll(merge("merge sums over time", program -> new MergeSums(program).overTime()))
            .add(Stage.withinBytes("sums of stacks", StackSums::of))
            .add(Stage.simplifyAfter("sums of stacks"))
            .add(new Stage(PHASES, Stage.Makes.PROGRAM, Compilation::cutIntoPhases))
            .add(Stage.simplifyAfter(PHASES))
            .addAll(merge("merge rows", MergeRows::of))
            .add(Stage.of("recurrences", Pass.LOOP, Recurrences::of))
            .add(Stage.simplifyAfter("recurrences"))
            .addAll(merge("lift", Lift::of))
            .add(new Stage(
                    "long sums",
                    Stage.Makes.PROGRAM,
                    made -> made.take(SplitLongSums.of(made.program(), made.does(Pass.FUSE)))))
            .add(new Stage(
                    "fuse",
                    Stage.Makes.UNITS,
                    made -> made.take(
                            made.does(Pass.FUSE) ? FuseLoops.of(made.program()) : FuseLoops.none(made.program()))))
            .add(new Stage("order", Stage.Makes.ORDER, made -> {
                if (made.does(Pass.ORDER) || made.does(Pass.FUSE)) {
                    made.take(OrderUnits.of(made.schedule()));
                }
            }))
            .add(new Stage("fuse rows", Stage.Makes.ORDER, made -> {
                if (made.does(Pass.FUSE)) {
                    made.take(FuseRows.of(made.schedule()));
                }
            }))
            .add(new Stage(
                    "place",
                    Stage.Makes.PLACES,
                    made -> made.take(
                            made.does(Pass.PLACE) ? PlaceValues.of(made.program()) : Placement.apart(made.program()))))
            .add(new Stage(
                    "emit",
                    Stage.Makes.RECORDS,
                    made -> made.take(EmitRecords.of(
                            made.schedule(), made.places(), made.updates(), made.staying(), Verify.IS_ON))))
            .add(new Stage("overlay", Stage.Makes.RECORDS, made -> {
                if (made.does(Pass.PLACE)) {
                    Emitted emitted = made.emitted();
                    made.take(emitted.with(OverlayBlocks.of(emitted.drafts(), emitted.blocks())));
                }
            }))
            .add(new Stage(
                    "arrange",
                    Stage.Makes.MEMORY,
                    made -> made.takeBytes(ArrangeBlocks.of(made.emitted().blocks()))))
            .build();

    /** Those that do not depend on how a program is cut into phases, and the rest. */
    static final List<Stage> BEFORE_PHASES = STAGES.subList(0, position(PHASES));

    static final List<Stage> FROM_PHASES = STAGES.subList(position(PHASES), STAGES.size());

    static {
        if (!SHOWN.isEmpty() && !SHOWN.equals("all")) {
            try {
                position(SHOWN);
            } catch (IllegalArgumentException unknown) {
                LOG.log(Level.WARNING, "clew.show: {0}", unknown.getMessage());
            }
        }
    }

    private Pipeline() {}

    private static List<Stage> merge(String name, UnaryOperator<Program> pass) {
        return List.of(Stage.of(name, Pass.MERGE, pass), Stage.simplifyAfter(name));
    }

    /** Goes through some stages, one after the other. */
    static Compilation run(List<Stage> stages, Compilation compilation) {
        for (Stage stage : stages) {
            compilation.go(stage);
            if (SHOWN.equals("all") || SHOWN.equals(stage.name())) {
                LOG.log(
                        Level.INFO,
                        "after {0}:\n{1}",
                        stage.name(),
                        stage.makes().text(compilation));
            }
        }
        return compilation;
    }

    /**
     * What a stage leaves of a program, to be read.
     *
     * @throws IllegalArgumentException if there is no such stage; it names all
     */
    static String show(String stage, Compilation compilation) {
        int last = position(stage);
        return STAGES.get(last).makes().text(run(STAGES.subList(0, last + 1), compilation));
    }

    static int position(String name) {
        for (int i = 0; i < STAGES.size(); i++) {
            if (STAGES.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no stage \"" + name + "\": there are "
                + STAGES.stream().map(Stage::name).collect(Collectors.joining(", ")));
    }
}
