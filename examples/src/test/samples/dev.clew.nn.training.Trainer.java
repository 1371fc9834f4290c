import java.time.Duration;

record Model(Gru cell, Linear head) {
    Tensor scores(Sequences.Batch batch) {
        return head.of(Run.of(cell, batch.x(), batch.lengths()).last());
    }

    Tensor loss(Sequences.Batch batch) {
        return Losses.softmaxCrossEntropy(scores(batch), batch.targets());
    }
}

final List<Model> used = new ArrayList<>();

void use(Model model) {
    used.add(model);
}

void main() {
    var key = RandomKey.of(1);
    var model = new Model(Gru.create(1, 4, key.fold(0)), Linear.create(4, 2, key.fold(1)));
    List<NDArray> series = new ArrayList<>();
    List<NDArray> labels = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
        series.add(key.fold(i + 2).uniform(i % 2 - 1, i % 2, DType.F64, Shape.of(4, 1)));
        labels.add(NDArray.of(i % 2));
    }
    var sequences = Sequences.of(series, labels);
    var held = sequences;
    // sample 1
    assertThat(used).hasSize(1);
}
