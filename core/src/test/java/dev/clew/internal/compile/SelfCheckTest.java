package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.compile.run.Tape;
import dev.clew.internal.compile.selfcheck.SelfCheck;
import dev.clew.internal.compile.verify.Verify;
import dev.clew.internal.runtime.OtherJava;
import dev.clew.internal.tensor.StepChange;
import dev.clew.plan.Plan;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import dev.clew.testing.Stepped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A plan is compared with the meaning of its formulas: wrong ones are found and named, right ones raise no alarm. */
final class SelfCheckTest {
    // --------------------------------------------------------------------------------------------------- right plans

    @Test
    void networksRaiseNoAlarm() {
        for (DType type : List.of(DType.F32, DType.F64)) {
            for (String name : Nets.all().keySet()) {
                Capture capture =
                        Capture.of(Nets.net(name, new Nets(type, 3), 5).outputs());
                assertThatCode(() -> SelfCheck.of(Compiler.compile(capture.program(), Compiler.ALL), capture.numbers()))
                        .as("%s %s", name, type)
                        .doesNotThrowAnyException();
            }
        }
    }

    /** After 60 steps, the last place of a number has become the first. */
    @Test
    void aChaoticNetRaisesNoAlarm() {
        RandomKey key = RandomKey.of(7);
        Parameter w = Parameter.of(key.normal(0, 1.4, DType.F64, Shape.of(8, 8)));
        Parameter u = Parameter.of(key.fold(1).normal(0, 1.4, DType.F64, Shape.of(8, 8)));
        Tensor h = Tensor.of(key.fold(2).normal(0, 1, DType.F64, Shape.of(2, 8)));
        for (int t = 0; t < 60; t++) {
            h = h.matmul(w).plus(h.tanh().matmul(u)).sin().times(3);
        }
        Tensor loss = h.square().sum();
        List<Tensor> outputs =
                List.of(loss, Gradients.of(loss).wrt(w), Gradients.of(loss).wrt(u));
        Capture capture = Capture.of(outputs);
        CompiledProgram code = Compiler.compile(capture.program(), Compiler.ALL);
        double apart = Tape.of(code).run(capture.numbers()).getFirst().item()
                / Evaluator.plain().evaluate(outputs).getFirst().item();
        assertThat(Math.abs(apart - 1)).as("end to end they are far apart").isGreaterThan(1e-6);
        assertThatCode(() -> SelfCheck.of(code, capture.numbers())).doesNotThrowAnyException();
    }

    /** A second derivative that cancels to 1e-17, and one that compares what a plan has with what it has not. */
    @Test
    void noiseAndTiesRaiseNoAlarm() {
        Parameter x = Parameter.of(new double[] {-0.0, -0.9854954481124878});
        Parameter z = Parameter.of(new double[] {2, 3});
        Map<Parameter, Tensor> losses = Map.of(
                x, x.norm(3, false).times(0.75), z, z.logSoftmax(0).max(false).times(0.75));
        losses.forEach((leaf, loss) -> {
            Tensor first = Gradients.of(loss).wrt(leaf);
            Tensor second = Gradients.of(
                            first.times(Tensor.of(new double[] {1.3, -0.4})).sum())
                    .wrt(leaf);
            Routes routes = Routes.of(List.of(loss, first, second));
            assertThatCode(routes::verify).doesNotThrowAnyException();
        });
    }

    // --------------------------------------------------------------------------------------------------- wrong plans

    /** An operation that is nearly the same; none if there is no such. */
    private static Optional<Op> wrong(Program program, int at) {
        return switch (program.node(at).op()) {
            case Contraction.MatMul product
            when isSquare(program, at) ->
                Optional.of(new Contraction.MatMul(product.transposeA(), !product.transposeB()));
            case Binary binary when binary == Binary.PLUS -> Optional.of(Binary.MINUS);
            case Binary binary when binary == Binary.TIMES -> Optional.of(Binary.MAXIMUM);
            case Unary unary when unary == Unary.TANH -> Optional.of(Unary.SIN);
            case Unary unary when unary == Unary.SIGMOID -> Optional.of(Unary.NORMAL_CDF);
            case Movement.Slice(IntTuple start, IntTuple step, Shape size)
            when start.stream().anyMatch(i -> i > 0) ->
                Optional.of(new Movement.Slice(IntTuple.of(new int[start.length()]), step, size));
            default -> Optional.empty();
        };
    }

    private static boolean isSquare(Program program, int product) {
        Shape right = program.node(program.node(product).input(1)).shape();
        return right.rank() == 2 && right.length(0) == right.length(1);
    }

