import java.time.Duration;

/** Of the mean of a sequence. */
record Model(Linear head) {
    Tensor scores(Sequences.Batch batch) {
        return head.of(batch.x().mean(1));
    }

    Tensor loss(Sequences.Batch batch) {
        return Losses.softmaxCrossEntropy(scores(batch), batch.targets());
    }
}

void use(Model model) {
    assertThat(Parameters.count(model)).isEqualTo(4);
}

void main() {
    var key = RandomKey.of(1);
    var model = new Model(Linear.create(1, 2, key));
    List<NDArray> series = new ArrayList<>();
    List<NDArray> labels = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
        series.add(key.fold(i).uniform(i % 2 - 1, i % 2, DType.F64, Shape.of(4, 1)));
        labels.add(NDArray.of(i % 2));
    }
    var sequences = Sequences.of(series, labels);
    var held = sequences;
    // sample 1
    assertThat(Trainer.snapshotIn(Path.of("run"))).isRegularFile();
}
