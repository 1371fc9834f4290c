record Model(Lstm cell, Linear head) {
    Cell.Out<Lstm.State> step(Tensor tokens, Lstm.State state) {
        var out = cell.step(Tensor.oneHot(tokens, 3, DType.F64), state);
        return new Cell.Out<>(head.of(out.output()), out.state());
    }
}

void main() {
    var key = RandomKey.of(1);
    var model = new Model(Lstm.create(3, 4, key.fold(0)), Linear.create(4, 3, key.fold(1)));
    int start = 0;
    int end = 2;
    // sample 1
    assertThat(written).hasSizeLessThanOrEqualTo(40).doesNotContain(end);
}
