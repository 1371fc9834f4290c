final NDArray x = NDArray.of(new double[][] {{0.5, -1}});

Unrolled forward(Map<String, Tensor> numbers) {
    Tensor h = numbers.get("h0");
    List<Tensor> states = new ArrayList<>();
    for (int step = 0; step < 3; step++) {
        h = Tensor.of(x)
                .matmul(numbers.get("Wx"))
                .plus(h.matmul(numbers.get("Wh")))
                .plus(numbers.get("b"))
                .tanh();
        states.add(h);
    }
    Map<String, Tensor> parameters = new LinkedHashMap<>(numbers);
    parameters.remove("h0");
    return Unrolled.of(h.square().sum(), parameters)
            .withInitial("h0", numbers.get("h0"))
            .withSteps("h", states);
}

NDArray gradient(Unrolled forward, Tensor of) {
    return Gradients.of(forward.loss()).wrt(of).value();
}

ByHand byHand(Map<String, NDArray> point) {
    Map<String, Tensor> numbers = new LinkedHashMap<>();
    point.forEach((name, array) -> numbers.put(name, Parameter.of(array)));
    Unrolled forward = forward(numbers);
    Map<String, NDArray> gradients = new LinkedHashMap<>();
    forward.parameters().forEach((name, parameter) -> gradients.put(name, gradient(forward, parameter)));
    return ByHand.of(gradients);
}

void main() {
    var cell = RnnCell.create(2, 3, RandomKey.of(1));
    Map<String, NDArray> point = Map.of(
            "Wx", cell.wx().value(),
            "Wh", cell.wh().value(),
            "b", cell.b().value(),
            "h0", cell.start(1).value());
    Tensor wx = cell.wx();
    Tensor wh = cell.wh();
    Tensor b = cell.b();
    Tensor h0 = cell.start(1);
    Unrolled same = forward(Map.of("Wx", wx, "Wh", wh, "b", b, "h0", h0));
    Tensor loss = same.loss();
    List<Tensor> states = same.steps().get("h");
    NDArray dWx = gradient(same, wx);
    NDArray dWh = Tensor.of(gradient(same, wh)).negate().value();
    NDArray db = gradient(same, b);
    List<NDArray> dh = states.stream().map(h -> gradient(same, h)).toList();
    HandWritten myCode = this::byHand;
    // sample 1
    assertThat(GradientAudit.of(network).withGradients(numbers).report().explanations())
            .hasSize(1);
    assertThat(called.isRight()).isTrue();
}
