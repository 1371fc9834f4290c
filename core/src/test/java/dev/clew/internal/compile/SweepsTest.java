package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.compile.run.Tape;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.kernel.KernelAllocation;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Unpick;
import dev.clew.internal.tensor.Window;
import dev.clew.plan.Plan;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Selections, windows and recurrences: to the bit what the walk gives, wherever operands and results lie. */
final class SweepsTest {
    private static final int[] BAD = {-1, 5, Integer.MIN_VALUE, Integer.MAX_VALUE};

    // ------------------------------------------------------------------------------------------- the bits of the walk

    @Property(tries = 200)
    void gatherAndScatter(@ForAll long seed) {
        Draws draws = new Draws(seed);
        DType type = draws.type(DType.values());
        Shape rows = draws.shape(1, 3);
        Shape indices = draws.shape(0, 2);
        Tensor index = draws.indices(indices, rows.length(0));
        Tensor gathered = new Selection.Gather().on(draws.tensor(type, rows), index);
        sameAsTheWalk(draws, gathered, "Gather");
        DType floating = draws.type(DType.F64, DType.F32);
        Tensor added = draws.tensor(floating, gathered.shape());
        sameAsTheWalk(draws, new Selection.ScatterAdd(rows).on(added, index), "Scatter");
    }

    @Property(tries = 200)
    void pickAndUnpick(@ForAll long seed) {
        Draws draws = new Draws(seed);
        DType type = draws.type(DType.values());
        Shape rows = draws.shape(1, 3);
        Shape indices = draws.isTrue() ? rows.without(-1) : rows.with(-1, 1 + draws.below(4));
        Tensor index = draws.indices(indices, rows.length(-1));
        sameAsTheWalk(draws, new Selection.Pick().on(draws.tensor(type, rows), index), "Gather");
        DType floating = draws.type(DType.F64, DType.F32);
        Tensor added = draws.tensor(floating, indices);
        sameAsTheWalk(draws, new Unpick(rows).on(added, index), "Scatter");
    }

    @Property(tries = 100)
    void oneHot(@ForAll long seed) {
        Draws draws = new Draws(seed);
        int classes = 1 + draws.below(5);
        Tensor index = draws.indices(draws.shape(0, 2), classes);
        sameAsTheWalk(draws, new Selection.OneHot(classes, draws.type(DType.values())).on(index), "MarkChosen");
    }

    @Property(tries = 200)
    void place(@ForAll long seed) {
        Draws draws = new Draws(seed);
        DType type = draws.type(DType.F64, DType.F32);
        Shape to = draws.shape(0, 3);
        ImmutableList.Builder<Window> windows = ImmutableList.builder();
        List<Tensor> parts = new ArrayList<>();
        for (int i = 1 + draws.below(5); i > 0; i--) {
            Window window = draws.window(to);
            windows.add(window);
            parts.add(draws.tensor(type, window.size()));
        }
        Tensor placed = new Place(to, windows.build()).on(parts.toArray(new Tensor[0]));
        sameAsTheWalk(draws, placed, "");
    }

    @Property(tries = 150)
    void argMax(@ForAll long seed) {
        Draws draws = new Draws(seed);
        Shape shape = draws.shape(1, 4);
        int[] axes = draws.someOf(shape.rank());
        Tensor x = draws.tensor(draws.type(DType.values()), shape);
        sameAsTheWalk(draws, new Reduction.ArgMax(IntTuple.of(axes)).on(x), "Largest");
    }

    @Property(tries = 150)
    void linearRecurrence(@ForAll long seed) {
        Draws draws = new Draws(seed);
        DType type = draws.type(DType.F64, DType.F32);
        Shape shape = draws.shape(1, 3);
        Scan scan = new Scan.LinearRecurrence(draws.below(shape.rank()), draws.isTrue());
        sameAsTheWalk(
                draws,
                scan.on(draws.tensor(type, shape), draws.tensor(type, shape)),
                "Recurrence",
                "KernelLoop",
                "MoveElements");
    }

