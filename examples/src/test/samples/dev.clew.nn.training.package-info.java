record Model(Linear layer) {
    Tensor scores(Batches.Rows batch) {
        return layer.of(batch.x());
    }

    Tensor loss(Batches.Rows batch) {
        return Losses.softmaxCrossEntropy(scores(batch), batch.y());
    }
}

void main() throws IOException {
    var key = RandomKey.of(1);
    var model = new Model(Linear.create(1, 2, key));
    var adam = Adam.of(model, 0.1);
    NDArray x = NDArray.of(new double[][] {{-2}, {-1}, {1}, {2}});
    var batches = Batches.of(x, NDArray.of(new int[] {0, 0, 1, 1}), 2);
    var held = batches.of(key, 0).toList();
    // sample 1
    assertThat(Snapshot.read(Path.of("model.safetensors")).parameters()).hasSize(2);
}
