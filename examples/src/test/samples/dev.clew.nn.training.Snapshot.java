void main() throws IOException {
    var model = Linear.create(2, 3, RandomKey.of(1));
    var adam = Adam.of(model, 0.1);
    String letters = "abc";
    Path file = Path.of("snapshot.safetensors");
    // sample 1
    assertThat(step).isEqualTo(1200);
    assertThat(snapshot.text("vocabulary")).isEqualTo(letters);
}
