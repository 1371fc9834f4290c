package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.schedule.FuseLoops;
import dev.clew.internal.compile.schedule.Schedule;
import dev.clew.internal.compile.verify.Verify;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction.MatMul;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Source;
import dev.clew.tensor.Unary;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs and schedules broken by hand, each in one way: the error names the pass, the node and the rule. */
final class VerifyTest {
    private static final Shape SHAPE = Shape.of(2, 3);
    private static final DType F64 = DType.F64;

    private final Program.Builder builder = new Program.Builder(8);

    private int leaf(Shape shape) {
        return builder.leaf(new Node(new Source.Input("", shape, F64), shape, F64));
    }

    private int add(Op op, Shape shape, int... inputs) {
        return builder.add(op, shape, F64, inputs);
    }

    /** That the program, with the last node added as its output, is refused. */
    private void assertIllegal(int output, String why) {
        assertThatThrownBy(() -> Verify.legal("Test", builder.whole(output)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("after Test: ")
                .hasMessageContaining(why);
    }

    private static Window window(int start, int step, Shape size) {
        return new Window(IntTuple.of(0, start), IntTuple.of(1, step), size);
    }

    // -------------------------------------------------------------------------------------------------------- nodes

    @Test
    void aWholeProgramIsLegal() {
        int x = leaf(SHAPE);
        int y = add(Unary.TANH, SHAPE, x);
        int z = add(new MatMul(false, true), Shape.of(2, 2), x, y);
        assertThat(Verify.legal("Test", builder.whole(z, y))).isTrue();
    }

    @Test
    void anInputThatComesLater() {
        leaf(SHAPE);
        assertIllegal(add(Unary.TANH, SHAPE, 2), "node 1 (tanh (2, 3) f64) comes before its input, node 2");
    }

    @Test
    void anInputThatDoesNotExist() {
        assertIllegal(add(Unary.TANH, SHAPE, -1), "node 0 (tanh (2, 3) f64) comes before its input, node -1");
    }

    @Test
    void anotherShapeThanTheOperationGives() {
        int x = leaf(SHAPE);
        assertIllegal(
                add(Unary.TANH, Shape.of(3, 2), x), "node 1 (tanh (3, 2) f64) should be (2, 3) f64, by its operation");
    }

    @Test
    void anotherTypeThanTheOperationGives() {
        int x = leaf(SHAPE);
        assertIllegal(builder.add(Unary.TANH, SHAPE, DType.F32, x), "node 1 (tanh (2, 3) f32) should be (2, 3) f64");
    }

    @Test
    void inputsThatDoNotFit() {
        int x = leaf(SHAPE);
        assertIllegal(
                add(new MatMul(false, false), Shape.of(2, 3), x, x),
                "node 1 (matmul (2, 3) f64) does not fit its inputs: matmul (2, 3) · (2, 3)");
    }

    @Test
    void typesThatDoNotMix() {
        int x = leaf(SHAPE);
        int y = builder.add(new Elementwise.Cast(DType.F32), SHAPE, DType.F32, x);
        assertIllegal(add(Binary.PLUS, SHAPE, x, y), "does not fit its inputs: ");
    }

    @Test
    void anInputTooManyOrTooFew() {
        int x = leaf(SHAPE);
        assertIllegal(add(Unary.TANH, SHAPE, x, x), "has 2 inputs, and its operation takes 1");
        assertIllegal(add(Binary.TIMES, SHAPE, x), "has 2 inputs");
    }

    @Test
    void aSumOfNothing() {
        assertIllegal(add(new Elementwise.AddN(), SHAPE), "has 0 inputs, and its operation takes 1");
    }

    @Test
    void aReductionOverAnAxisThatIsNotThere() {
        int x = leaf(SHAPE);
        assertIllegal(add(new Reduction.Sum(IntTuple.of(2)), SHAPE, x), "(sum (2, 3) f64) does not fit its inputs");
    }

    @Test
    void aLiteralOfSeveralNumbers() {
        NDArray ones = NDArray.full(1, F64, SHAPE);
        assertIllegal(add(new Source.Constant(ones), SHAPE), "is a literal, and those are single numbers");
    }

    @Test
    void aSliceThatReachesOut() {
        int x = leaf(SHAPE);
        Shape size = Shape.of(2, 2);
        assertThat(Verify.legal("Test", builder.whole(add(window(1, 1, size).slice(), size, x))))
                .isTrue();
        assertIllegal(add(window(1, 2, size).slice(), size, x), "has a window that reaches out of (2, 3)");
    }

    @Test
    void aSliceThatReachesOutBackward() {
        int x = leaf(SHAPE);
        Shape size = Shape.of(2, 3);
        assertIllegal(add(window(1, -1, size).slice(), size, x), "has a window that reaches out of (2, 3)");
    }

    @Test
    void aPlaceThatReachesOut() {
        int x = leaf(SHAPE);
        Place place = new Place(Shape.of(2, 4), ImmutableList.of(window(2, 1, SHAPE)));
        assertIllegal(add(place, Shape.of(2, 4), x), "has a window that reaches out of (2, 4)");
    }

    @Test
    void aPlaceWithAWindowOfAnotherShape() {
        int x = leaf(SHAPE);
        Place place = new Place(Shape.of(2, 4), ImmutableList.of(window(0, 1, Shape.of(2, 2))));
        assertIllegal(add(place, Shape.of(2, 4), x), "has a window of another shape than (2, 3)");
    }

    @Test
    void aConcatWithAGapBetweenItsParts() {
        int x = leaf(SHAPE);
        Movement.Concat concat = new Movement.Concat(1, IntTuple.of(0, 4));
        assertIllegal(add(concat, Shape.of(2, 7), x, x), "has part 1 at 4, and the one before ends at 3");
    }

    // ------------------------------------------------------------------------------------------- leaves and outputs

    @Test
    void aLeafWithoutANumber() {
        leaf(SHAPE);
        assertIllegal(
                add(new Source.Variable(SHAPE, F64), SHAPE), "node 1 (parameter (2, 3) f64) is a leaf that nobody is");
    }

    @Test
    void aLeafThatIsComputed() {
        int x = leaf(SHAPE);
        int y = builder.leaf(new Node(Unary.TANH, SHAPE, F64, x));
        assertIllegal(y, "leaf 1 is node 1 (tanh (2, 3) f64), which is computed");
    }

    @Test
    void anOutputThatDoesNotExist() {
        leaf(SHAPE);
        assertIllegal(1, "output 0 is node 1 of 1");
    }

    private static Program other(Source leaf, int leaves, Shape shape, int outputs) {
        Program.Builder builder = new Program.Builder(8);
        for (int i = 0; i < leaves; i++) {
            builder.leaf(new Node(leaf, SHAPE, F64));
        }
        int zero = builder.add(new Source.Constant(NDArray.of(0.0)), Shape.SCALAR, F64);
        int[] made = new int[outputs];
        Arrays.fill(made, builder.add(new Movement.Broadcast(shape), shape, F64, zero));
        return builder.whole(made);
    }

    @Test
    void leavesAndOutputsStayAsTheyWere() {
        Source input = new Source.Input("", SHAPE, F64);
        Program before = other(input, 2, SHAPE, 2);
        assertThat(Verify.program("Test", before, other(input, 2, SHAPE, 2))).isTrue();
        assertThatThrownBy(() -> Verify.program("Test", before, other(input, 1, SHAPE, 2)))
                .hasMessage("after Test: 2 leaves have become 1");
        assertThatThrownBy(() -> Verify.program("Test", before, other(input, 2, SHAPE, 1)))
                .hasMessage("after Test: 2 outputs have become 1");
        assertThatThrownBy(() -> Verify.program("Test", before, other(input, 2, Shape.of(6), 2)))
                .hasMessage("after Test: output 0 was broadcast (2, 3) f64 and is node 3 (broadcast (6) f64)");
        assertThatThrownBy(() -> Verify.program("Test", before, other(new Source.Variable(SHAPE, F64), 2, SHAPE, 2)))
                .hasMessage("after Test: leaf 0 was input (2, 3) f64 and is node 0 (parameter (2, 3) f64)");
    }

    // ---------------------------------------------------------------------------------------------------- schedules

    /** tanh x, its transpose, exp of that, the sum of all. */
    private Program chain() {
        int x = leaf(SHAPE);
        int tanh = add(Unary.TANH, SHAPE, x);
        int turned = add(new Movement.Transpose(IntTuple.of(1, 0)), Shape.of(3, 2), tanh);
        int exp = add(Unary.EXP, Shape.of(3, 2), turned);
        return builder.whole(add(new Reduction.Sum(IntTuple.of(0, 1)), Shape.of(1, 1), exp));
    }

    private static void assertIllegal(Program program, String why, int[]... units) {
        Schedule schedule = new Schedule(
                program, List.of(units).stream().map(Schedule.Unit::new).toList());
        assertThatThrownBy(() -> Verify.order("Test", schedule))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("after Test: ")
                .hasMessageContaining(why);
    }

    @Test
    void everyComputedNodeIsInOneUnitAfterWhatItNeeds() {
        Program program = chain();
        int[] tanh = {1};
        int[] exp = {3};
        int[] sum = {4};
        assertThat(Verify.order("Test", FuseLoops.none(program))).isTrue();
        assertIllegal(program, "node 3 (exp (3, 2) f64) is in no unit", tanh, sum);
        assertIllegal(program, "node 1 (tanh (2, 3) f64) is in the units 0 and 2", tanh, exp, tanh, sum);
        assertIllegal(program, "unit 0 with node 3 (exp (3, 2) f64) needs node 2 (transpose", exp, tanh, sum);
        assertIllegal(program, "unit 1 has node 2 (transpose (3, 2) f64), which is not computed", tanh, new int[] {2});
        assertIllegal(program, "unit 0 has node 9, which does not exist", new int[] {9});
        assertIllegal(program, "unit 1 is empty", tanh, new int[0]);
        assertIllegal(program, "unit 0 has node 1 (tanh (2, 3) f64) after node 3", new int[] {3, 1}, sum);
        assertIllegal(program, "unit 1 is a loop over (3, 2), and node 4 (sum (1, 1) f64)", tanh, new int[] {3, 4});
        assertIllegal(program, "unit 0 is a loop over (2, 3), and node 3 (exp (3, 2)", new int[] {1, 3}, sum);
    }
}