    /** More indices than one block: rows and single elements, several of a row, and all of them the same. */
    @Property(tries = 20)
    void manyIndices(@ForAll long seed) {
        Draws draws = new Draws(seed);
        DType type = draws.type(DType.F64, DType.F32);
        int count = 250 + draws.below(800);
        int rows = 1 + draws.below(40);
        Tensor index = draws.indices(Shape.of(count), rows);
        Shape row = draws.shape(0, 2);
        Tensor added = draws.tensor(type, row.insert(0, count));
        sameAsTheWalk(draws, new Selection.ScatterAdd(row.insert(0, rows)).on(added, index), "Scatter");
        Tensor same = draws.indices(Shape.SCALAR, rows).broadcastTo(Shape.of(count));
        sameAsTheWalk(draws, new Selection.ScatterAdd(row.insert(0, rows)).on(added, same), "Scatter");
        Tensor several = draws.indices(Shape.of(2, count), rows);
        Tensor picked = draws.tensor(type, Shape.of(2, count));
        sameAsTheWalk(draws, new Unpick(Shape.of(2, rows)).on(picked, several), "Scatter");
    }

    /** Longer than the blocks in which rows are added and the zeros that are copied. */
    @Test
    void longRows() {
        Draws draws = new Draws(7);
        for (DType type : List.of(DType.F64, DType.F32)) {
            Shape rows = Shape.of(3, 2500);
            Tensor index = draws.indices(Shape.of(7), 3);
            Tensor added = draws.tensor(type, Shape.of(7, 2500));
            sameAsTheWalk(draws, new Selection.ScatterAdd(rows).on(added, index), "Scatter");
            sameAsTheWalk(draws, new Selection.Gather().on(draws.tensor(type, rows), index), "Gather");
        }
    }

    @Test
    void whatHasNoElementsIsAsInTheWalk() {
        Tensor none = Tensor.of(NDArray.full(0, DType.I32, Shape.of(0)));
        Tensor noRows = Tensor.of(NDArray.full(0, DType.F32, Shape.of(0, 2)));
        Window nothing = new Window(IntTuple.of(0, 0), IntTuple.of(1, 1), Shape.of(0, 2));
        List<Tensor> outputs = List.of(
                new Selection.ScatterAdd(Shape.of(3, 2)).on(noRows, none),
                new Place(Shape.of(3, 2), ImmutableList.of(nothing)).on(noRows),
                noRows.gather(none).sum());
        assertThat(bits(new CompilingEvaluator(Compiler.ALL).evaluate(outputs)))
                .isEqualTo(bits(Evaluator.plain().evaluate(outputs)));
    }

    /** A sum that goes on, as those of a plan within bytes do, and to which nothing comes. */
    @Test
    void anAdditionOfNothingGoesOnFromWhatWasThere() {
        Shape rows = Shape.of(3, 2);
        Program.Builder builder = new Program.Builder(4);
        int begun = builder.leaf(new Node(new Source.Input("begun", rows, DType.F64), rows, DType.F64));
        int added =
                builder.leaf(new Node(new Source.Input("added", Shape.of(0, 2), DType.F64), Shape.of(0, 2), DType.F64));
        int indices = builder.leaf(new Node(new Source.Input("at", Shape.of(0), DType.I32), Shape.of(0), DType.I32));
        int twice = builder.add(Binary.PLUS, rows, DType.F64, begun, begun);
        int sum = builder.add(new Selection.ScatterAdd(rows), rows, DType.F64, added, indices, twice);
        Program program = builder.build(sum);
        assertThat(program.node(program.output(0)).isContinued()).isTrue();
        NDArray numbers = NDArray.of(rows, 1.0, -2, 3, -4, 5, -6);
        for (Set<Pass> passes : List.of(EnumSet.noneOf(Pass.class), EnumSet.allOf(Pass.class))) {
            assertThat(Tape.of(Compiler.compile(program, passes))
                            .run(List.of(
                                    numbers,
                                    NDArray.full(0, DType.F64, Shape.of(0, 2)),
                                    NDArray.full(0, DType.I32, Shape.of(0))))
                            .getFirst()
                            .toDoubles())
                    .as(passes.toString())
                    .containsExactly(2, -4, 6, -8, 10, -12);
        }
    }

