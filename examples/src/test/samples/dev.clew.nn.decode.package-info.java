record Model(Gru cell, Linear head) {
    Cell.Out<Tensor> step(Tensor tokens, Tensor h) {
        Tensor next = cell.step(Tensor.oneHot(tokens, 3, DType.F64), h).state();
        return new Cell.Out<>(head.of(next), next);
    }
}

void main() {
    var key = RandomKey.of(1);
    var model = new Model(Gru.create(3, 4, key.fold(0)), Linear.create(4, 3, key.fold(1)));
    int start = 0;
    int end = 2;
    // sample 1
    assertThat(best).extracting(Hypothesis::score).isSortedAccordingTo(Comparator.reverseOrder());
}
