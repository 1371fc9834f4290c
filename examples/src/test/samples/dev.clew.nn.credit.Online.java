Tensor target(Tensor x) {
    return x.slice(1, 0, 1);
}

void main() {
    var key = RandomKey.of(1);
    Iterator<Tensor> stream = IntStream.range(0, 10)
            .mapToObj(step -> Tensor.of(key.fold(step).normal(0, 1, DType.F64, Shape.of(1, 2))))
            .iterator();
    // sample 1
    assertThat(online.toString()).contains("after 10 steps");
}
