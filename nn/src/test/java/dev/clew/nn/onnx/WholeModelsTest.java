package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.Attention;
import dev.clew.nn.layer.Dropout;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.LayerNorm;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.MinimalGatedUnit;
import dev.clew.nn.layer.Normalization;
import dev.clew.nn.layer.RmsNorm;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.loss.Ctc;
import dev.clew.nn.loss.GaussianDensity;
import dev.clew.nn.loss.LinearChainCrf;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.loss.MixtureDensity;
import dev.clew.nn.loss.Reduce;
import dev.clew.nn.sequence.Layers;
import dev.clew.nn.sequence.Residual;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.sequence.Stack;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models as they are used, with their losses and gradients, of random weights and inputs. */
class WholeModelsTest {
    private static final int BATCH = 3;
    private static final int TIME = 4;
    private static final int INPUTS = 3;
    private static final int UNITS = 3;
    private static final RandomKey KEY = RandomKey.of(77);

    /** Inputs of the model, each of which a case takes or leaves. */
    record Given(DType dtype, Tensor x, Tensor y, Tensor letters, Tensor lengths, Tensor mask) {
        static Given of(DType dtype) {
            return new Given(
                    dtype,
                    Tensor.input("x", dtype, BATCH, TIME, INPUTS),
                    Tensor.input("y", dtype, BATCH, TIME, INPUTS),
                    Tensor.input("letters", DType.I32, BATCH, TIME),
                    Tensor.input("lengths", DType.I32, BATCH),
                    Tensor.input("mask", DType.BOOL, BATCH, TIME));
        }

        Map<String, NDArray> numbers() {
            return Map.of(
                    "x", KEY.fold(1).normal(0, 1, dtype, x.shape()),
                    "y", KEY.fold(2).normal(0, 1, dtype, x.shape()),
                    "letters", NDArray.of(new int[][] {{0, 2, 1, 1}, {2, 2, 0, 1}, {1, 0, 0, 2}}),
                    "lengths", NDArray.of(new int[] {TIME, 2, 0}),
                    "mask",
                            NDArray.of(new int[][] {{1, 1, 0, 1}, {0, 1, 0, 0}, {1, 1, 1, 1}})
                                    .cast(DType.BOOL));
        }
    }

