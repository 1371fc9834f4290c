record Model(Parameter w) {}

void main() {
    var model = new Model(Parameter.of(new double[] {1, -2}));
    Tensor loss = model.w().square().tanh().sum();
    Map<String, NDArray> gradients =
            Map.of("w", Gradients.of(loss).wrt(model.w()).value());
    // sample 1
}
