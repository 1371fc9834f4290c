package dev.clew.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.tensor.Caller;
import dev.clew.plan.Plan;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run of a plan says when it fails. */
final class PostmortemTest {
    private static final String WAY =
            "; for the line that made it, build it within Tracing.run(...) or start with -Dclew.tracing=true";

    private static final double NEGATIVE = Double.NEGATIVE_INFINITY;

    private static NDArray numbers(DType type, double... numbers) {
        return NDArray.of(Shape.of(numbers.length), numbers).cast(type);
    }

    /** A parameter, an input, and a step of training on a loss of both. */
    private static final class Step {
        private final DType type;
        private final Tensor x;
        private final Parameter w;
        private final Tensor node;
        private final Plan plan;
        private final String line;

        Step(DType type, String name) {
            this.type = type;
            this.x = Tensor.input("x", type, 3);
            this.w = Parameter.of(numbers(type, 1, 1, 1));
            this.node = node(name);
            Tensor loss = node.sum();
            Tensor next = w.minus(Gradients.of(loss).wrt(w)).minus(0.5);
            Site here = Caller.site();
            this.plan = Plan.compile(List.of(loss), Map.of(w, next));
            this.line = after(here);
        }

        private Tensor node(String name) {
            Tensor given = x.times(w);
            return switch (name) {
                case "log" -> given.log();
                case "quotient" -> given.div(given.abs());
                case "exp" -> given.times(100).exp();
                case "masked" ->
                    given.plus(Tensor.of(numbers(type, NEGATIVE, 0, 0)))
                            .softmax(0)
                            .times(given);
                default -> throw new IllegalArgumentException(name);
            };
        }

        void fails(int run, String value, String began, double... bad) {
            String before = w.value().toString();
            says(
                    ArithmeticException.class,
                    "run " + run + " of a plan: the output reshape () " + type + " is " + value
                            + ", so no parameter was changed. The first value that is not finite: "
                            + began
                            + (began.startsWith("input") ? "" : WAY)
                            + ". The plan was compiled at " + line,
                    () -> plan.run(Map.of(x, numbers(type, bad))));
            double[] loss = new double[1];
            float[] single = new float[1];
            Object given = type == DType.F64 ? bad : numbers(type, bad).toFloats();
            assertThat(catchThrowable(() -> plan.run(List.of(given), List.of(type == DType.F64 ? loss : single))))
                    .hasMessageContaining(began);
            assertThat(w.value().toString()).isEqualTo(before);
            plan.run(Map.of(x, numbers(type, 0.01, 0.02, 0.03)));
            assertThat(w.value().toString()).isNotEqualTo(before);
        }
    }

    private static void says(Class<? extends Throwable> kind, String message, ThrowingCallable mistake) {
        assertThat(catchThrowable(mistake)).isExactlyInstanceOf(kind).hasMessage(message);
    }

