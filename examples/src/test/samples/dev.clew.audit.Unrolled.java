void main() {
    var key = RandomKey.of(1);
    var cell = RnnCell.create(2, 3, key);
    Parameter wx = cell.wx();
    Parameter wh = cell.wh();
    Parameter b = cell.b();
    Tensor h0 = cell.start(1);
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> states = new ArrayList<>();
    Tensor h = h0;
    for (int step = 0; step < 3; step++) {
        inputs.add(Tensor.of(key.fold(step).normal(0, 1, DType.F64, Shape.of(1, 2))));
        h = cell.next(inputs.getLast(), h);
        states.add(h);
    }
    Tensor loss = h.square().sum();
    // sample 1
    assertThat(network.parameters()).containsOnlyKeys("Wx", "Wh", "b");
    assertThat(network.steps().get("h")).isEqualTo(states);
}