    private static Map<String, Tensor> all(Tensor... outputs) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (Tensor output : outputs) {
            all.put("output " + all.size(), output);
        }
        return all;
    }

    /** A loss, its gradients, and in f64, where sums of sums of f32 do not hide what is wrong, gradients of their squares. */
    private static Map<String, Tensor> withGradients(Object model, Tensor loss, Tensor... wrt) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("loss", loss);
        Gradients gradients = Gradients.of(loss);
        Map<String, Tensor> by = new LinkedHashMap<>(model.equals(Map.of()) ? Map.of() : Parameters.named(model));
        for (Tensor each : wrt) {
            by.put("input " + by.size(), each);
        }
        Tensor squares = Tensor.zeros(loss.dtype());
        for (Map.Entry<String, Tensor> each : by.entrySet()) {
            Tensor gradient = gradients.wrt(each.getValue());
            all.put("gradient of " + each.getKey(), gradient);
            squares = squares.plus(gradient.square().sum());
        }
        if (loss.dtype() == DType.F64) {
            Gradients second = Gradients.of(squares);
            by.forEach((name, each) -> all.put("second gradient of " + name, second.wrt(each)));
        }
        return all;
    }

    private static <S> Map<String, Tensor> looped(Run<S> run, Object model, Tensor x) {
        Map<String, Tensor> all = withGradients(
                model, run.outputs().square().sum().plus(run.lastOutputs().sum()), x);
        all.put("outputs", run.outputs());
        States.tensors(run.last()).forEach(part -> all.put("state " + all.size(), part));
        return all;
    }

    private static Map<String, BiFunction<Given, RandomKey, Map<String, Tensor>>> models() {
        ImmutableMap.Builder<String, BiFunction<Given, RandomKey, Map<String, Tensor>>> all = ImmutableMap.builder();
        all.put("attention", (given, key) -> {
            Attention attention = Attention.create(INPUTS, INPUTS, UNITS, given.dtype, key);
            Attention.Read read = attention.of(given.y.get(1, 0), given.x, given.mask);
            return withGradients(attention, read.context().square().sum(), given.x);
        });
        all.put("dot attention", (given, key) -> {
            Attention.Read read = Attention.dot(given.y.sum(1), given.x, given.y, given.mask);
            return withGradients(Map.of(), read.context().square().sum(), given.x, given.y);
        });
        all.put("norms", (given, key) -> {
            LayerNorm norm = LayerNorm.create(INPUTS, given.dtype);
            RmsNorm other = RmsNorm.create(INPUTS, given.dtype);
            Tensor dropped = new Dropout(0.5).of(norm.of(given.x)).plus(new Dropout(0.3).of(other.of(given.y)));
            return withGradients(
                    Map.of("a", norm, "b", other),
                    dropped.square().times(given.y).sum(),
                    given.x);
        });
        all.put("batch norm", (given, key) -> {
            Tensor rows = given.y.reshape(BATCH * TIME, INPUTS);
            Tensor x = Normalization.batchNorm(
                    given.x, rows.mean(0), rows.square().mean(0), rows.max(0), rows.sum(0), 1e-3);
            return withGradients(Map.of(), x.square().sum(), given.x, given.y);
        });
        all.put("ctc", (given, key) -> {
            Tensor loss = Ctc.create()
                    .withImpossibleAsZero()
                    .of(
                            given.x,
                            given.lengths,
                            Tensor.of(NDArray.of(new int[][] {{1, 2}, {2, 2}, {1, 0}})),
                            Tensor.of(new int[] {2, 1, 0}));
            return withGradients(Map.of(), loss, given.x);
        });
        all.put("crf", (given, key) -> {
            LinearChainCrf crf = LinearChainCrf.create(INPUTS, given.dtype, key);
            Map<String, Tensor> result = withGradients(crf, crf.cost(given.x, given.letters, given.lengths), given.x);
            LinearChainCrf.Best best = crf.best(given.x, given.lengths);
            result.put("tags", best.tags());
            result.put("score", best.score());
            result.put("marginals", crf.marginals(given.x, given.lengths));
            return result;
        });
        all.put("cross entropy", (given, key) -> {
            Tensor targets = Tensor.where(given.mask, given.letters, Tensor.of(-1));
            Tensor loss =
                    CrossEntropy.create().withIgnored(-1).withReduce(Reduce.SUM).of(given.x, targets);
            return withGradients(
                    Map.of(), loss.plus(Losses.perToken(given.y, given.letters, given.lengths)), given.x, given.y);
        });
        all.put("densities", (given, key) -> {
            Tensor a = GaussianDensity.create().of(given.x, given.y, given.y.times(given.x));
            Tensor b = MixtureDensity.create().of(given.x, given.y, given.x.tanh(), given.y.sum(-1));
            return withGradients(Map.of(), a.plus(b), given.x, given.y);
        });
        all.put("losses", (given, key) -> {
            Tensor a = Losses.huber(given.x, given.y, 0.5).plus(Losses.smoothL1(given.x, given.y, 0.5));
            Tensor b = Losses.binaryCrossEntropyWithLogits(given.x, given.y.sigmoid());
            Tensor c = Losses.klDivergence(given.x.logSoftmax(-1), given.y.softmax(-1));
            Tensor d = Losses.hinge(
                    given.x, given.y.greaterThan(0).cast(given.dtype).times(2).minus(1));
            Tensor e = Losses.meanAbsoluteError(given.x, given.y);
            return withGradients(Map.of(), a.plus(b).plus(c).plus(d).plus(e), given.x, given.y);
        });
        all.put("a residual", (given, key) -> {
            Residual<Tensor> cell = new Residual<>(Gru.create(INPUTS, UNITS, given.dtype, key));
            return looped(Run.of(cell, given.x, given.lengths), cell, given.x);
        });
        all.put("a stack", (given, key) -> {
            Stack<Lstm.State, Tensor> cell = new Stack<>(
                    Lstm.create(INPUTS, UNITS, given.dtype, key.fold(0)),
                    MinimalGatedUnit.create(UNITS, UNITS, given.dtype, key.fold(1)));
            return looped(Run.of(cell, given.x, given.lengths), cell, given.x);
        });
        all.put("layers from both ends", (given, key) -> {
            Lstm one = Lstm.create(INPUTS, UNITS, given.dtype, key.fold(0));
            Lstm two = Lstm.create(INPUTS, UNITS, given.dtype, key.fold(1));
            Lstm three = Lstm.create(2 * UNITS, UNITS, given.dtype, key.fold(2));
            Layers<Lstm.State> layers = new Layers<>(List.of(new Layers.Layer<>(one, two), new Layers.Layer<>(three)));
            return withGradients(
                    layers,
                    layers.run(given.x, given.lengths).outputs().square().sum(),
                    given.x);
        });
        all.put("a parameter twice and an input that is an output", (given, key) -> {
            Parameter w = Parameter.of(key.normal(0, 1, given.dtype, Shape.of(INPUTS, INPUTS)));
            Map<String, Tensor> result = withGradients(
                    Map.of("a", w, "b", w), given.x.matmul(w).tanh().matmul(w).sum(), given.x);
            result.put("itself", given.x);
            result.put("itself again", given.x);
            result.put("w", w);
            result.put("a constant", Tensor.of(new int[] {1, 2, 3}));
            result.put("truth", given.mask);
            result.put("letters again", given.letters);
            result.put("not", given.mask.not());
            return result;
        });
        all.put("a step of training", (given, key) -> {
            Linear linear = Linear.create(INPUTS, UNITS, given.dtype, key);
            Tensor loss = linear.of(given.x).minus(given.y).square().mean();
            Tensor g = Gradients.of(loss).wrt(linear.weight());
            Tensor m = g.times(0.1);
            Tensor v = g.square().times(0.001);
            Tensor t = Tensor.of(3).cast(given.dtype);
            Tensor rate = Tensor.of(0.9).cast(given.dtype).pow(t);
            Tensor next = linear.weight()
                    .minus(m.div(rate.negate().plus(1)).div(v.sqrt().plus(1e-8)).times(0.01));
            return all(
                    next, g.square().sum().sqrt(), g.div(g.square().sum().sqrt().maximum(1)));
        });
        return all.build();
    }

    static Stream<Arguments> cases() {
        return models().entrySet().stream()
                .flatMap(each -> Stream.of(DType.F32, DType.F64)
                        .map(dtype -> Arguments.of(each.getKey(), dtype, each.getValue())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void modelsAreComputedAlike(String name, DType dtype, BiFunction<Given, RandomKey, Map<String, Tensor>> model)
            throws Exception {
        Given given = Given.of(dtype);
        Comparison.assertSame(OnnxModel.of(model.apply(given, KEY.fold(name.hashCode()))), given.numbers());
    }
}
