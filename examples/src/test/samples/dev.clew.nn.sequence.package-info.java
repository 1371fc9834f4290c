void main() {
    var key = RandomKey.of(1);
    Tensor x = Tensor.of(key.normal(0, 1, DType.F64, Shape.of(2, 5, 3)));
    // sample 1
    assertThat(run.lastOutputs().get(0, 1).value()).isEqualTo(run.outputs().get(0, 1).get(0, 1).value());
}
