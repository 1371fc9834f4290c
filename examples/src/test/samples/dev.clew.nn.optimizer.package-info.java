void main() {
    var key = RandomKey.of(1);
    var model = Linear.create(3, 1, key);
    Tensor x = Tensor.of(key.fold(1).normal(0, 1, DType.F64, Shape.of(8, 3)));
    Tensor loss = Losses.meanSquaredError(model.of(x), x.sum(1).reshape(8, 1));
    // sample 1
}
