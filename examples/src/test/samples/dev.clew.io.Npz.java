void main() throws IOException {
    Npz.write(Path.of("weights.npz"), Map.of("embedding/weight", NDArray.of(2.0)));
    // sample 1
}
