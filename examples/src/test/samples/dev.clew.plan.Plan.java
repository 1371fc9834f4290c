record Model(Parameter weights) {
    Tensor loss(Tensor x) {
        return x.times(weights).sum();
    }
}

void main() {
    var model = new Model(Parameter.of(3.0));
    NDArray array = NDArray.full(0.5, DType.F64, Shape.of(26));
    // sample 1
    assertThat(loss).isEqualTo(39);
}
