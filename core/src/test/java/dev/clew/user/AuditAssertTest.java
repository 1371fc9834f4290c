package dev.clew.user;

import static dev.clew.audit.GradientAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.AuditReport;
import dev.clew.audit.ByHand;
import dev.clew.audit.GradientAudit;
import dev.clew.audit.HandWritten;
import dev.clew.audit.Unrolled;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An audit as a line of a test: silent if the gradient is right, and otherwise the report. */
final class AuditAssertTest {
    private static final int STEPS = 4;

    /** h_t = tanh(W_x·x_t + W_h·h_{t−1}), and the sum of squares of all states. */
    private static Unrolled network(Map<String, Tensor> numbers) {
        Tensor wx = numbers.getOrDefault("Wx", Tensor.of(0.0));
        Tensor wh = numbers.getOrDefault("Wh", Tensor.of(0.0));
        Tensor x = numbers.getOrDefault("x", Tensor.of(0.0));
        Tensor h = numbers.getOrDefault("h0", Tensor.of(0.0));
        Tensor h0 = h;
        List<Tensor> states = new ArrayList<>();
        Tensor loss = Tensor.of(0.0);
        for (int t = 0; t < STEPS; t++) {
            h = wx.matmul(x.times(0.3 + t)).plus(wh.matmul(h)).tanh();
            states.add(h);
            loss = loss.plus(h.square().sum());
        }
        return Unrolled.of(loss, Map.of("Wx", wx, "Wh", wh))
                .withInitial("h0", h0)
                .withSteps("h", states);
    }

    private static Map<String, NDArray> point() {
        Map<String, NDArray> point = new LinkedHashMap<>();
        RandomKey key = RandomKey.of(5);
        point.put("Wx", key.fold(1).uniform(-1, 1, DType.F64, Shape.of(3, 2)));
        point.put("Wh", key.fold(2).uniform(-1, 1, DType.F64, Shape.of(3, 3)));
        point.put("x", key.fold(3).uniform(-1, 1, DType.F64, Shape.of(2, 2)));
        point.put("h0", key.fold(4).uniform(-1, 1, DType.F64, Shape.of(3, 2)));
        return point;
    }

    private static Unrolled network() {
        Map<String, Tensor> numbers = new LinkedHashMap<>();
        point().forEach((name, array) -> numbers.put(name, Parameter.of(array)));
        return network(numbers);
    }

    /** The automatic gradient, that of Wh multiplied by a factor. */
    private static Map<String, NDArray> gradients(Unrolled network, double factor) {
        Gradients gradients = Gradients.of(network.loss());
        Map<String, NDArray> found = new LinkedHashMap<>();
        network.parameters()
                .forEach((name, w) -> found.put(
                        name,
                        gradients.wrt(w).times(name.equals("Wh") ? factor : 1).value()));
        return found;
    }

    private static HandWritten code(double factor) {
        return point -> {
            Map<String, Tensor> numbers = new LinkedHashMap<>();
            point.forEach((name, array) -> numbers.put(name, Parameter.of(array)));
            return ByHand.of(gradients(network(numbers), factor));
        };
    }

    @Test
    void numbersThatAreRightPass() {
        Unrolled network = network();
        AuditReport report = assertThat(ByHand.of(gradients(network, 1))).isTheGradientOf(network);
        assertThat(report.isRight()).isTrue();
        assertThat(assertThat(ByHand.of(gradients(network, 1)))
                        .isTheGradientOf(network.loss(), network.parameters())
                        .gradients())
                .hasSize(2);
    }

    @Test
    void numbersThatAreWrongThrowTheReport() {
        Unrolled network = network();
        ByHand doubled = ByHand.of(gradients(network, 2));
        AssertionError error = catchThrowableOfType(
                AssertionError.class, () -> assertThat(doubled).isTheGradientOf(network));
        assertThat(error)
                .hasMessage(GradientAudit.of(network)
                        .withGradients(doubled)
                        .report()
                        .toString());
        assertThat(error.getMessage().lines().filter(line -> line.startsWith("Wh")))
                .singleElement()
                .asString()
                .contains("wrong  relative error 1, cosine 1");
        assertThatThrownBy(() -> assertThat(doubled).isTheGradientOf(network.loss(), network.parameters()))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("gradient audit: ");
    }

    @Test
    void codeIsCalledAndAudited() {
        HandWritten right = code(1);
        assertThat(assertThat(right)
                        .isTheGradientOf(AuditAssertTest::network, point())
                        .isRight())
                .isTrue();
        HandWritten doubled = code(2);
        assertThatThrownBy(() -> assertThat(doubled).isTheGradientOf(AuditAssertTest::network, point()))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("gradient audit: ");
    }

    /** An assertion on nothing would always hold. */
    @Test
    void nothingIsNoGradient() {
        assertThatThrownBy(() -> assertThat(ByHand.of(Map.of())).isTheGradientOf(network()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there are no gradients and no adjoints by hand, so nothing can be wrong");
    }

    @Test
    void anAssertionSaysWhatItIsOn() {
        assertThat(assertThat(ByHand.of(Map.of("w", NDArray.of(1.0)))))
                .hasToString("Assertion on numbers by hand: gradients of [w], adjoints of []");
        HandWritten code = code(1);
        assertThat(assertThat(code).toString()).isEqualTo("Assertion on code with a gradient by hand");
    }
}
