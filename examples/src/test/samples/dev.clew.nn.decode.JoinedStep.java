record Model(Gru cell, Linear head) {
    Cell.Out<Tensor> step(Tensor tokens, Tensor h) {
        Tensor next = cell.step(Tensor.oneHot(tokens, 3, DType.F64), h).state();
        return new Cell.Out<>(head.of(next), next);
    }
}

void main() {
    var key = RandomKey.of(1);
    var model = new Model(Gru.create(3, 4, key.fold(0)), Linear.create(4, 3, key.fold(1)));
    // sample 1
    var read = decoder.read(new int[] {0, 1, 2}, model.cell().start(1));
    assertThat(read.logits().shape()).isEqualTo(Shape.of(1, 3));
    assertThat(step.joined().rows()).isEqualTo(3);
}
