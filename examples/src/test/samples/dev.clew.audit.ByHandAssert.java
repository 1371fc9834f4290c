import static dev.clew.audit.GradientAssert.assertThat;

void main() {
    Parameter wx = Parameter.of(0.5);
    Parameter wh = Parameter.of(-0.25);
    List<Tensor> states = new ArrayList<>();
    Tensor h = Tensor.of(0.0);
    for (int step = 1; step <= 3; step++) {
        h = wx.times(step).plus(h.times(wh)).tanh();
        states.add(h);
    }
    Tensor loss = h.square();
    Gradients all = Gradients.of(loss);
    Map<String, Parameter> parameters = Map.of("Wx", wx, "Wh", wh);
    Map<String, NDArray> gradients =
            Map.of("Wx", all.wrt(wx).value(), "Wh", all.wrt(wh).value());
    List<NDArray> dh = states.stream().map(state -> all.wrt(state).value()).toList();
    ByHand byHand = ByHand.of(gradients);
    // sample 1
}
