record Model(Parameter weights) {
    Tensor loss() {
        return weights.square().sum();
    }
}

void main() throws IOException {
    var model = new Model(Parameter.of(new double[] {1, 2}));
    var adam = Adam.of(model, 0.1);
    // sample 1
    try (var files = Files.list(Path.of("runs", "first"))) {
        assertThat(files).hasSize(1);
    }
}
