package dev.clew.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Caller;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a compiled step says when it fails is what a step on the user's line says, and whose numbers they were. */
class PlanErrorsTest {
    private static final String WAY =
            "; for the line that made it, build it within Tracing.run(...) or start with -Dclew.tracing=true";

    record Model(Parameter w, Parameter b) {}

    private static Model model(DType type) {
        return new Model(parameter(type, 1, 2), parameter(type, 0));
    }

    private static Parameter parameter(DType type, double... numbers) {
        return Parameter.of(NDArray.of(Shape.of(numbers.length), numbers).cast(type));
    }

    private static NDArray numbers(DType type, double... numbers) {
        return NDArray.of(Shape.of(numbers.length), numbers).cast(type);
    }

    private static List<String> values(Model model) {
        return Tensor.values(model.w, model.b).stream().map(NDArray::toString).toList();
    }

    /** A run fails with a message, changes nothing, and the next is as the first would have been. */
    private static void fails(
            Model model, Plan plan, Map<Tensor, NDArray> bad, Map<Tensor, NDArray> good, String message) {
        List<String> before = values(model);
        assertThat(catchThrowable(() -> plan.run(bad)))
                .isExactlyInstanceOf(ArithmeticException.class)
                .hasMessage(message);
        assertThat(values(model)).isEqualTo(before);
        plan.run(good);
        assertThat(values(model)).isNotEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32"})
    void dataThatAreNotANumberAreNamedWithTheirIndexAndNotTheLearningRate(DType type) {
        Model model = model(type);
        Tensor x = Tensor.input("x", type, 2);
        Sgd sgd = Sgd.of(model, 0.1);
        Site here = Caller.site();
        Plan plan = sgd.compile(x.times(model.w).plus(model.b).sum());
        Map<Tensor, NDArray> good = Map.of(x, numbers(type, 0.5, 0.25));
        plan.run(good);
        int run = 2;
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            NDArray given = numbers(type, 0, bad);
            String began = " The first value that is not finite: input \"x\" (2) " + type + " is " + bad + " at [1].";
            fails(model, plan, Map.of(x, given), good, notFinite(run++, "the loss is " + bad, began, here));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32"})
    void anOverflowAfterGoodRunsNamesTheOperationTheOperandAndTheLearningRate(DType type) {
        Model model = model(type);
        Tensor x = Tensor.input("x", type, 2);
        Sgd sgd = Sgd.of(model, 0.1);
        Site here = Caller.site();
        Plan plan = sgd.compile(x.times(model.w).exp().plus(model.b).sum());
        Map<Tensor, NDArray> good = Map.of(x, numbers(type, 0.5, 0.25));
        plan.run(good);
        plan.run(good);
        double second = model.w.value().get(1);
        double product = type == DType.F32 ? (float) (5000 * second) : 5000 * second;
        fails(
                model,
                plan,
                Map.of(x, numbers(type, 1, 5000)),
                good,
                notFinite(
                        3,
                        "the loss is Infinity",
                        " The first value that is not finite: exp (2) " + type + " is Infinity at [1], from " + product
                                + "; its inputs: times (2) " + type
                                + WAY + "; after 2 good steps, is a learning rate too large?",
                        here));
    }

    /** What data alone bring, a logarithm of 0 here, is no fault of the learning rate, in a plan or in a step. */
    @Test
    void whatIsMadeOfDataAloneIsNotBlamedOnTheLearningRate() {
        Model model = model(DType.F64);
        Tensor x = Tensor.input("x", DType.F64, 2);
        Sgd sgd = Sgd.of(model, 1e-9);
        Site here = Caller.site();
        Plan plan = sgd.compile(x.log().times(model.w).plus(model.b).sum());
        Map<Tensor, NDArray> good = Map.of(x, numbers(DType.F64, 1, 1));
        plan.run(good);
        String began = "log (2) f64 is -Infinity at [0], from 0.0; its inputs: ";
        String data = "; no parameter has a part in it: look at the data and at constants";
        fails(
                model,
                plan,
                Map.of(x, numbers(DType.F64, 0, 1)),
                good,
                notFinite(
                        2,
                        "the loss is -Infinity",
                        " The first value that is not finite: " + began + "input \"x\" (2) f64" + WAY + data + ".",
                        here));
        sgd.step(Tensor.of(numbers(DType.F64, 1, 1)).log().times(model.w).sum());
        assertThatThrownBy(() -> sgd.step(
                        Tensor.of(numbers(DType.F64, 0, 1)).log().times(model.w).sum()))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining(began)
                .hasMessageEndingWith(data);
    }

    /** Of two parameters of one shape the message says which. */
    @Test
    void aParameterThatIsNotFiniteIsNamedAsInTheModel() {
        Model model = model(DType.F64);
        Tensor x = Tensor.input("x", DType.F64, 2);
        Plan plan = Sgd.of(model, 0.1).compile(x.times(model.w).plus(model.b).sum());
        model.b.set(NDArray.full(Double.NaN, DType.F64, model.b.shape()));
        assertThatThrownBy(() -> plan.run(Map.of(x, numbers(DType.F64, 1, 2))))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining(" is NaN")
                .hasMessageContaining("; it is b. The plan was compiled at ");
    }

    @Test
    void aCompiledLossThatNothingTrainsIsRefusedByItsName() {
        Model model = model(DType.F64);
        Tensor x = Tensor.input("x", DType.F64, 2);
        assertThatThrownBy(() -> Sgd.of(model, 0.1).compile(x.sum()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("compile: the loss ");
        assertThatThrownBy(() -> Sgd.of(model, 0.1).compileWithin(1 << 20, x.sum()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("compileWithin: the loss ");
    }

    @Test
    void aNewValueIsNamedAsInTheModel() {
        Model model = model(DType.F64);
        Tensor x = Tensor.input("x", DType.F64, 2);
        Sgd sgd = Sgd.of(model, 1e10).withRate(model.b, 0);
        Site here = Caller.site();
        Plan plan = sgd.compile(x.times(model.w).plus(model.b).sum());
        fails(
                model,
                plan,
                Map.of(x, numbers(DType.F64, 1, 1e300)),
                Map.of(x, numbers(DType.F64, 1, 2)),
                notFinite(
                        1,
                        "the new value of w is not finite",
                        " The first value that is not finite: times (2) f64 is Infinity at [1], from 1.0E300 and 1.0E10;"
                                + " its inputs: times (2) f64, broadcast (2) f64" + WAY
                                + "; no parameter has a part in it: look at the data and at constants.",
                        here));
    }

    /** What was built within a trace has its line, whoever runs it and whenever: a plan, a compiled step, a step. */
    @Test
    void aTracedNodeIsNamedWithTheLineThatMadeIt() {
        Model model = model(DType.F64);
        Tensor x = Tensor.input("x", DType.F64, 2);
        Site before = Caller.site();
        Tensor log = Tracing.call(() -> x.times(model.w).log());
        Tensor given = Tracing.call(() -> model.w.minus(100).log());
        Plan plan = Sgd.of(model, 0.1).compile(log.plus(model.b).sum());
        assertThat(catchThrowable(() -> plan.run(Map.of(x, numbers(DType.F64, 1, -1e9)))))
                .isExactlyInstanceOf(ArithmeticException.class)
                .hasMessageContaining("log (2) f64 is NaN at [1]")
                .hasMessageContaining("; made at " + after(before) + ". The plan was compiled at ")
                .hasMessageNotContaining(WAY);
        assertThat(catchThrowable(
                        () -> Sgd.of(model, 0.1).step(given.plus(model.b).sum())))
                .isExactlyInstanceOf(ArithmeticException.class)
                .hasMessageContaining("log (2) f64 is NaN at [0]")
                .hasMessageEndingWith("; made at " + later(before, 2));
    }

    private static String notFinite(int run, String what, String began, Site here) {
        return "run " + run + " of a plan: " + what + ", so no parameter was changed." + began
                + " The plan was compiled at " + after(here);
    }

    /** The line after another. */
    private static String after(Site site) {
        return later(site, 1);
    }

    private static String later(Site site, int lines) {
        String line = site.line();
        int colon = line.lastIndexOf(':');
        int number = Integer.parseInt(line.substring(colon + 1, line.length() - 1));
        return line.substring(0, colon + 1) + (number + lines) + ")";
    }

    @Test
    void aLabelThatIsNoClassNamesTheLossTheInputTheRowAndTheBound() {
        Parameter w = parameter(DType.F64, 1, 2, 3);
        Tensor labels = Tensor.input("labels", DType.I32, 2);
        Tensor logits = w.expandDims(0).broadcastTo(2, 3);
        String rest = ": logits (2, 3) have 3 classes, so labels go from 0 to 2";
        Map<Tensor, NDArray> given = Map.of(labels, NDArray.of(new int[] {1, 3}));
        Sgd sgd = Sgd.of(List.of(w), 0.1);
        Site here = Caller.site();
        Plan plan = sgd.compile(Losses.softmaxCrossEntropy(logits, labels));
        String in = "; in a run of the plan that was compiled at " + after(here);
        assertThat(catchThrowable(() -> plan.run(given)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("softmaxCrossEntropy: label 3 in row 1, from the input \"labels\" (2) i32 at [1]" + rest
                        + "; do these count from 1?" + in);
        Plan ignoring = sgd.compile(CrossEntropy.create().withIgnored(-100).of(logits, labels));
        assertThat(catchThrowable(() -> ignoring.run(Map.of(labels, NDArray.of(new int[] {-100, -1})))))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "softmaxCrossEntropy: label -1 in row 1, from the input \"labels\" (2) i32 at [1]" + rest);
        assertThat(w.value().toDoubles()).containsExactly(1, 2, 3);
        plan.run(Map.of(labels, NDArray.of(new int[] {1, 2})));
        assertThat(w.value().toDoubles()[1]).isNotEqualTo(2);
    }
}
