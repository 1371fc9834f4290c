void main() {
    // sample 1
    assertThat(noise).isEqualTo(RandomKey.of(7).normal(0, 1, DType.F32, Shape.of(2, 3)));
}
