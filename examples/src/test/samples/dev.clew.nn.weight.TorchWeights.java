record Tagger(Layers<Lstm.State> rnn, Linear head) {}

void train(Tagger model) {
    model.head().bias().set(NDArray.of(new double[] {1, 2}));
}

void main() throws IOException {
    var key = RandomKey.of(1);
    var written = TorchWeights.create();
    written.put("encoder.rnn", Layers.of(List.of(Lstm.create(2, 3, key.fold(0)))));
    written.put("head", Linear.create(3, 2, key.fold(1)));
    Path path = Path.of("tagger.safetensors");
    Safetensors.write(path, written.arrays(), Map.of());
    whole(path);
    cast(path);
}

void whole(Path path) throws IOException {
    try (Safetensors file = Safetensors.open(path)) {
        // sample 1
    }
    try (Safetensors file = Safetensors.open(path)) {
        assertThat(file.read("head.bias").toDoubles()).containsExactly(1, 2);
    }
}

void cast(Path path) throws IOException {
    try (Safetensors file = Safetensors.open(path)) {
        // sample 2
        assertThat(weights.linear("head").weight().dtype()).isEqualTo(DType.F32);
    }
}