    /** The line after another. */
    private static String after(Site site) {
        String line = site.line();
        int colon = line.lastIndexOf(':');
        return line.substring(0, colon + 1) + (Integer.parseInt(line.substring(colon + 1, line.length() - 1)) + 1)
                + ")";
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32"})
    void aStepNamesTheFirstBadNodeItsIndexAndItsOperands(DType type) {
        String t = " (3) " + type;
        new Step(type, "log").fails(1, "NaN", "log" + t + " is NaN at [1], from -4.0; its inputs: times" + t, 2, -4, 3);
        new Step(type, "log")
                .fails(1, "-Infinity", "log" + t + " is -Infinity at [2], from 0.0; its inputs: times" + t, 2, 1, 0);
        new Step(type, "quotient")
                .fails(
                        1,
                        "NaN",
                        "div" + t + " is NaN at [0], from 0.0 and 0.0; its inputs: times" + t + ", abs" + t,
                        0,
                        1,
                        3);
        new Step(type, "exp")
                .fails(
                        1,
                        "Infinity",
                        "exp" + t + " is Infinity at [2], from 1000.0; its inputs: times" + t,
                        0.5,
                        0.25,
                        10);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32"})
    void aMaskOfInfinitiesIsNotBlamed(DType type) {
        Step step = new Step(type, "masked");
        step.plan.run(Map.of(step.x, numbers(type, 1, 2, 3)));
        step.fails(2, "NaN", "input \"x\" (3) " + type + " is NaN at [1]", 1, Double.NaN, 3);
    }

    @Test
    void anOverflowBesideAMaskOfInfinitiesIsNamedAndNotTheMask() {
        Parameter w = Parameter.of(new double[] {1, 1, 1});
        Tensor mask = Tensor.input("mask", DType.F64, 3);
        Tensor overflow = w.plus(mask).times(1e4).exp();
        Site here = Caller.site();
        Plan plan = Plan.compile(List.of(overflow.sum()), Map.of(w, w.times(2)));
        says(
                ArithmeticException.class,
                "run 1 of a plan: the output reshape () f64 is Infinity, so no parameter was changed. The first value"
                        + " that is not finite: exp (3) f64 is Infinity at [1], from 10000.0; its inputs: times (3) f64"
                        + WAY + ". The plan was compiled at " + after(here),
                () -> plan.run(Map.of(mask, NDArray.of(new double[] {NEGATIVE, 0, 0}))));
    }

    /** Two infinities of masks that meet are the first NaN; where they came from is said too. */
    @Test
    void aNaNOfInfinitiesThatDataBroughtIsTheFirstBadNode() {
        Parameter w = Parameter.of(new double[] {1, 1});
        Tensor mask = Tensor.input("mask", DType.F64, 2);
        Tensor scores = w.plus(mask);
        Tensor shifted = scores.minus(scores.max());
        Site here = Caller.site();
        Plan plan = Plan.compile(List.of(shifted.exp().sum()), Map.of(w, w.times(2)));
        says(
                ArithmeticException.class,
                "run 1 of a plan: the output reshape () f64 is NaN, so no parameter was changed. The first value"
                        + " that is not finite: minus (2) f64 is NaN at [0], from -Infinity and -Infinity;"
                        + " its inputs: plus (2) f64, broadcast (2) f64. Before it, what is not finite begins here:"
                        + " input \"mask\" (2) f64 is -Infinity at [0]. The plan was compiled at " + after(here),
                () -> plan.run(Map.of(mask, NDArray.of(new double[] {NEGATIVE, NEGATIVE}))));
    }

    /** The numbers are those of the run: a parameter that another thread sets meanwhile is not looked at. */
    @Test
    void aParameterIsAsTheRunReadIt() {
        Parameter w = Parameter.of(new double[] {-1, 2});
        Tensor loss = w.log().sum();
        Tensor set = new Setting(w.value()).on(w);
        Plan plan = Plan.compile(List.of(loss, set), Map.of(w, w.times(2)));
        SETS.set(w);
        assertThat(catchThrowable(() -> plan.run(Map.of())))
                .hasMessageContaining("log (2) f64 is NaN at [0], from -1.0;");
        assertThat(w.value().toDoubles()).containsExactly(7, 7);
    }

    private static final ThreadLocal<Parameter> SETS = new ThreadLocal<>();

    /** Changes a parameter while it computes, as another thread may. */
    private record Setting(NDArray unused) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return Shape.SCALAR;
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            SETS.get().set(NDArray.of(new double[] {7, 7}));
            return NDArray.of(0.0);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            throw new IllegalStateException("none");
        }
    }

    @Test
    void oneOfSeveralNewValuesIsNamed() {
        Parameter w = Parameter.of(1.0);
        Parameter v = Parameter.of(new double[] {2, -3});
        Tensor loss = w.square();
        Tensor next = v.sqrt();
        Site here = Caller.site();
        Plan plan = Plan.compile(List.of(loss), Map.of(v, next));
        says(
                ArithmeticException.class,
                "run 1 of a plan: the new value of parameter (2) f64 is not finite, so no parameter was changed."
                        + " The first value that is not finite: sqrt (2) f64 is NaN at [1], from -3.0;"
                        + " its inputs: parameter (2) f64" + WAY + ". The plan was compiled at " + after(here),
                () -> plan.run(Map.of()));
        Plan named = plan.withNames(Map.of("head.v", v, "w", w));
        assertThat(catchThrowable(() -> named.run(Map.of())))
                .hasMessageStartingWith("run 1 of a plan: the new value of head.v is not finite, so no");
        assertThat(v.value().toDoubles()).containsExactly(2, -3);
    }

    @Test
    void withoutUpdatesNumbersThatAreNotFiniteAreHandedOut() {
        Tensor x = Tensor.input("x", DType.F64);
        Plan plan = Plan.compile(List.of(x.log()));
        assertThat(plan.run(Map.of(x, NDArray.of(-1.0))).getFirst().item()).isNaN();
        assertThat(plan.run(Map.of(x, NDArray.of(0.0))).getFirst().item()).isEqualTo(NEGATIVE);
    }

