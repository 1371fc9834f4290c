package dev.clew.user;

import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.ByHand;
import dev.clew.audit.GradientAudit;
import dev.clew.audit.HandWritten;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a user reads who hands an audit something that does not fit: where it was handed over, with what would. */
final class AuditMistakesTest {
    private static final String THERE = "there are Wh, b, h0";

    /** h_t = tanh(W_h·h_{t−1} + b) for four steps, and the symbols of every step. */
    private static Unrolled network(Map<String, Tensor> point) {
        Tensor wh = point.getOrDefault("Wh", Tensor.of(0.0));
        Tensor b = point.getOrDefault("b", Tensor.of(0.0));
        Tensor h0 = point.getOrDefault("h0", Tensor.of(0.0));
        Tensor h = h0;
        List<Tensor> states = new ArrayList<>();
        List<Tensor> symbols = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            h = wh.matmul(h).plus(b).tanh();
            states.add(h);
            symbols.add(Tensor.of(t));
        }
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("Wh", wh);
        parameters.put("b", b);
        return Unrolled.of(h.square().sum(), parameters)
                .withInitial("h0", h0)
                .withSteps("h", states)
                .withSteps("symbol", symbols);
    }

    private static Map<String, NDArray> point() {
        return Map.of(
                "Wh", array(4, 4),
                "b", array(4, 1),
                "h0", array(4, 3));
    }

    private static NDArray array(int... lengths) {
        return NDArray.full(0.25, DType.F64, Shape.of(lengths));
    }

    private static GradientAudit audit() {
        return GradientAudit.of(AuditMistakesTest::network, point());
    }

    private static ByHand gradient(String name, NDArray array) {
        return ByHand.of(Map.of(name, array));
    }

    private static void gradientSays(String message, String name, NDArray array) {
        says(message, () -> audit().withGradients(gradient(name, array)).toString());
    }

    private static void stepsSay(String message, ByHand numbers) {
        says(message, () -> audit().withGradients(numbers).toString());
    }

    @Test
    void aGradientOfANameThatIsNotThere() {
        String rest = ": no parameter and no initial state has this name; " + THERE;
        gradientSays("gradient by hand of U" + rest, "U", array(4, 4));
        gradientSays("gradient by hand of dWh" + rest + "; call it Wh", "dWh", array(4, 4));
        gradientSays("gradient by hand of WH" + rest + "; call it Wh", "WH", array(4, 4));
        gradientSays("gradient by hand of grad_b" + rest + "; call it b", "grad_b", array(4));
        gradientSays(
                "gradient by hand of h" + rest + "; h is of every step: give it with withAdjoints", "h", array(4, 3));
    }

    @Test
    void aGradientOfAnotherShape() {
        String rest = ", and both have the same but for axes of length 1";
        gradientSays("gradient by hand of h0, (3, 4): h0 has shape (4, 3)" + rest + "; transposed?", "h0", array(3, 4));
        gradientSays("gradient by hand of h0, (2, 6): h0 has shape (4, 3)" + rest + "; reshape it", "h0", array(2, 6));
        gradientSays("gradient by hand of h0, (4, 4): h0 has shape (4, 3)" + rest + "; that of Wh?", "h0", array(4, 4));
        gradientSays("gradient by hand of Wh, (5): Wh has shape (4, 4)" + rest, "Wh", array(5));
    }

    @Test
    void axesOfLengthOneDoNotMatter() {
        for (NDArray b : List.of(array(4), array(1, 4), array(4, 1), array(1, 4, 1))) {
            assertThat(audit().withGradients(gradient("b", b))).isNotNull();
        }
    }

    @Test
    void integersAreNoGradient() {
        gradientSays(
                "gradient by hand of b, (4) i32: a derivative is f64 or f32; integers and truth values are none",
                "b",
                NDArray.of(new int[] {1, 2, 3, 4}));
        stepsSay(
                "adjoint by hand of h at step 1, (4, 3) bool: a derivative is f64 or f32;"
                        + " integers and truth values are none",
                gradient("b", array(4))
                        .withAdjoints(
                                "h",
                                List.of(
                                        array(4, 3),
                                        NDArray.build(DType.BOOL, Shape.of(4, 3), (block, from, count) -> {}),
                                        array(4, 3),
                                        array(4, 3))));
        NDArray one = array();
        stepsSay(
                "adjoint by hand of symbol at step 0: it is taken by constant () i32, and integers have no derivatives;"
                        + " leave it out",
                gradient("b", array(4)).withAdjoints("symbol", List.of(one, one, one, one)));
    }

    @Test
    void adjointsAndActivationsOfStepsThatAreNotThere() {
        NDArray h = array(4, 3);
        ByHand numbers = gradient("b", array(4));
        stepsSay(
                "adjoints by hand of s: nothing that every step has is called so; there are h, symbol;"
                        + " name it by withSteps(\"s\", ...)",
                numbers.withAdjoints("s", List.of(h)));
        stepsSay(
                "activations by hand of a: nothing that every step has is called so; there are h, symbol;"
                        + " name it by withSteps(\"a\", ...)",
                numbers.withActivations("a", List.of(h)));
        Parameter w = Parameter.of(1.0);
        says(
                "adjoints by hand of h: nothing that every step has is called so; there are none;"
                        + " name it by withSteps(\"h\", ...)",
                () -> GradientAudit.of(Unrolled.of(w.square(), Map.of("w", w)))
                        .withGradients(gradient("w", array()).withAdjoints("h", List.of(h)))
                        .toString());
        stepsSay(
                "adjoints by hand of h, 3 of them: h has 4 steps, and every step has one",
                numbers.withAdjoints("h", List.of(h, h, h)));
        stepsSay(
                "activations by hand of h, 5 of them: h has 4 steps, and every step has one;"
                        + " leave out what stands before the first step",
                numbers.withActivations("h", List.of(h, h, h, h, h)));
        stepsSay(
                "activation by hand of h at step 2, (3, 4): h has shape (4, 3), and both have the same but for axes of"
                        + " length 1; transposed?",
                numbers.withActivations("h", List.of(h, h, array(3, 4), h)));
    }

    @Test
    void nothingToCompare() {
        String nothing = ": there are none, and no adjoints either, so nothing can be wrong; give at least one, with"
                + " ByHand.of or withAdjoints";
        says(
                "gradients by hand" + nothing,
                () -> audit().withGradients(ByHand.of(Map.of())).toString());
        says(
                "gradients by hand" + nothing,
                () -> audit().withGradients(new ByHand(Map.of(), Map.of(), Map.of(), OptionalDouble.of(1)))
                        .toString());
        says(
                "gradients by hand" + nothing,
                () -> audit().withCode(_ -> ByHand.of(Map.of())).report().toString());
        says(
                "gradient audit of Unrolled reshape () f64 of [Wh, b], from [h0], with [h, symbol] of every step: there is"
                        + " nothing by hand to compare; give withGradients(numbers) or withCode(code)",
                () -> audit().report().toString());
    }

    @Test
    void numbersAndCodeAtOnce() {
        ByHand numbers = gradient("b", array(4));
        HandWritten code = _ -> numbers;
        says(
                "code by hand beside gradients of [b]: the code computes the numbers; leave out withGradients, or"
                        + " withCode",
                () -> audit().withGradients(numbers).withCode(code).toString());
        String rest = " beside code by hand: the code computes the numbers; leave out one of them";
        says(
                "gradients by hand" + rest,
                () -> audit().withCode(code).withGradients(numbers).toString());
        says(
                "gradients by hand in the second call" + rest,
                () -> audit().withCode(code).withSecondCall(numbers).toString());
    }

    @Test
    void aSecondCallWithoutAFirstOrOfOtherNames() {
        ByHand numbers = gradient("b", array(4));
        says(
                "gradients by hand in the second call: there are none of the first, and the two are compared;"
                        + " call withGradients first",
                () -> audit().withSecondCall(numbers).toString());
        says(
                "gradients by hand in the second call of [Wh]: the first call has [b], and the same code gives the same;"
                        + " give those of both",
                () -> audit().withGradients(numbers)
                        .withSecondCall(gradient("Wh", array(4, 4)))
                        .toString());
        says(
                "gradient by hand in the second call of v: no parameter and no initial state has this name; " + THERE,
                () -> audit().withGradients(numbers)
                        .withSecondCall(gradient("v", array(4)))
                        .toString());
    }

    @Test
    void codeNeedsAPointToBeCalledAt() {
        Parameter w = Parameter.of(1.0);
        Unrolled graph = Unrolled.of(w.square(), Map.of("w", w));
        says(
                "code by hand beside Unrolled square () f64 of [w], from [], with [] of every step: the code is called"
                        + " at a point, and a graph has none; give a function that builds the graph, and the point:"
                        + " GradientAudit.of(function, point)",
                () -> GradientAudit.of(graph)
                        .withCode(_ -> gradient("w", array()))
                        .toString());
    }

    @Test
    void anInputOfAPlanHasNoNumbers() {
        Parameter w = Parameter.of(1.0);
        Unrolled graph = Unrolled.of(w.times(Tensor.input("x", DType.F64)), Map.of("w", w));
        says(
                "gradient audit of times () f64: it is computed from input \"x\" () f64, which has no number of its own;"
                        + " audit with Tensor.of(numbers) in its place",
                () -> GradientAudit.of(graph).toString());
    }

    private static void notRepeatable(String what, Function<Map<String, Tensor>, Unrolled> model) {
        says(
                "gradient audit: two calls of the function at the same point give " + what
                        + "; a point decides everything: draw random numbers from a fixed RandomKey, or put them into"
                        + " the point",
                () -> GradientAudit.of(model, Map.of("w", NDArray.of(3.0)))
                        .withGradients(gradient("w", array()))
                        .report()
                        .toString());
    }

    private static Tensor w(Map<String, Tensor> point) {
        return point.getOrDefault("w", Tensor.of(0.0));
    }

    @Test
    void aFunctionThatComputesSomethingElseNextTime() {
        AtomicInteger calls = new AtomicInteger();
        notRepeatable("the loss 3.0 and 6.0", point -> {
            Tensor w = w(point);
            return Unrolled.of(w.times(calls.incrementAndGet()), Map.of("w", w));
        });
        AtomicInteger flips = new AtomicInteger();
        notRepeatable("the gradient of w 2.0 and 1.0", point -> {
            Tensor w = w(point);
            Tensor once = flips.getAndIncrement() % 2 == 0 ? w : w.stopGradient();
            return Unrolled.of(w.plus(once), Map.of("w", w));
        });
        AtomicInteger names = new AtomicInteger();
        notRepeatable(
                "{the loss=() f64, the gradient of w=() f64} and {the loss=() f64, the gradient of v=() f64}",
                point -> {
                    Tensor w = w(point);
                    return Unrolled.of(w.square(), Map.of(names.getAndIncrement() % 2 == 0 ? "w" : "v", w));
                });
    }

    @Test
    void errorsPointToTheLineThatHandedItOver() {
        ByHand wrong = gradient("U", array(4, 4));
        GradientAudit audit = audit();
        Throwable error = catchThrowable(() -> audit.withGradients(wrong).toString());
        assertThat(Arrays.stream(error.getStackTrace())
                        .map(StackTraceElement::getClassName)
                        .filter(name -> name.startsWith("dev.clew.") && !name.startsWith("dev.clew.audit.")))
                .first()
                .isEqualTo(AuditMistakesTest.class.getName());
    }

    @Test
    void anAuditSaysWhatItIsOf() {
        String of = "GradientAudit of Unrolled reshape () f64 of [Wh, b], from [h0], with [h, symbol] of every step";
        ByHand numbers = gradient("b", array(4));
        assertThat(audit()).hasToString(of);
        assertThat(audit().withGradients(numbers))
                .hasToString(of + ", with gradients by hand of [b] and adjoints of []");
        assertThat(audit().withGradients(numbers).withSecondCall(numbers))
                .hasToString(of + ", with gradients by hand of [b] and adjoints of [] in two calls");
        assertThat(audit().withCode(_ -> numbers)).hasToString(of + ", with code by hand");
    }
}
