import static dev.clew.audit.GradientAssert.assertThat;

/** The gradient of Σ w²·x. */
record Network() {
    Map<String, NDArray> backward(Map<String, NDArray> point) {
        Tensor w = Tensor.of(point.get("w"));
        return Map.of("w", w.times(2).times(Tensor.of(point.get("x"))).value());
    }
}

Tensor loss(Map<String, Tensor> numbers) {
    return numbers.get("w").square().times(numbers.get("x")).sum();
}

Map<String, Tensor> parameters(Map<String, Tensor> numbers) {
    return Map.of("w", numbers.get("w"));
}

void main() {
    var network = new Network();
    Map<String, NDArray> point =
            Map.of("w", NDArray.of(new double[] {1, 2}), "x", NDArray.of(new double[] {0.5, -3}));
    // sample 1
    HandWritten wrong = numbers -> ByHand.of(Map.of("w", numbers.get("x")));
    Assertions.assertThatThrownBy(() -> assertThat(wrong)
                    .isTheGradientOf(numbers -> Unrolled.of(loss(numbers), parameters(numbers)), point))
            .isInstanceOf(AssertionError.class);
}
