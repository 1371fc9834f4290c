package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SgdErrorsTest {
    record Model(Parameter w, Parameter b) {}

    private final Parameter stranger = Parameter.of(new double[] {1, 2});
    private final Model model = new Model(Parameter.of(new double[] {1, 2}), Parameter.of(0.0));
    private final Sgd sgd = Sgd.of(model, 0.1);

    @Test
    void lossThatIsNotASingleNumber() {
        fails(
                () -> sgd.step(model.w.tanh()),
                "step: the loss tanh (2) f64 is not a single number; reduce it first with mean() or sum()");
        fails(
                () -> sgd.step(Tensor.zeros(DType.F64, 0)),
                "step: the loss constant (0) f64 is not a single number; reduce it first with mean() or sum()");
    }

    @Test
    void lossOfIntegersOrTruthValues() {
        fails(
                () -> sgd.step(model.b.cast(DType.I32)),
                "step: the loss cast () i32 is no floating-point number, so it has no gradient;"
                        + " compute it in f64 or f32");
        fails(
                () -> sgd.step(model.b.lessThan(1)),
                "step: the loss lessThan () bool is no floating-point number, so it has no gradient;"
                        + " compute it in f64 or f32");
    }

    @Test
    void lossThatDependsOnNoParameterOfTheModel() {
        fails(
                () -> sgd.step(stranger.sum()),
                "step: the loss reshape () f64 depends on none of the parameters that this optimizer trains, [w, b];"
                        + " was it computed with another model, or behind stopGradient()?");
        fails(
                () -> sgd.step(model.w.stopGradient().sum()),
                "step: the loss reshape () f64 depends on none of the parameters that this optimizer trains, [w, b];"
                        + " was it computed with another model, or behind stopGradient()?");
        assertThat(stranger.value().toDoubles()).containsExactly(1, 2);
    }

    @Test
    void parameterOfAnotherModel() {
        fails(
                () -> sgd.withRate(stranger, 1),
                "rate for parameter (2) f64: this optimizer does not train that parameter; it trains [w, b]");
        Step step = sgd.step(model.w.times(stranger).sum());
        fails(
                () -> step.gradient(stranger),
                "gradient of parameter (2) f64: this optimizer does not train that parameter;"
                        + " is it a component of the model?");
        assertThat(stranger.value().toDoubles()).containsExactly(1, 2);
    }

    @Test
    void nameOfNoParameter() {
        fails(
                () -> sgd.withRate("v", 1),
                "rate for 'v': there is none of that name; did you mean 'w'? The names are [w, b]");
        Step step = sgd.step(model.w.sum());
        fails(
                () -> step.gradient("w.weight"),
                "gradient of 'w.weight': there is none of that name. The names are [w, b]");
    }

    @Test
    void valueThatWasNotAskedFor() {
        Step step = sgd.step(model.w.sum(), model.b);
        fails(
                () -> step.value(model.w.tanh()),
                "value of tanh (2) f64: it was not asked for in this step; pass it: step(loss, tensor)");
    }

    @Test
    void rateThatIsNotFinite() {
        fails(() -> Sgd.of(model, Double.NaN), "learning rate NaN: it must be a finite number, 0 or more");
        fails(
                () -> sgd.withRate(model.w, Double.POSITIVE_INFINITY),
                "learning rate Infinity: it must be a finite number, 0 or more");
    }

    @Test
    void modelWithoutParameters() {
        fails(
                () -> Sgd.of("model", 0.1),
                "parameters of java.lang.String: none found; a model is a record (or a list, map or array) that holds"
                        + " parameters or other such records");
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
