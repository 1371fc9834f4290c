void main() throws IOException {
    var key = RandomKey.of(1);
    var written = TorchWeights.create();
    written.put("rnn", Layers.of(List.of(Lstm.create(2, 3, key.fold(0)))));
    written.put("head", Linear.create(3, 2, key.fold(1)));
    Safetensors.write(Path.of("model.safetensors"), written.arrays(), Map.of());
    // sample 1
}
