import static dev.clew.audit.GradientAssert.assertThat;

record Cube() implements Custom {
    public Shape shape(List<Tensor> inputs) {
        return inputs.getFirst().shape();
    }

    public NDArray value(List<NDArray> inputs) {
        double[] x = inputs.getFirst().toDoubles();
        Arrays.setAll(x, i -> x[i] * x[i] * x[i]);
        return NDArray.of(inputs.getFirst().shape(), x);
    }

    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        return yBar.times(y.input(0).square().times(3));
    }
}

record Model(Parameter w) {}

void main() {
    NDArray point = NDArray.of(new double[] {1, -2});
    var model = new Model(Parameter.of(point));
    Tensor loss = model.w().square().tanh().sum();
    Map<String, Tensor> inputs = Map.of("w", model.w());
    Map<String, NDArray> byHand = Map.of("w", Gradients.of(loss).wrt(model.w()).value());
    // sample 1
    Map<String, NDArray> wrong = Map.of("w", point);
    Assertions.assertThatThrownBy(() -> assertThat(GradientCheck.of(loss, inputs).withGradients(wrong))
                    .isRight())
            .isInstanceOf(AssertionError.class);
}
