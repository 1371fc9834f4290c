package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.rewrite.Simplify;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What one operation may stand for another only because of its attributes: orders of axes, widths of rows, empty parts. */
final class RewritesTest {
    private static final Tensor X = Tensor.of(new double[][] {{1, 2}, {3, 4}});
    private static final Tensor Y = Tensor.of(new double[][] {{5, 6}, {7, 8}});

    /** With every subset of the passes, on memory that is poisoned where nothing was written. */
    private static void assertNumbers(Tensor y, double... expected) {
        Capture capture = Capture.of(List.of(y));
        for (Set<Pass> passes : CompiledTest.subsets()) {
            CompiledProgram code = Compiler.compile(capture.program(), passes);
            for (RecordDraft.Form form : RecordDraft.Form.values()) {
                NDArray found = Poisoned.run(code, capture.numbers(), form).getFirst();
                assertThat(found.toDoubles()).as("%s with %s", form, passes).containsExactly(expected);
            }
        }
    }

    private static long count(Program program, Predicate<Node> which) {
        return IntStream.range(0, program.size())
                .mapToObj(program::node)
                .filter(which)
                .count();
    }

    // --------------------------------------------------------------------------------------------------- transposes

    @Test
    void anIdentityTransposeBeforeAProductIsNothing() {
        assertNumbers(X.transpose(0, 1).matmul(Y), 19, 22, 43, 50);
        assertNumbers(X.matmul(Y.transpose(0, 1)), 19, 22, 43, 50);
        assertNumbers(X.transpose(0, 1).matmul(Y.transpose(0, 1)), 19, 22, 43, 50);
        assertNumbers(X.transpose(1, 0).transpose(1, 0).matmul(Y), 19, 22, 43, 50);
    }

    @Test
    void aTransposeBeforeAProductIsAFlag() {
        assertNumbers(X.transpose(1, 0).matmul(Y), 26, 30, 38, 44);
        assertNumbers(X.matmul(Y.transpose(1, 0)), 17, 23, 39, 53);
        Program program = Simplify.of(
                Capture.of(List.of(X.transpose().matmul(Y.transpose()))).program());
        assertThat(count(program, node -> node.op() instanceof Movement.Transpose))
                .isZero();
    }

    /** d(Σ x·y)/dx has the row sums of y in every row, and d(Σ x·y)/dy the column sums of x in every column. */
    @Test
    void theGradientThroughAnIdentityTransposeIsThatOfTheProduct() {
        Parameter x = Parameter.of(new double[][] {{1, 2}, {3, 4}});
        Parameter y = Parameter.of(new double[][] {{5, 6}, {7, 8}});
        Gradients gradients =
                Gradients.of(x.transpose(0, 1).matmul(y.transpose(0, 1)).sum());
        assertNumbers(gradients.wrt(x), 11, 15, 11, 15);
        assertNumbers(gradients.wrt(y), 4, 4, 6, 6);
    }

    @Test
    void aTimeStepChosenByIndexIsMultipliedAsItIs() {
        Tensor sequence = Tensor.of(NDArray.of(Shape.of(2, 3, 2), new double[] {0, 0, 1, 2, 0, 0, 0, 0, 3, 4, 0, 0}));
        assertNumbers(sequence.gather(1, Tensor.of(1)).matmul(Y), 19, 22, 43, 50);
    }

    /** All ranks, also with axes of length 0 and 1, one or two after another. */
    @Property(tries = 300)
    void transposesAreWhatTheWalkMakesOfThem(@ForAll Random random) {
        int[] lengths = random.ints(random.nextInt(6), 0, 4)
                .map(i -> i == 0 && random.nextBoolean() ? 1 : i)
                .toArray();
        Shape shape = Shape.of(lengths);
        double[] numbers = IntStream.range(0, shape.elements()).asDoubleStream().toArray();
        Tensor y = Tensor.of(NDArray.of(shape, numbers)).times(2);
        for (int i = 0; i < 3; i++) {
            y = y.transpose(order(lengths.length, random));
        }
        Program program = Simplify.of(Capture.of(List.of(y)).program());
        assertThat(count(program, node -> node.op() instanceof Movement.Transpose))
                .isLessThan(2);
        assertNumbers(y, Evaluator.plain().evaluate(List.of(y)).getFirst().toDoubles());
    }

    private static int[] order(int rank, Random random) {
        List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.shuffle(axes, random);
        return axes.stream().mapToInt(axis -> axis).toArray();
    }

