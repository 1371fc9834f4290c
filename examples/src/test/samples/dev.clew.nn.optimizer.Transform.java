void main() {
    Parameter p = Parameter.of(1.0);
    var model = Map.of("p", p);
    // sample 1
    Tensor loss = p.times(2);
    optimizer.step(loss);
    optimizer.step(loss);
    assertThat(p.item()).isCloseTo(1 - 0.01 * (2 + 3.8), within(1e-15));
}
