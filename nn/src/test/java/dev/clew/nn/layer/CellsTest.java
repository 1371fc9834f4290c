package dev.clew.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.GradientAssert;
import dev.clew.audit.GradientCheck;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Initializer;
import dev.clew.nn.Parameters;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cells over padded batches against backpropagation through time by hand, sequence by sequence. */
class CellsTest {
    private static final double TOLERANCE = 1e-10;

    /** A cell, and the same by hand. */
    enum Kind {
        ELMAN {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return RnnCell.create(inputs, units, DType.F64, NORMAL, key);
            }
        },
        ELMAN_WITH_RELU {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return RnnCell.create(inputs, units, DType.F64, NORMAL, key).withRelu();
            }
        },
        LSTM {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return Lstm.create(inputs, units, DType.F64, NORMAL, key).withForgetBias(1);
            }
        },
        LSTM_WITH_PEEPHOLES {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                Lstm lstm = Lstm.create(inputs, units, DType.F64, NORMAL, key);
                return new Lstm(lstm.wx(), lstm.wh(), lstm.b(), some(key, 3, units), Optional.empty(), false);
            }
        },
        LSTM_WITH_PROJECTION {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return lstm(4, inputs, units, units + 1, key, Optional.empty(), false);
            }
        },
        COUPLED_LSTM_WITH_ALL {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return lstm(3, inputs, units, 2, key, some(key, 2, units), true);
            }
        },
        GRU {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return Gru.create(inputs, units, DType.F64, NORMAL, key);
            }
        },
        GRU_WITH_RESET_BEFORE {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return Gru.createWithResetBefore(inputs, units, DType.F64, NORMAL, key);
            }
        },
        ELMAN_WITH_TWO_BIASES_WITHIN_BOUNDS {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return RnnCell.create(inputs, units, DType.F64, NORMAL, key)
                        .withInner(bias(key, units))
                        .withClip(0.5);
            }
        },
        ELMAN_WITH_RELU_WITHIN_BOUNDS {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return RnnCell.create(inputs, units, DType.F64, NORMAL, key)
                        .withClip(0.5)
                        .withRelu();
            }
        },
        LSTM_WITH_TWO_BIASES {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return Lstm.create(inputs, units, DType.F64, NORMAL, key).withInner(bias(key, 4 * units));
            }
        },
        COUPLED_LSTM_WITH_ALL_AND_TWO_BIASES_WITHIN_BOUNDS {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return lstm(3, inputs, units, 2, key, some(key, 2, units), true)
                        .withClip(0.5)
                        .withInner(bias(key, 3 * units));
            }
        },
        LSTM_WITH_PEEPHOLES_WITHIN_BOUNDS {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                Lstm lstm = Lstm.create(inputs, units, DType.F64, NORMAL, key);
                return new Lstm(lstm.wx(), lstm.wh(), lstm.b(), some(key, 3, units), Optional.empty(), false)
                        .withClip(0.5);
            }
        },
        GRU_WITH_TWO_BIASES {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return Gru.create(inputs, units, DType.F64, NORMAL, key).withInner(bias(key, 3 * units));
            }
        },
        GRU_WITHIN_BOUNDS {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return Gru.create(inputs, units, DType.F64, NORMAL, key)
                        .withInner(bias(key, 3 * units))
                        .withClip(0.5);
            }
        },
        GRU_WITH_RESET_BEFORE_WITHIN_BOUNDS {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return Gru.createWithResetBefore(inputs, units, DType.F64, NORMAL, key)
                        .withClip(0.5);
            }
        },
        MINIMAL_GATED_UNIT {
            @Override
            Cell<?> create(int inputs, int units, RandomKey key) {
                return MinimalGatedUnit.create(inputs, units, DType.F64, NORMAL, key);
            }
        };

        private static final Initializer NORMAL = Initializer.normal(0, 0.7);

        abstract Cell<?> create(int inputs, int units, RandomKey key);

        private static Optional<Parameter> some(RandomKey key, int rows, int columns) {
            return Optional.of(Parameter.of(key.fold(9).normal(0, 0.7, DType.F64, Shape.of(rows, columns))));
        }

        private static Parameter bias(RandomKey key, int length) {
            return Parameter.of(key.fold(7).normal(0, 0.7, DType.F64, Shape.of(length)));
        }

        private static Lstm lstm(
                int gates,
                int inputs,
                int units,
                int projected,
                RandomKey key,
                Optional<Parameter> peepholes,
                boolean isCoupled) {
            Gates made =
                    Gates.create("LSTM", gates, inputs, projected, units, new Gates.Beginning(DType.F64, NORMAL, key));
            Parameter projection = Parameter.of(key.fold(8).normal(0, 0.7, DType.F64, Shape.of(units, projected)));
            return new Lstm(made.wx(), made.wh(), made.b(), peepholes, Optional.of(projection), isCoupled);
        }
    }

    private static CellByHand byHand(Cell<?> cell) {
        return switch (cell) {
            case RnnCell elman ->
                new ElmanByHand(
                                rows(elman.wx()),
                                rows(elman.wh()),
                                both(elman.b(), elman.inner()),
                                elman.activation() == RnnCell.Activation.RELU)
                        .within(elman.clip().orElse(Double.POSITIVE_INFINITY));
            case Lstm lstm ->
                new LstmByHand(
                                rows(lstm.wx()),
                                rows(lstm.wh()),
                                both(lstm.b(), lstm.inner()),
                                lstm.peepholes().map(CellsTest::rows).orElseGet(() -> new double[0][]),
                                lstm.projection().map(CellsTest::rows).orElseGet(() -> new double[0][]),
                                lstm.isCoupled())
                        .within(lstm.clip().orElse(Double.POSITIVE_INFINITY));
            case Gru gru -> gruByHand(gru).within(gru.clip().orElse(Double.POSITIVE_INFINITY));
            case MinimalGatedUnit unit ->
                new CellByHand.OfMinimal(
                        rows(unit.wx()), rows(unit.wh()), unit.b().value().toDoubles());
            default -> throw new IllegalArgumentException("nobody has written by hand: " + cell);
        };
    }

    /** A GRU has its second bias of n, which is reset, beside the sum of the others. */
    private static CellByHand gruByHand(Gru gru) {
        double[] biases = gru.b().value().toDoubles();
        double[] inner = gru.inner().map(each -> each.value().toDoubles()).orElseGet(() -> new double[0]);
        int ofAll = inner.length < biases.length ? 0 : 2 * (biases.length / 3);
        for (int j = 0; j < ofAll; j++) {
            biases[j] += inner[j];
        }
        return new CellByHand.OfGru(
                rows(gru.wx()), rows(gru.wh()), biases, Arrays.copyOfRange(inner, ofAll, inner.length));
    }

    /** The sum, which is what a cell computes with. */
    private static double[] both(Parameter bias, Optional<Parameter> inner) {
        double[] sum = bias.value().toDoubles();
        double[] second = inner.map(each -> each.value().toDoubles()).orElseGet(() -> new double[sum.length]);
        Arrays.setAll(sum, j -> sum[j] + second[j]);
        return sum;
    }

    private static double[][] rows(Parameter parameter) {
        return parameter.value().toRows();
    }

    /** The slopes by hand, by the names of the parameters. */
    private static Map<String, double[][]> slopes(CellByHand byHand, int ofInner) {
        Map<String, double[][]> slopes =
                new LinkedHashMap<>(Map.of("wx", byHand.wx.slope, "wh", byHand.wh.slope, "b", byHand.b.slope));
        switch (byHand) {
            case LstmByHand lstm -> {
                slopes.put("peepholes", lstm.peepholes.slope);
                slopes.put("projection", lstm.projection.slope);
            }
            default -> {}
        }
        if (ofInner > 0) {
            slopes.put("inner", new double[][] {innerSlope(byHand, ofInner)});
        }
        return slopes;
    }

    /** What a second bias is added to is what the first one is, but for n of a GRU. */
    private static double[] innerSlope(CellByHand byHand, int length) {
        if (!(byHand instanceof CellByHand.OfGru gru)) {
            return byHand.b.slope[0];
        }
        double[] slope = Arrays.copyOf(byHand.b.slope[0], length);
        System.arraycopy(gru.inner.slope[0], 0, slope, length - gru.units, gru.units);
        return slope;
    }

    @Property(tries = 100)
    void lossAndGradientsOfAPaddedBatchAreThoseOfItsSequencesByHand(
            @ForAll Kind kind,
            @ForAll @IntRange(min = 1, max = 3) int inputs,
            @ForAll @IntRange(min = 1, max = 4) int units,
            @ForAll @IntRange(min = 1, max = 7) int time,
            @ForAll @IntRange(min = 1, max = 4) int batch,
            @ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        compare(kind.create(inputs, units, key), inputs, time, batch, key);
    }

    private static <S> void compare(Cell<S> cell, int inputs, int time, int batch, RandomKey key) {
        CellByHand byHand = byHand(cell);
        int[] lengths = new int[batch];
        for (int i = 0; i < batch; i++) {
            lengths[i] = Math.floorMod(key.fold(20 + i).words().toInts()[0], time + 1);
        }
        int outputs = byHand.outputs();
        Parameter x = Parameter.of(key.fold(10).normal(0, 1, DType.F64, Shape.of(batch, time, inputs)));
        NDArray r = key.fold(11).normal(0, 1, DType.F64, Shape.of(batch, time, outputs));
        NDArray s = key.fold(12).normal(0, 1, DType.F64, Shape.of(batch, outputs));
        Run<S> run = Run.of(cell, x, lengths);
        Tensor loss = run.outputs()
                .times(Tensor.of(r))
                .sum()
                .plus(States.tensors(run.last()).getFirst().times(Tensor.of(s)).sum());
        double[] xBar = new double[batch * time * inputs];
        for (int n = 0; n < batch; n++) {
            double[][] bars = byHand.run(steps(x.value(), n, lengths[n]), steps(r, n, lengths[n]), s.toRows()[n]);
            for (int t = 0; t < lengths[n]; t++) {
                System.arraycopy(bars[t], 0, xBar, (n * time + t) * inputs, inputs);
            }
        }
        near("loss", new double[] {loss.item()}, new double[] {byHand.loss});
        Gradients gradients = Gradients.of(loss);
        near("x", gradients.wrt(x).value().toDoubles(), xBar);
        Map<String, Parameter> parameters = Parameters.named(cell);
        Parameter inner = parameters.get("inner");
        Map<String, double[][]> slopes =
                slopes(byHand, inner == null ? 0 : inner.shape().elements());
        parameters.forEach((name, parameter) -> near(
                name,
                gradients.wrt(parameter).value().toDoubles(),
                NDArray.of(Objects.requireNonNull(slopes.get(name))).toDoubles()));
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

    private static void near(String what, double[] found, double[] expected) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(Math.abs(found[i] - expected[i]))
                    .as("%s, element %s: %s for %s", what, i, found[i], expected[i])
                    .isLessThanOrEqualTo(TOLERANCE * Math.max(1, Math.abs(expected[i])));
        }
    }

    @Test
    void theTypeIsSaidOnce() {
        RandomKey key = RandomKey.of(3);
        for (Object made : List.of(
                RnnCell.create(2, 3, DType.F32, key),
                Lstm.create(2, 3, DType.F32, key),
                Gru.create(2, 3, DType.F32, key),
                MinimalGatedUnit.create(2, 3, DType.F32, key),
                Linear.create(2, 3, DType.F32, key))) {
            assertThat(Parameters.named(made).values()).allMatch(each -> each.dtype() == DType.F32);
            if (made instanceof Cell<?> cell) {
                single(cell);
            }
        }
    }

    /** Gradients in f32 are those by differences, to its digits. */
    private static <S> void single(Cell<S> cell) {
        Tensor x = Tensor.of(RandomKey.of(5).normal(0, 1, DType.F32, Shape.of(2, 4, 2)));
        Tensor loss = Run.of(cell, x, 4, 2).outputs().square().mean();
        assertThat(loss.dtype()).isEqualTo(DType.F32);
        Map<String, Parameter> parameters = Parameters.named(cell);
        GradientAssert.assertThat(GradientCheck.of(loss, parameters)).isRight();
    }

    @Test
    void cellsWithoutBiasesAreThoseWhoseBiasesAreZero() {
        RandomKey key = RandomKey.of(6);
        Parameter none = Parameter.zeros(DType.F64, 0);
        RnnCell elman = RnnCell.create(2, 3, DType.F64, Kind.NORMAL, key);
        same(new RnnCell(elman.wx(), elman.wh(), none), new RnnCell(elman.wx(), elman.wh(), zeros(3)));
        Lstm lstm = Lstm.create(2, 3, DType.F64, Kind.NORMAL, key);
        same(lstm(lstm, none), lstm(lstm, zeros(12)));
        Gru gru = Gru.create(2, 3, DType.F64, Kind.NORMAL, key);
        same(gru(gru, none, Optional.empty()), gru(gru, zeros(9), Optional.empty()));
        same(gru(gru, none, Optional.of(none)), gru(gru, zeros(9), Optional.of(zeros(3))));
        same(gru(gru, none, Optional.of(none)), gru(gru, zeros(9), Optional.of(zeros(9))));
    }

    private static Parameter zeros(int length) {
        return Parameter.zeros(DType.F64, length);
    }

    private static Lstm lstm(Lstm of, Parameter b) {
        return new Lstm(of.wx(), of.wh(), b, Optional.empty(), Optional.empty(), false);
    }

    private static Gru gru(Gru of, Parameter b, Optional<Parameter> inner) {
        return new Gru(of.wx(), of.wh(), b, inner);
    }

    private static <S> void same(Cell<S> cell, Cell<S> other) {
        Tensor x = Tensor.of(RandomKey.of(5).normal(0, 1, DType.F64, Shape.of(2, 4, 2)));
        Tensor loss = Run.of(cell, x, 4, 2).outputs().square().sum();
        Tensor expected = Run.of(other, x, 4, 2).outputs().square().sum();
        near("loss", new double[] {loss.item()}, new double[] {expected.item()});
        Parameters.named(cell)
                .forEach((name, parameter) -> near(
                        name,
                        Gradients.of(loss).wrt(parameter).value().toDoubles(),
                        parameter.shape().elements() == 0
                                ? new double[0]
                                : Gradients.of(expected).wrt(parameter).value().toDoubles()));
        double before = loss.item();
        Adam adam = Adam.of(cell, 0.01);
        assertThat(adam.step(loss).loss()).isEqualTo(before);
        assertThat(adam.step(loss).loss()).isLessThan(before);
    }

    @Test
    void secondBiasesAndBoundsThatDoNotFitAreRefused() {
        RandomKey key = RandomKey.of(6);
        RnnCell elman = RnnCell.create(2, 3, key);
        Lstm lstm = Lstm.create(2, 3, key);
        Gru gru = Gru.create(2, 3, key);
        refused(() -> elman.withInner(zeros(4)), "RNN cell with wx (2, 3) and inner (4): the second bias must be (3)");
        refused(() -> lstm.withInner(zeros(3)), "LSTM with wx (2, 12) and inner (3): the second bias must be (12)");
        refused(
                () -> gru.withInner(zeros(4)),
                "GRU with wh (3, 9) and inner (4): for 3 units they must be (3, 9) and (3) or (9)");
        for (double clip : new double[] {0, -1, Double.NaN}) {
            String rule = " with clip " + clip
                    + ": what goes into the activations is brought into [−clip, clip], so it must be above 0";
            refused(() -> elman.withClip(clip), "RNN cell" + rule);
            refused(() -> lstm.withClip(clip), "LSTM" + rule);
            refused(() -> gru.withClip(clip), "GRU" + rule);
        }
        refused(
                () -> lstm(lstm, zeros(0)).withForgetBias(1),
                "LSTM with forget bias 1.0: its b is (0), it has no biases");
    }

    private static void refused(ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void gradientsOfOrdersOneAndTwoAreThoseByDifferences(Kind kind) {
        assertRight(kind.create(2, 3, RandomKey.of(4)));
    }

    private static <S> void assertRight(Cell<S> cell) {
        Tensor x = Tensor.of(RandomKey.of(5).normal(0, 1, DType.F64, Shape.of(2, 3, 2)));
        Tensor loss = Run.of(cell, x, 3, 2).outputs().square().sum();
        Map<String, Parameter> parameters = Parameters.named(cell);
        GradientAssert.assertThat(GradientCheck.of(loss, parameters)).isRight();
        Gradients first = Gradients.of(loss);
        List<Tensor> terms = parameters.values().stream()
                .map(each -> first.wrt(each).tanh().sum())
                .toList();
        GradientAssert.assertThat(GradientCheck.of(Tensor.sum(terms), parameters))
                .isRight();
    }
}
