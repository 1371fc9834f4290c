package dev.clew.nn.credit;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The ways that go forward with the stream: what they carry is the state and its influence, as numbers. */
final class Forward<S> implements Way<S> {
    private final Credit credit;
    private final Task<S> task;
    private final Influenced<S> influenced;
    private final Recurring<S> recurring = new Recurring<>();
    private Influence influence;
    private S state;
    private List<NDArray> carried;
    /** How often what was kept did not suffice. */
    private int widened;

    /** In all, so that no signs are drawn twice. */
    private long steps;
    /** Since the stream began, or began anew. */
    private long since;

    private Forward(Credit credit, Influenced<S> influenced, Influence influence) {
        this.credit = credit;
        this.task = influenced.task();
        this.influenced = influenced;
        this.influence = influence;
        this.state = States.detach(task.start(influenced.batch()));
        this.carried = influence.start(0);
    }

    /**
     * For the first step of a stream.
     *
     * @param sources how many steps are told apart as the sources of influence; 1 for none
     */
    static <S> Forward<S> of(Task<S> task, Credit credit, NDArray x, int batch, int sources) {
        Influenced<S> influenced = Influenced.of(task, x, batch);
        return new Forward<>(credit, influenced, Influences.of(credit, influenced, x, sources));
    }

    /**
     * The numbers of a step.
     *
     * @param immediate gradients by what parameters do in this step
     * @param slopes those by what they did before: (sources, p)
     */
    record Heard(NDArray output, Optional<NDArray> loss, List<NDArray> immediate, Optional<NDArray> slopes) {}

    Heard hear(NDArray x, Optional<NDArray> target) {
        List<NDArray> data = new ArrayList<>(List.of(x));
        target.ifPresent(data::add);
        data.addAll(carried);
        data.addAll(influence.drawn(steps, since));
        Object kind = List.of(target.isPresent(), widened);
        Recurring.Found<S> found = recurring.run(
                kind, data, Optional.of(state), (given, before) -> formulas(target.isPresent(), given, before));
        List<NDArray> numbers = found.others();
        int at = 1 + carried.size();
        if (numbers.getFirst().item() != 0) {
            carried = influence.widened(carried);
            influence = influence.widened();
            widened++;
            return hear(x, target);
        }
        state = found.states().getFirst();
        carried = List.copyOf(numbers.subList(1, at));
        steps++;
        since++;
        int parameters = task.parameters().size();
        return target.isEmpty()
                ? new Heard(numbers.get(at), Optional.empty(), List.of(), Optional.empty())
                : new Heard(
                        numbers.get(at),
                        Optional.of(numbers.get(at + 1)),
                        numbers.subList(at + 2, at + 2 + parameters),
                        Optional.of(numbers.get(at + 2 + parameters)));
    }

    /** What is missed, what is carried on, the output; with a target the loss, its gradients, and its slopes. */
    private Recurring.Made<S> formulas(boolean counts, List<Tensor> data, Optional<S> state) {
        S before = state.orElseThrow();
        Tensor x = data.getFirst();
        Cell.Out<S> out = task.step(x, before);
        if (!(influence instanceof RankOneInfluence)) {
            Jacobians.requireNothingDrawn(credit, influenced.batch(), out.output());
        }
        Optional<Tensor> loss = counts ? Optional.of(task.loss(out.output(), data.get(1))) : Optional.empty();
        Optional<Gradients> ofLoss = loss.map(Gradients::of);
        int from = counts ? 2 : 1;
        Influence.After after = influence.next(
                new Moment<>(influenced, x, before, out, ofLoss),
                data.subList(from, from + carried.size()),
                data.subList(from + carried.size(), data.size()));
        List<Tensor> others = new ArrayList<>();
        others.add(after.missed().orElse(Tensor.of(0.0)));
        others.addAll(after.carried());
        others.add(out.output());
        loss.ifPresent(others::add);
        ofLoss.ifPresent(gradients ->
                others.addAll(gradients.wrt(task.parameters().values()).values()));
        after.slopes().ifPresent(others::add);
        return new Recurring.Made<>(before, List.of(out.state()), others);
    }

    @Override
    public Optional<Lesson> step(NDArray x, Optional<NDArray> target) {
        Heard heard = hear(x, target);
        return heard.loss.map(loss -> new Lesson(loss.item(), List.of(heard.output), gradients(heard)));
    }

    private ImmutableMap<Parameter, NDArray> gradients(Heard heard) {
        List<double[]> slopes = byParameter(heard.slopes.orElseThrow());
        ImmutableMap.Builder<Parameter, NDArray> gradients = ImmutableMap.builder();
        int at = 0;
        for (Parameter parameter : task.parameters().values()) {
            NDArray immediate = heard.immediate.get(at);
            double[] more = slopes.get(at++);
            double[] sum = immediate.toDoubles();
            Arrays.setAll(sum, i -> sum[i] + more[i]);
            gradients.put(parameter, NDArray.of(parameter.shape(), sum).cast(parameter.dtype()));
        }
        return gradients.buildOrThrow();
    }

    /** By parameter of the model, the numbers of all sources; zeros for one that does not reach the state. */
    List<double[]> byParameter(NDArray slopes) {
        double[] numbers = slopes.toDoubles();
        int sources = slopes.shape().length(0);
        int p = influenced.numbers();
        List<double[]> all = new ArrayList<>();
        for (Parameter parameter : task.parameters().values()) {
            int size = parameter.shape().elements();
            double[] own = new double[sources * size];
            int from = from(parameter);
            for (int source = 0; source < sources && from >= 0; source++) {
                System.arraycopy(numbers, source * p + from, own, source * size, size);
            }
            all.add(own);
        }
        return all;
    }

    private int from(Parameter parameter) {
        int at = 0;
        for (Parameter each : influenced.parameters()) {
            if (each.equals(parameter)) {
                return at;
            }
            at += each.shape().elements();
        }
        return -1;
    }

    @Override
    public Optional<Lesson> rest() {
        return Optional.empty();
    }

    @Override
    public S state() {
        return state;
    }

    @Override
    public void restart() {
        state = States.detach(task.start(influenced.batch()));
        carried = influence.start(steps);
        since = 0;
    }

    @Override
    public long carriedBytes() {
        return Way.bytes(state) + carried.stream().mapToLong(Way::bytes).sum();
    }

    @Override
    public long planBytes() {
        return recurring.bytes();
    }
}
