package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of the losses of a sequence, by lag: how many steps lie between a loss and the use of a parameter that it counts. Lag 0 is
 * the step of the loss itself; what parameters do to the start of the sequence comes one lag after its first step.
 *
 * @param numbers by lag, then by parameter
 */
record Lags(List<List<double[]>> numbers) {

    /** Zeros, for a sequence of so many steps. */
    static Lags zeros(Task<?> task, int steps) {
        List<List<double[]>> numbers = new ArrayList<>();
        for (int lag = 0; lag <= steps; lag++) {
            numbers.add(task.parameters().values().stream()
                    .map(each -> new double[each.shape().elements()])
                    .toList());
        }
        return new Lags(numbers);
    }

    void add(int lag, int parameter, double[] more, int from) {
        double[] sum = numbers.get(lag).get(parameter);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += more[from + i];
        }
    }

    private void add(int lag, List<NDArray> gradients) {
        for (int i = 0; i < numbers.get(lag).size(); i++) {
            add(lag, i, gradients.get(i).toDoubles(), 0);
        }
    }

    /** Of a way, on a sequence from its start; {@code forward} is one that tells as many sources apart as there are steps, and one. */
    static <S> Lags of(Task<S> task, Forward<S> forward, List<NDArray> x, List<NDArray> targets) {
        Lags lags = zeros(task, x.size());
        forward.restart();
        for (int t = 0; t < x.size(); t++) {
            Forward.Heard heard = forward.hear(x.get(t), Optional.of(targets.get(t)));
            lags.add(0, heard.immediate());
            List<double[]> slopes = forward.byParameter(heard.slopes().orElseThrow());
            for (int i = 0; i < slopes.size(); i++) {
                int size = lags.numbers.getFirst().get(i).length;
                for (int source = 0; source <= t; source++) {
                    lags.add(t + 1 - source, i, slopes.get(i), source * size);
                }
            }
        }
        return lags;
    }

    /** From which step on a loss is told of what parameters do. */
    interface Window {
        int start(int step);

        static Window of(Credit credit) {
            return step -> credit instanceof Credit.Truncated way
                    ? Math.max(0, step / way.every() * way.every() - way.replayed())
                    : 0;
        }
    }

    /**
     * By the chain rule from step to step, on the numbers of all states: the graph of backpropagation through time, taken apart. What
     * lies before a window does not count.
     */
    static <S> Lags exact(Task<S> task, List<NDArray> x, List<NDArray> targets, Window window) {
        Lags lags = zeros(task, x.size());
        int batch = x.getFirst().shape().length(0);
        List<S> states = new ArrayList<>(List.of(States.detach(task.start(batch))));
        for (NDArray each : x) {
            states.add(
                    States.detach(task.step(Tensor.of(each), states.getLast()).state()));
        }
        Recurring<S> recurring = new Recurring<>();
        for (int t = 0; t < x.size(); t++) {
            List<NDArray> back = recurring
                    .run(
                            "loss",
                            List.of(x.get(t), targets.get(t)),
                            Optional.of(states.get(t)),
                            (data, state) -> ofLoss(task, data, state.orElseThrow()))
                    .others();
            lags.add(0, back);
            for (int tau = t - 1; tau >= window.start(t); tau--) {
                back = through(task, recurring, x.get(tau), states.get(tau), back);
                lags.add(t - tau, back);
            }
            if (window.start(t) == 0) {
                lags.add(t + 1, atStart(task, batch, back));
            }
        }
        return lags;
    }

    /** Gradients of all parameters, and then of the parts of the state before. */
    private static <S> List<NDArray> through(
            Task<S> task, Recurring<S> recurring, NDArray x, S before, List<NDArray> later) {
        List<NDArray> data = new ArrayList<>(List.of(x));
        data.addAll(later.subList(task.parameters().size(), later.size()));
        return recurring
                .run("through", data, Optional.of(before), (given, state) -> ofNext(task, given, state.orElseThrow()))
                .others();
    }

    private static <S> Recurring.Made<S> ofLoss(Task<S> task, List<Tensor> data, S state) {
        Cell.Out<S> out = task.step(data.get(0), state);
        Gradients gradients = Gradients.of(task.loss(out.output(), data.get(1)));
        return new Recurring.Made<>(state, List.of(), wanted(task, gradients, state));
    }

    private static <S> Recurring.Made<S> ofNext(Task<S> task, List<Tensor> data, S state) {
        S next = task.step(data.getFirst(), state).state();
        return new Recurring.Made<>(
                state,
                List.of(),
                wanted(task, Gradients.of(flat(Influenced.parts(next)), flat(data.subList(1, data.size()))), state));
    }

    private static Tensor flat(List<Tensor> parts) {
        return Tensor.concat(0, parts.stream().map(each -> each.reshape(-1)).toList());
    }

    private static List<Tensor> wanted(Task<?> task, Gradients gradients, Object state) {
        List<Tensor> wanted = new ArrayList<>();
        for (Parameter parameter : task.parameters().values()) {
            wanted.add(gradients.wrt(parameter));
        }
        for (Tensor part : Influenced.parts(state)) {
            wanted.add(gradients.wrt(part));
        }
        return wanted;
    }

    private static <S> List<NDArray> atStart(Task<S> task, int batch, List<NDArray> later) {
        List<Tensor> slopes = later.subList(task.parameters().size(), later.size()).stream()
                .map(Tensor::of)
                .toList();
        Gradients gradients = Gradients.of(flat(Influenced.parts(task.start(batch))), flat(slopes));
        return Tensor.values(wanted(task, gradients, task.start(batch)));
    }
}
