void main() {
    NDArray point = NDArray.of(new double[] {1, -2});
    var cell = RnnCell.create(2, 3, RandomKey.of(1));
    Parameter wx = cell.wx();
    Parameter wh = cell.wh();
    Tensor h = cell.start(1);
    for (int step = 1; step <= 3; step++) {
        h = Tensor.of(new double[][] {{step, -1}}).matmul(wx).plus(h.matmul(wh)).tanh();
    }
    Tensor loss = h.square().sum();
    NDArray dWx = Gradients.of(loss).wrt(wx).value();
    NDArray dWh = Gradients.of(loss).wrt(wh).negate().value();
    // sample 1
}