    @Test
    void whereTracingIsOnANaNIsAnErrorThatNamesWhereItBegan() {
        Tensor x = Tensor.input("x", DType.F64, 2);
        Tensor[] made = new Tensor[1];
        Site here = Caller.site();
        Plan plan = Tracing.call(
                () -> { // the line after
                    made[0] = x.log();
                    return Plan.compile(List.of(made[0].exp().times(2)));
                });
        String message = "run of a plan: a NaN in times (2) f64. It begins here: log (2) f64 is NaN at [1], from -3.0;"
                + " its inputs: input \"x\" (2) f64; made at "
                + made[0].site().orElseThrow().line()
                + ". The plan was compiled at " + line(here, 4);
        says(
                ArithmeticException.class,
                message,
                () -> Tracing.run(() -> plan.run(Map.of(x, NDArray.of(new double[] {1, -3})))));
        says(
                ArithmeticException.class,
                message,
                () -> Tracing.run(() -> plan.run(List.of(new double[] {1, -3}), List.of(new double[2]))));
        Tracing.run(() -> assertThat(plan.run(Map.of(x, NDArray.of(new double[] {1, 0})))
                        .getFirst()
                        .toDoubles())
                .containsExactly(2, 0));
        assertThat(plan.run(Map.of(x, NDArray.of(new double[] {1, -3})))
                        .getFirst()
                        .get(1))
                .isNaN();
    }

    private static String line(Site site, int further) {
        String line = site.line();
        int colon = line.lastIndexOf(':');
        return line.substring(0, colon + 1) + (Integer.parseInt(line.substring(colon + 1, line.length() - 1)) + further)
                + ")";
    }

    @Test
    void aTracedNaNBesideTheLossChangesNoParameter() {
        Parameter w = Parameter.of(-1.0);
        Plan plan = Plan.compile(List.of(w.square(), w.log()), Map.of(w, w.times(2)));
        assertThat(catchThrowable(() -> Tracing.run(() -> plan.run(Map.of()))))
                .hasMessageStartingWith(
                        "run of a plan: a NaN in log () f64. It begins here: log () f64 is NaN, from -1.0;");
        assertThat(w.item()).isEqualTo(-1);
        plan.run(Map.of());
        assertThat(w.item()).isEqualTo(-2);
    }

    @Test
    void anIndexOutOfRangeNamesTheInputItsPlaceTheValueAndTheBound() {
        Tensor rows = Tensor.input("words", DType.I32, 2, 3);
        Parameter table = Parameter.of(new double[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}});
        Tensor chosen = table.gather(rows.get(1, 2)).sum();
        Site here = Caller.site();
        Plan plan = Plan.compile(List.of(chosen), Map.of(table, table.minus(1)));
        says(
                IllegalArgumentException.class,
                "gather: index 9 at position 1 of (2), from the input \"words\" (2, 3) i32 at [1, 2] is outside 0 to 3:"
                        + " there are 4 rows; in a run of the plan that was compiled at " + after(here),
                () -> plan.run(Map.of(rows, NDArray.of(new int[][] {{0, 1, 2}, {3, 0, 9}}))));
        assertThat(catchThrowable(() -> plan.run(Map.of(rows, NDArray.of(new int[][] {{0, 1, -1}, {3, 0, 1}})))))
                .hasMessageStartingWith("gather: index -1 at position 0 of (2), from the input \"words\" (2, 3) i32 at"
                        + " [0, 2] is outside 0 to 3: there are 4 rows; indices in a tensor are data, and none counts"
                        + " from the end; in a run");
        assertThat(table.value().get(0, 0)).isEqualTo(1);
    }

    @Test
    void anErrorOfACustomOperationKeepsItsKindAndSaysWhichPlan() {
        Tensor x = Tensor.input("x", DType.F64);
        Site here = Caller.site();
        Plan plan = Plan.compile(List.of(new Refusing().on(x)));
        says(
                IllegalStateException.class,
                "refused 3.0; in a run of the plan that was compiled at " + after(here),
                () -> plan.run(Map.of(x, NDArray.of(3.0))));
    }

    private record Refusing() implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return Shape.SCALAR;
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            throw new IllegalStateException("refused " + inputs.getFirst().item());
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar;
        }
    }
}
