record Model(Lstm lstm, Linear head) {}

void write(Model model) throws IOException {
    // sample 1
}

List<NDArray> read(Path file, NDArray array) throws IOException {
    // sample 2
    return values;
}

void main() throws IOException {
    var key = RandomKey.of(1);
    var model = new Model(Lstm.create(8, 4, DType.F32, key.fold(0)), Linear.create(4, 5, DType.F32, key.fold(1)));
    write(model);
    NDArray array = key.fold(2).normal(0, 1, DType.F32, Shape.of(1, 20, 8));
    Tensor logits = model.head().of(Run.of(model.lstm(), Tensor.of(array)).outputs());
    assertThat(read(Path.of("model.onnx"), array)).hasSize(1);
    assertThat(read(Path.of("model.onnx"), array).getFirst().toFloats()).containsExactly(logits.value().toFloats(), within(1e-6f));
}