    @Test
    void aTransposeThatMovesOnlyAxesOfLengthOneIsAReshape() {
        Tensor x = Tensor.of(NDArray.of(Shape.of(2, 1, 3), new double[] {1, 2, 3, 4, 5, 6}))
                .times(2);
        Tensor y = x.transpose(1, 0, 2);
        Program program = Simplify.of(Capture.of(List.of(y)).program());
        assertThat(count(program, node -> node.op() instanceof Movement.Transpose))
                .isZero();
        assertThat(count(program, node -> node.op() instanceof Movement.Reshape))
                .isOne();
        assertNumbers(y, 2, 4, 6, 8, 10, 12);
    }

    // ----------------------------------------------------------------------------------------------------- one-hots

    @Test
    void oneHotRowsThatAreCutOtherwiseChooseNoRows() {
        Tensor marks = Tensor.oneHot(Tensor.of(NDArray.of(new int[] {1, 5})), 6, DType.F64);
        Tensor w = Tensor.of(NDArray.of(Shape.of(4, 1), new double[] {1, 10, 100, 1000}));
        assertNumbers(marks.reshape(3, 4).matmul(w), 10, 0, 1000);
        Tensor v = Tensor.of(NDArray.of(Shape.of(3, 1), new double[] {1, 10, 100}));
        assertNumbers(marks.reshape(3, 4).transpose().matmul(v), 0, 1, 0, 100);
    }

    @Test
    void oneHotRowsChooseRows() {
        Tensor marks = Tensor.oneHot(Tensor.of(NDArray.of(new int[][] {{1, 0}, {1, 1}})), 2, DType.F64);
        Tensor y = marks.reshape(4, 2).matmul(Y);
        assertThat(count(Simplify.of(Capture.of(List.of(y)).program()), node -> node.op() instanceof Selection.Gather))
                .isOne();
        assertNumbers(y, 7, 8, 5, 6, 7, 8, 7, 8);
    }

    // -------------------------------------------------------------------------------------------------- empty parts

    /** h = 3, and h = 1, 2 + f, 3 + f·(2 + f): d(Σ h²)/df = 2·(2 + f) + 2·(3 + f·(2 + f))·(2 + 2f). */
    @Test
    void recurrencesOfLengthOneShareTheirFactor() {
        Parameter f = Parameter.of(0.7);
        Tensor one = Tensor.of(new double[] {3}).linearRecurrence(0, f);
        Tensor three = Tensor.of(new double[] {1, 2, 3}).linearRecurrence(0, f);
        Tensor loss = one.square().sum().plus(three.square().sum());
        Tensor gradient = Gradients.of(loss).wrt(f);
        for (Set<Pass> passes : CompiledTest.subsets()) {
            double found = new CompilingEvaluator(passes)
                    .evaluate(List.of(gradient))
                    .getFirst()
                    .item();
            assertThat(found).isCloseTo(38.652, within(1e-12));
        }
    }

    @Test
    void twoConcatsMayHaveAWindowInCommon() {
        Parameter given = Parameter.of(new double[] {7});
        Parameter nothing = Parameter.of(new double[0]);
        Tensor inner = Tensor.concat(0, List.of(given, nothing));
        Tensor outer = Tensor.concat(0, List.of(X.reshape(4).exp().log().round(), inner));
        assertNumbers(outer.times(2), 2, 4, 6, 8, 14);
    }

    @Test
    void partsWithoutElementsJoinNothing() {
        Parameter x = Parameter.of(new double[] {1, 2});
        Parameter nothing = Parameter.of(new double[0]);
        Tensor y = Tensor.concat(0, List.of(nothing, x, nothing, nothing));
        assertNumbers(y, 1, 2);
        assertThat(count(Simplify.of(Capture.of(List.of(y)).program()), node -> node.op() instanceof Movement.Concat))
                .isZero();
        assertNumbers(Tensor.concat(0, List.of(x, nothing, x)), 1, 2, 1, 2);
        assertNumbers(Tensor.concat(0, List.of(nothing, nothing)));
    }

    // ------------------------------------------------------------------------------------------------------- merges

    /** One parameter twice in a joined matrix is not two terms of a sum, whatever else of the sum is joined. */
    @Test
    void aParameterThatIsJoinedWithItselfIsOneTerm() {
        Parameter w = Parameter.of(new double[][] {{5, 6}, {7, 8}});
        Parameter u = Parameter.of(new double[][] {{1, 0}, {0, 1}});
        Parameter v = Parameter.of(new double[][] {{0, 1}, {1, 0}});
        Tensor joined = Tensor.concat(0, List.of(w, w))
                .sum()
                .plus(Tensor.concat(0, List.of(u, v)).sum());
        Tensor terms = X.matmul(w).plus(Y.matmul(u)).plus(X.plus(Y).matmul(v));
        assertNumbers(terms, 19 + 5 + 8, 22 + 6 + 6, 43 + 7 + 12, 50 + 8 + 10);
        assertNumbers(terms.plus(joined), 56 + 32, 56 + 34, 56 + 62, 56 + 68);
    }
}