    /** A program in which one node is another operation. */
    private static Program with(Program program, int at, Op op) {
        Program.Builder builder = new Program.Builder(program.size());
        int[] moved = new int[program.size()];
        for (int i = 0; i < moved.length; i++) {
            Node node = program.node(i).moved(moved);
            moved[i] = node.isLeaf()
                    ? builder.leaf(node)
                    : i == at
                            ? builder.add(
                                    op, node.shape(), node.type(), node.inputs().toArray())
                            : builder.add(node);
        }
        int[] outputs = program.outputs();
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = moved[outputs[i]];
        }
        return builder.build(outputs);
    }

    private static CompiledProgram mistaken(Program meaning, int at, Op op) {
        CompiledProgram other = Compiler.compile(with(meaning, at, op), Compiler.ALL);
        return new CompiledProgram(meaning, other.program(), other.schedule(), other.emitted(), other.bytes());
    }

    /** In every network, wherever an operation can be mistaken for another. */
    @Test
    void everyWrongOperationIsFound() {
        int seeded = 0;
        for (String name : Nets.all().keySet()) {
            Capture capture =
                    Capture.of(Nets.net(name, new Nets(DType.F64, 3), 3).outputs());
            Program meaning = capture.program();
            List<NDArray> right =
                    Tape.of(Compiler.compile(meaning, Compiler.ALL)).run(capture.numbers());
            for (int at = 0; at < meaning.size(); at += 13) {
                Optional<Op> op = wrong(meaning, at);
                if (op.isEmpty()) {
                    continue;
                }
                CompiledProgram code = mistaken(meaning, at, op.get());
                if (isOther(Tape.of(code).run(capture.numbers()), right)) {
                    seeded++;
                    assertThat(catchThrowable(() -> SelfCheck.of(code, capture.numbers())))
                            .as(
                                    "%s, node %d, %s for %s",
                                    name, at, op.get(), meaning.node(at).op())
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageStartingWith("a plan differs from the meaning of its formulas: output ");
                }
            }
        }
        assertThat(seeded).isGreaterThan(15);
    }

    /** Whether some number is another, by more than rounding makes of it. */
    private static boolean isOther(List<NDArray> found, List<NDArray> right) {
        for (int i = 0; i < right.size(); i++) {
            double[] a = found.get(i).toDoubles();
            double[] b = right.get(i).toDoubles();
            for (int j = 0; j < a.length; j++) {
                if (Math.abs(a[j] - b[j]) > 1e-9 * (1 + Math.abs(b[j]))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void theErrorNamesTheOperationBothValuesAndTheSmallestProgram() {
        Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 4}});
        Tensor y = Tensor.of(new double[][] {{5, 6}, {7, 8}});
        Capture exact = Capture.of(List.of(x.matmul(y)));
        CompiledProgram code = mistaken(exact.program(), 2, new Contraction.MatMul(true, false));
        assertThatThrownBy(() -> SelfCheck.of(code, exact.numbers()))
                .hasMessage("a plan differs from the meaning of its formulas: output 0, matmul (2, 2) f64, is 26.0 at"
                        + " [0, 0], and computed from the plan's own values before it, it is 19.0. It is matmul (2, 2) f64"
                        + " or what follows, of which the plan has no right value. This is a mistake in Clew, not in your"
                        + " program: please report it, with these lines; meanwhile, Evaluator.plain() computes what is"
                        + " meant.\n"
                        + "%0 = f64 (2, 2) [1.0, 2.0, 3.0, 4.0]\n"
                        + "%1 = f64 (2, 2) [5.0, 6.0, 7.0, 8.0]\n"
                        + "%2 = MatMul[transposeA=false, transposeB=false] [0, 1] gives (2, 2) f64\n");
    }

    // ------------------------------------------------------------------------------------------------------ the switch

    @Test
    void itIsOffUnlessAskedFor() {
        assertThat(SelfCheck.IS_ON).isEqualTo(Boolean.getBoolean("clew.verify"));
    }

    @Test
    void withTheSwitchValuesPlansAndStepsAreCompared() throws Exception {
        assertThat(OtherJava.run(SelfCheckTest.class, "-Dclew.verify=true", "-da")
                        .lines()
                        .toList())
                .contains("verifiers true", "value 1", "plan 2", "step 3", "training 4");
    }

    /** Says after every way to a number how many plans were compared. */
    public static void main(String[] arguments) {
        System.out.println("verifiers " + Verify.IS_ON);
        Parameter w = Parameter.of(new double[][] {{1, 2}, {3, 4}});
        Tensor x = Tensor.input("x", DType.F64, 2, 2);
        NDArray numbers = NDArray.of(new double[][] {{5, 6}, {7, 8}});
        Tensor loss = w.matmul(Tensor.of(numbers)).tanh().sum();
        loss.value();
        System.out.println("value " + SelfCheck.compared());
        Plan plan = Plan.compile(List.of(w.matmul(x)));
        plan.run(Map.of(x, numbers));
        plan.run(Map.of(x, numbers));
        System.out.println("plan " + SelfCheck.compared());
        Tensor next = w.minus(Gradients.of(loss).wrt(w));
        Stepped.by(
                new CompilingEvaluator(Compiler.ALL),
                List.of(loss),
                _ -> new StepChange(ImmutableList.of(), ImmutableMap.of(w, next)));
        System.out.println("step " + SelfCheck.compared());
        Plan.compile(List.of(loss), Map.of(w, next)).run(Map.of());
        System.out.println("training " + SelfCheck.compared());
    }
}