    @Test
    void minusZeroStaysWhereItIsPlacedAndOnlyThere() {
        Window first = new Window(IntTuple.of(0), IntTuple.of(1), Shape.of(3));
        Window second = new Window(IntTuple.of(4), IntTuple.of(-1), Shape.of(3));
        Tensor part = Tensor.of(NDArray.of(new double[] {-0.0, -0.0, -0.0}));
        Tensor placed = new Place(Shape.of(6), ImmutableList.of(first, second)).on(part, part);
        double[] found = new CompilingEvaluator(Compiler.ALL)
                .evaluate(List.of(placed))
                .getFirst()
                .toDoubles();
        assertThat(Arrays.stream(found).mapToObj(Double::toString))
                .containsExactly("-0.0", "-0.0", "-0.0", "-0.0", "-0.0", "0.0");
    }

    /** With all passes and with none, on its own and where its home is a part of something else. */
    private static void sameAsTheWalk(Draws draws, Tensor y, String... records) {
        List<Tensor> outputs = new ArrayList<>(List.of(y));
        if (y.shape().rank() > 0) {
            int axis = draws.below(y.shape().rank());
            Tensor other = Tensor.of(NDArray.full(1, y.dtype(), y.shape()));
            outputs.add(Tensor.concat(axis, List.of(other, y, other)));
            outputs.add(Tensor.concat(axis, List.of(y.flip(axis), other))
                    .transpose(Draws.reversed(y.shape().rank())));
        }
        List<String> expected = bits(Evaluator.plain().evaluate(outputs));
        for (Set<Pass> passes : List.of(Compiler.ALL, EnumSet.noneOf(Pass.class))) {
            assertThat(bits(new CompilingEvaluator(passes).evaluate(outputs))).isEqualTo(expected);
            Set<String> kinds = kinds(Compiler.compile(Capture.of(outputs).program(), passes));
            assertThat(kinds).allMatch(kind -> !kind.contains("Fallback"));
            assertThat(kinds).anyMatch(kind -> Arrays.stream(records).anyMatch(kind::startsWith));
        }
    }

    private static Set<String> kinds(CompiledProgram code) {
        Set<String> kinds = new TreeSet<>();
        code.drafts()
                .forEach(draft -> kinds.add(
                        draft.maker().make(RecordDraft.Form.PLAIN).getClass().getSimpleName()));
        return kinds;
    }

    private static List<String> bits(List<NDArray> arrays) {
        return arrays.stream()
                .map(array -> array.dtype() + " " + array.shape() + " "
                        + Arrays.toString(Arrays.stream(array.toDoubles())
                                .mapToLong(Double::doubleToLongBits)
                                .toArray()))
                .toList();
    }

    // ------------------------------------------------------------------------------------------------------- errors

    /** Every operation that is given indices, each with five things to choose from. */
    private static Map<String, Function<Tensor, Tensor>> choosing() {
        Tensor rows = Tensor.of(NDArray.full(1, DType.F32, Shape.of(5, 3)));
        Tensor classes = Tensor.of(NDArray.full(1, DType.F64, Shape.of(3, 5)));
        return Map.of(
                "gather", rows::gather,
                "scatterAdd", at -> new Selection.ScatterAdd(rows.shape()).on(rows.slice(0, 0, 3), at),
                "pick", classes::pick,
                "unpick", at -> new Unpick(classes.shape()).on(Tensor.of(NDArray.full(1, DType.F64, Shape.of(3))), at),
                "oneHot", at -> Tensor.oneHot(at, 5, DType.F32));
    }

    @Test
    void anIndexOutsideIsTheErrorOfTheWalk() {
        choosing().forEach((label, operation) -> {
            for (int bad : BAD) {
                Tensor at = Tensor.of(NDArray.of(new double[] {4, bad, 0})).cast(DType.I32);
                Tensor y = operation.apply(at);
                Throwable expected = error(() -> Evaluator.plain().evaluate(List.of(y)));
                assertThat(error(() -> new CompilingEvaluator(Compiler.ALL).evaluate(List.of(y))))
                        .as(label)
                        .hasMessage(expected.getMessage())
                        .hasMessageContaining("index " + bad);
            }
        });
    }

