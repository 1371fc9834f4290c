Tensor normal(long seed, int rows, int columns) {
    return Tensor.of(RandomKey.of(seed).normal(0, 0.05, DType.F64, Shape.of(rows, columns)));
}

void main() {
    Tensor w = normal(1, 16, 16);
    Tensor u = normal(2, 8, 16);
    Tensor x = normal(3, 32, 8);
    // sample 1
    Tensor again = h.matmul(w).plus(x.matmul(u)).tanh();
    assertThat(again.minus(h).abs().max().item()).isLessThan(1e-12);
}
