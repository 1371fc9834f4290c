void main() {
    Tensor x = Parameter.of(2.0);
    // sample 1
    assertThat(y.item()).isEqualTo(8);
    assertThat(Gradients.of(y).wrt(x).item()).isEqualTo(12);
}