    @Test
    void aPlanSaysWhichIndexIsOutside() {
        choosing().forEach((label, operation) -> {
            Tensor at = Tensor.input("at", DType.I32, 3);
            Plan plan = Plan.compile(List.of(operation.apply(at)));
            for (int bad : BAD) {
                assertThatThrownBy(() -> plan.run(Map.of(at, NDArray.of(new int[] {bad, 0, 0}))))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith(label + ": index " + bad
                                + " at position 0 of (3), from the input \"at\" (3) i32 at [0] is outside 0 to 4");
            }
            assertThat(plan.run(Map.of(at, NDArray.of(new int[] {4, 0, 0})))).hasSize(1);
        });
    }

    @Test
    void anIndexOutsideTouchesNothingElse() {
        choosing().forEach((label, operation) -> {
            for (int bad : BAD) {
                Tensor at = Tensor.input("at", DType.I32, 3);
                CompiledProgram code = Compiler.compile(
                        Capture.withInputs(List.of(operation.apply(at))).program(), Compiler.ALL);
                MemoryView indices = code.emitted().leaves().stream()
                        .flatMap(List::stream)
                        .filter(leaf -> leaf.type() == DType.I32)
                        .findFirst()
                        .orElseThrow();
                MemoryView home = code.emitted().outputs().getFirst();
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment memory = arena.allocate(code.bytes(), 64).fill((byte) 1);
                    indices.store(NDArray.of(new int[] {bad, 0, 0}), memory);
                    MemorySegment before = arena.allocate(code.bytes(), 64).copyFrom(memory);
                    error(() -> run(code, memory));
                    long from = home.address();
                    long to =
                            from + (long) home.shape().elements() * home.type().bytes();
                    assertThat(memory.asSlice(0, from).mismatch(before.asSlice(0, from)))
                            .as(label)
                            .isEqualTo(-1);
                    assertThat(memory.asSlice(to).mismatch(before.asSlice(to)))
                            .as(label)
                            .isEqualTo(-1);
                }
            }
        });
    }

    private static Throwable error(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException error) {
            return error;
        }
        throw new AssertionError("no error");
    }

    private static void run(CompiledProgram code, MemorySegment memory) {
        for (RecordDraft draft : code.drafts()) {
            draft.maker().make(RecordDraft.Form.PLAIN).run(memory);
        }
    }

    // --------------------------------------------------------------------------------------------------- allocation

    @Test
    void aRunAllocatesNothing() {
        Tensor x = Tensor.of(NDArray.full(1, DType.F32, Shape.of(5, 30)));
        Tensor at = Tensor.input("at", DType.I32, 5);
        Window window = new Window(IntTuple.of(4, 0), IntTuple.of(-1, 2), Shape.of(4, 15));
        List<Tensor> outputs = List.of(
                x.gather(at),
                x.transpose().gather(at),
                new Selection.ScatterAdd(x.shape()).on(x, at),
                x.pick(at),
                new Unpick(x.shape()).on(x.get(1, 0), at),
                Tensor.oneHot(at, 5, DType.BOOL),
                new Place(x.shape(), ImmutableList.of(window, window))
                        .on(x.slice(0, 0, 4).slice(1, 0, 15), x.slice(0, 1, 5).slice(1, 0, 15)),
                x.argMax(0),
                x.argMax(1),
                new Scan.LinearRecurrence(0, false).on(x, x),
                new Scan.LinearRecurrence(1, true).on(x, x));
        CompiledProgram code = Compiler.compile(Capture.withInputs(outputs).program(), Compiler.ALL);
        assertThat(kinds(code))
                .contains(
                        "Gather",
                        "Scatter",
                        "MarkChosen",
                        "Fill",
                        "MoveElements",
                        "KernelLoop",
                        "Largest",
                        "Recurrence");
        Instruction[] tape = code.drafts().stream()
                .map(draft -> draft.maker().make(RecordDraft.Form.PLAIN))
                .toArray(Instruction[]::new);
        MemorySegment memory = Arena.ofAuto().allocate(code.bytes(), 64);
        int allocating = 0;
        for (int i = 0; i < 300; i++) {
            long before = KernelAllocation.bytes();
            for (Instruction instruction : tape) {
                instruction.run(memory);
            }
            allocating += i >= 100 && KernelAllocation.bytes() > before ? 1 : 0;
        }
        // Now and then the JVM links a call site, once each; what a record allocates would be there in every run.
        assertThat(allocating).isLessThan(20);
    }
}
