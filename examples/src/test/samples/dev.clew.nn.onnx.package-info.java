void main() throws IOException {
    Parameter w = Parameter.ones(DType.F32, 3, 2);
    // sample 1
    assertThat(OnnxModel.read(Path.of("model.onnx")).outputs().get("y").shape()).isEqualTo(Shape.of(1, 2));
}
