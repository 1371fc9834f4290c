package dev.clew.nn.credit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Cells, data and plain loops for tests of streams. */
final class Streams {
    static final int INPUTS = 2;
    static final int TARGETS = 2;

    private Streams() {}

    /** A cell and what its loss has besides. */
    record Model<S>(Cell<S> cell, Linear head) {
        static <S> Model<S> of(Cell<S> cell, int units, RandomKey key) {
            return new Model<>(cell, Linear.create(units, TARGETS, key));
        }

        Tensor loss(Tensor output, Tensor target) {
            return head.of(output).minus(target).square().sum();
        }

        BiFunction<Tensor, Tensor, Tensor> loss() {
            return this::loss;
        }
    }

    /** A user's cell: an output that is no state, two states in a record, a start that is learnt, a parameter beside. */
    record Echo(Parameter in, Parameter back, Parameter rate, Parameter first) implements Cell<Echo.State> {
        record State(Tensor fast, Optional<Tensor> slow) {}

        static Echo create(int units, RandomKey key) {
            return new Echo(
                    normal(key.fold(0), INPUTS, units),
                    normal(key.fold(1), units, units),
                    normal(key.fold(2), units),
                    normal(key.fold(3), units));
        }

        @Override
        public State start(int batch) {
            Tensor begin = first.tanh().expandDims(0).repeat(0, batch);
            return new State(begin, Optional.of(begin.square()));
        }

        @Override
        public Out<State> step(Tensor x, State state) {
            Tensor slow = state.slow.orElseThrow();
            Tensor fast = x.matmul(in).plus(slow.matmul(back)).tanh();
            Tensor next = slow.lerp(fast.times(state.fast), rate.sigmoid());
            return new Out<>(next.times(fast).plus(state.fast), new State(fast, Optional.of(next)));
        }
    }

    /** Every unit by itself: h' = σ(a)∘h + x·in. */
    record Diagonal(Parameter in, Parameter decay) implements Cell<Tensor> {
        static Diagonal create(int units, RandomKey key) {
            return new Diagonal(normal(key.fold(0), INPUTS, units), normal(key.fold(1), units));
        }

        @Override
        public Tensor start(int batch) {
            return Tensor.zeros(DType.F64, batch, decay.shape().length(0));
        }

        @Override
        public Out<Tensor> step(Tensor x, Tensor h) {
            Tensor next = h.times(decay.sigmoid()).plus(x.matmul(in)).tanh();
            return new Out<>(next, next);
        }
    }

    static Parameter normal(RandomKey key, int... shape) {
        return Parameter.of(key.normal(0, 0.6, DType.F64, Shape.of(shape)));
    }

    /** Steps of random numbers. */
    static List<Tensor> data(RandomKey key, int steps, int batch, int width) {
        List<Tensor> all = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            all.add(Tensor.of(key.fold(t).normal(0, 1, DType.F64, Shape.of(batch, width))));
        }
        return all;
    }

    /** The gradient of the loss of all steps, by the graph. */
    static <S> Map<Parameter, NDArray> exact(Model<S> model, List<Tensor> x, List<Tensor> targets) {
        S state = model.cell().start(x.getFirst().shape().length(0));
        List<Tensor> losses = new ArrayList<>();
        for (int t = 0; t < x.size(); t++) {
            Cell.Out<S> out = model.cell().step(x.get(t), state);
            losses.add(model.loss(out.output(), targets.get(t)));
            state = out.state();
        }
        Gradients gradients = Gradients.of(Tensor.sum(losses));
        Map<Parameter, NDArray> all = new LinkedHashMap<>();
        Parameters.named(model)
                .values()
                .forEach(each -> all.put(each, gradients.wrt(each).value()));
        return all;
    }

    /** The sum of all lessons. */
    static <S> Map<Parameter, double[]> learnt(Online<S> online, List<Tensor> x, List<Tensor> targets) {
        Map<Parameter, double[]> sum = new LinkedHashMap<>();
        for (int t = 0; t < x.size(); t++) {
            online.step(x.get(t), targets.get(t)).ifPresent(lesson -> add(sum, lesson));
        }
        online.rest().ifPresent(lesson -> add(sum, lesson));
        return sum;
    }

    static void add(Map<Parameter, double[]> sum, Lesson lesson) {
        lesson.gradients().forEach((parameter, gradient) -> {
            double[] numbers = gradient.toDoubles();
            sum.merge(parameter, numbers, Streams::plus);
        });
    }

    static double[] plus(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    /** Every gradient to the last digits: relative to the largest number of its parameter. */
    static void near(Map<Parameter, double[]> found, Map<Parameter, NDArray> expected, double tolerance) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((parameter, numbers) -> near(
                found.getOrDefault(parameter, new double[0]), numbers.toDoubles(), tolerance, parameter.describe()));
    }

    static void near(double[] found, double[] expected, double tolerance, String what) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        assertThat(difference(found, expected)).as(what).isLessThanOrEqualTo(tolerance);
    }

    static double difference(double[] found, double[] expected) {
        double largest = 0;
        double size = 1e-300;
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs(found[i] - expected[i]));
            size = Math.max(size, Math.abs(expected[i]));
        }
        return largest / Math.max(size, 1e-3);
    }
}
