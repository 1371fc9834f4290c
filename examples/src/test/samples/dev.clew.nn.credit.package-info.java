import java.util.function.BiFunction;

record Model(RnnCell cell, Linear head) {}

void main() {
    var key = RandomKey.of(1);
    var model = new Model(RnnCell.create(2, 3, key.fold(0)), Linear.create(3, 1, key.fold(1)));
    BiFunction<Tensor, Tensor, Tensor> loss =
            (h, target) -> Losses.meanSquaredError(model.head().of(h), target);
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    for (int step = 0; step < 6; step++) {
        inputs.add(Tensor.of(key.fold(step).normal(0, 1, DType.F64, Shape.of(1, 2))));
        targets.add(Tensor.of(key.fold(step).normal(0, 1, DType.F64, Shape.of(1, 1))));
    }
    // sample 1
}
