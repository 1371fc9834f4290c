package dev.clew.examples.recurrence;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every family over padded batches against backpropagation through time by hand, sequence by sequence. */
class FamilyByHandTest {
    private static final double TOLERANCE = 1e-10;

    /** What the loss takes from every step and from the last state. */
    private record Taken(NDArray r, NDArray s) {}

    static ByHand of(Cell<?> cell) {
        ImmutableMap.Builder<String, ByHand.Weight> named = ImmutableMap.builder();
        Parameters.named(cell).forEach((name, each) -> named.put(name, new ByHand.Weight(rows(each.value()))));
        Map<String, ByHand.Weight> weights = named.buildOrThrow();
        return switch (cell) {
            case MinGru _ -> new ScansByHand.OfMinGru(weights);
            case MinLstm _ -> new ScansByHand.OfMinLstm(weights);
            case Lru _ -> new ScansByHand.OfLru(weights);
            case RgLru _ -> new ScansByHand.OfRgLru(weights);
            case Mamba _ -> new ScansByHand.OfMamba(weights);
            case SLstm _ -> new GatesByHand.OfSLstm(weights);
            case MLstm _ -> new MemoriesByHand.OfMLstm(weights);
            case GatedLinearAttention _ -> new MemoriesByHand.OfGatedLinearAttention(weights);
            case GatedDeltaNet _ -> new MemoriesByHand.OfGatedDeltaNet(weights);
            case Rwkv7 _ -> new MemoriesByHand.OfRwkv7(weights);
            case TestTimeTraining training ->
                new MemoriesByHand.OfTestTimeTraining(weights, training.norm().epsilon());
            case Titans _ -> new MemoriesByHand.OfTitans(weights);
            case LeakyIntegrateAndFire leaky -> new GatesByHand.OfLeaky(weights, leaky.sharpness());
            case ClosedFormContinuous closed -> new GatesByHand.OfClosedForm(weights, closed.elapsed());
            case Equilibrium _ -> new GatesByHand.OfEquilibrium(weights);
            default -> throw new IllegalArgumentException("nobody has written by hand: " + cell);
        };
    }

    /** A vector is one row, and blocks of rows stand one below the other. */
    private static double[][] rows(NDArray array) {
        Shape shape = array.shape();
        return array.reshape(Shape.of(shape.elements() / shape.length(-1), shape.length(-1)))
                .toRows();
    }

    @Property(tries = 100)
    void lossAndGradientsOfAPaddedBatchAreThoseOfItsSequencesByHand(
            @ForAll Family family,
            @ForAll @IntRange(min = 1, max = 3) int inputs,
            @ForAll @IntRange(min = 1, max = 4) int units,
            @ForAll @IntRange(min = 1, max = 7) int time,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        compare(family.create(inputs, units, DType.F64, key), inputs, time, batch, key);
    }

    private static <S> void compare(Cell<S> cell, int inputs, int time, int batch, RandomKey key) {
        move(cell, key.fold(13));
        ByHand byHand = of(cell);
        int[] lengths = new int[batch];
        for (int n = 0; n < batch; n++) {
            lengths[n] = Math.floorMod(key.fold(20 + n).words().toInts()[0], time + 1);
        }
        Parameter x = Parameter.of(key.fold(10).normal(0, 1, DType.F64, Shape.of(batch, time, inputs)));
        Run<S> run = Run.of(cell, x, lengths);
        int width = run.outputs().shape().length(2);
        Taken taken = new Taken(
                key.fold(11).normal(0, 1, DType.F64, Shape.of(batch, time, width)),
                key.fold(12).normal(0, 1, DType.F64, Shape.of(batch, byHand.compared())));
        Tensor loss = loss(run, taken);
        double[] xBar = new double[batch * time * inputs];
        for (int n = 0; n < batch; n++) {
            double[] s = byHand.compared() == 0 ? new double[0] : taken.s.toRows()[n];
            double[][] bars = byHand.run(steps(x.value(), n, lengths[n]), steps(taken.r, n, lengths[n]), s);
            for (int t = 0; t < lengths[n]; t++) {
                System.arraycopy(bars[t], 0, xBar, (n * time + t) * inputs, inputs);
            }
        }
        Map<String, Parameter> parameters = Parameters.named(cell);
        Gradients gradients = Gradients.of(loss);
        List<Tensor> wanted = new ArrayList<>(List.of(loss, gradients.wrt(x)));
        parameters.values().forEach(each -> wanted.add(gradients.wrt(each)));
        Iterator<NDArray> found = Tensor.values(wanted).iterator();
        near("loss", found.next().toDoubles(), new double[] {byHand.loss});
        near("x", found.next().toDoubles(), xBar);
        parameters
                .keySet()
                .forEach(name -> near(
                        name,
                        found.next().toDoubles(),
                        ByHand.flat(Objects.requireNonNull(byHand.all().get(name)).slope)));
    }

    /** Off where it begins, so that no bias is 0 and no gain 1. */
    private static void move(Cell<?> cell, RandomKey key) {
        int number = 0;
        for (Parameter each : Parameters.named(cell).values()) {
            double[] numbers = each.value().toDoubles();
            double[] by =
                    key.fold(number++).normal(0, 0.3, DType.F64, each.shape()).toDoubles();
            Arrays.setAll(numbers, i -> numbers[i] + by[i]);
            each.set(NDArray.of(each.shape(), numbers));
        }
    }

    private static <S> Tensor loss(Run<S> run, Taken taken) {
        Tensor ofOutputs = run.outputs().times(Tensor.of(taken.r)).sum();
        int compared = taken.s.shape().length(1);
        if (compared == 0) {
            return ofOutputs;
        }
        int batch = taken.s.shape().length(0);
        List<Tensor> parts = States.tensors(run.last()).stream()
                .map(each -> each.reshape(batch, -1))
                .toList();
        Tensor some = Tensor.concat(1, parts).slice(1, 0, compared);
        return ofOutputs.plus(some.times(Tensor.of(taken.s)).sum());
    }

    private static double[][] steps(NDArray all, int sequence, int length) {
        int time = all.shape().length(1);
        int width = all.shape().length(2);
        double[] numbers = all.toDoubles();
        double[][] steps = new double[length][width];
        for (int t = 0; t < length; t++) {
            System.arraycopy(numbers, (sequence * time + t) * width, steps[t], 0, width);
        }
        return steps;
    }

    static void near(String what, double[] found, double[] expected) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(Math.abs(found[i] - expected[i]))
                    .as("%s, element %s: %s for %s", what, i, found[i], expected[i])
                    .isLessThanOrEqualTo(TOLERANCE * Math.max(1, Math.abs(expected[i])));
        }
    }
}
