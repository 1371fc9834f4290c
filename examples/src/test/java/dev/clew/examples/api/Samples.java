package dev.clew.examples.api;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.GradientAssert;
import dev.clew.audit.GradientCheck;
import dev.clew.audit.GradientReport;
import dev.clew.gradient.Gradients;
import dev.clew.io.AtomicFile;
import dev.clew.io.ElementType;
import dev.clew.io.EventFile;
import dev.clew.io.Npz;
import dev.clew.io.Safetensors;
import dev.clew.io.UnreadableFileException;
import dev.clew.nn.Initializer;
import dev.clew.nn.credit.Credit;
import dev.clew.nn.credit.CreditReport;
import dev.clew.nn.credit.Lesson;
import dev.clew.nn.credit.Online;
import dev.clew.nn.decode.BeamSearch;
import dev.clew.nn.decode.CtcDecoder;
import dev.clew.nn.decode.Decoder;
import dev.clew.nn.decode.Hypothesis;
import dev.clew.nn.decode.JoinedStep;
import dev.clew.nn.decode.Sampler;
import dev.clew.nn.layer.Attention;
import dev.clew.nn.layer.Dropout;
import dev.clew.nn.layer.Dropped;
import dev.clew.nn.layer.Embedding;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.LayerNorm;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.MinimalGatedUnit;
import dev.clew.nn.layer.Projection;
import dev.clew.nn.layer.RmsNorm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.loss.Ctc;
import dev.clew.nn.loss.GaussianDensity;
import dev.clew.nn.loss.LinearChainCrf;
import dev.clew.nn.loss.MixtureDensity;
import dev.clew.nn.loss.Reduce;
import dev.clew.nn.metric.ConfusionMatrix;
import dev.clew.nn.metric.Metric;
import dev.clew.nn.metric.Metrics;
import dev.clew.nn.optimizer.Adagrad;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.AdamW;
import dev.clew.nn.optimizer.Average;
import dev.clew.nn.optimizer.Clip;
import dev.clew.nn.optimizer.Composed;
import dev.clew.nn.optimizer.Lbfgs;
import dev.clew.nn.optimizer.Lion;
import dev.clew.nn.optimizer.Momentum;
import dev.clew.nn.optimizer.Optimizer;
import dev.clew.nn.optimizer.RmsProp;
import dev.clew.nn.optimizer.Scale;
import dev.clew.nn.optimizer.Schedule;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.optimizer.Step;
import dev.clew.nn.optimizer.Transform;
import dev.clew.nn.optimizer.Tunable;
import dev.clew.nn.optimizer.WeightDecay;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Counted;
import dev.clew.nn.sequence.Layers;
import dev.clew.nn.sequence.Residual;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.sequence.Stack;
import dev.clew.nn.sequence.Zoneout;
import dev.clew.nn.training.Snapshot;
import dev.clew.plan.Plan;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Something of every type that a user hands over, which fits as often as one thing can. */
final class Samples {
    /** Functions that users write. */
    private static final Map<Type, Object> GIVE_NULL = giveNull();

    private final Parameter w = Parameter.of(new double[][] {{1, 2}, {3, 4}});
    private final Tensor loss = w.square().sum();
    private final Sgd sgd = Sgd.of(Map.of("w", w), 0.25);
    private final Map<Class<?>, Object> values = new LinkedHashMap<>();

    /** By the name of the type, where the elements are no samples. */
    private final Map<String, Object> containers = new LinkedHashMap<>();

    Samples() {
        NDArray array = NDArray.of(new double[][] {{1, 2}, {3, 4}});
        for (Object each : List.of(
                array, Shape.of(2, 2), DType.F64, RandomKey.of(1), w, sgd, Reduce.MEAN, CrossEntropy.create())) {
            values.put(each.getClass(), each);
        }
        GradientCheck check = GradientCheck.of(loss, Map.of("w", w));
        Tensor x = Tensor.input("x", DType.F64, 2, 2);
        values.put(Plan.class, Plan.compile(List.of(x.times(w).sum())));
        containers.put("java.util.Map<dev.clew.tensor.Tensor, dev.clew.array.NDArray>", Map.of(x, array));
        containers.put("java.util.List<?>", List.of(new double[4]));
        values.put(Graph.class, Graph.of(List.of(loss)));
        values.put(Tensor.class, Tensor.of(array));
        values.put(Gradients.class, Gradients.of(loss));
        values.put(GradientCheck.class, check);
        values.put(GradientAssert.class, GradientAssert.assertThat(check));
        values.put(GradientReport.class, check.report());
        values.put(Step.class, sgd.step(loss));
        values.put(Linear.class, Linear.create(2, 2, RandomKey.of(2)));
        values.put(RnnCell.class, RnnCell.create(2, 2, RandomKey.of(3)));
        values.put(RnnCell.Activation.class, RnnCell.Activation.RELU);
        values.put(Dropout.class, new Dropout(0.5));
        values.putAll(SamplesOfData.values());
        values.putAll(SamplesOfTraining.values());
        ofSequences();
        ofLosses();
        ofDecoding();
        ofOptimizers();
        ofCredit();
        ofMemory();
        ofFiles();
        values.putAll(SamplesOfWeights.values());
        values.putAll(SamplesOfAudits.values());
        values.put(Initializer.class, Initializer.zeros());
        values.put(NDArray.Filler.class, (NDArray.Filler) (block, from, count) -> {});
        values.put(Evaluator.class, Evaluator.plain());
        values.put(Evaluator.current().getClass(), Evaluator.current());
        values.put(IntTuple.class, IntTuple.of(0, 1));
        values.put(IntConsumer.class, (IntConsumer) _ -> {});
        values.put(IntStream.class, IntStream.of(0));
        values.put(Runnable.class, (Runnable) () -> {});
        values.put(Supplier.class, (Supplier<Object>) () -> "");
        values.put(UnaryOperator.class, UnaryOperator.identity());
        values.put(Function.class, (Function<Map<String, Tensor>, Tensor>)
                given -> given.values().iterator().next().sum());
        values.put(IntFunction.class, (IntFunction<Tensor>) _ -> loss);
        values.put(String.class, "w");
        values.put(Object.class, Map.of("w", w));
        values.put(OptionalInt.class, OptionalInt.empty());
        values.put(Duration.class, Duration.ofSeconds(1));
        values.put(Executor.class, (Executor) Runnable::run);
        values.put(int.class, 1);
        values.put(long.class, 1L << 40);
        values.put(Long.class, 1L);
        values.put(double.class, 0.5);
        values.put(float.class, 0.5f);
        values.put(boolean.class, true);
    }

    private void ofSequences() {
        RnnCell cell = RnnCell.create(2, 2, RandomKey.of(3));
        Tensor h = cell.start(2);
        Lstm lstm = Lstm.create(2, 2, RandomKey.of(3));
        Tensor x = Tensor.of(NDArray.full(1, DType.F64, Shape.of(2, 3, 2)));
        Run<Tensor> run = Run.of(cell, x);
        Layers<Tensor> layers = Layers.of(List.of(cell, cell));
        for (Object each : List.of(
                lstm,
                lstm.start(2),
                Gru.create(2, 2, RandomKey.of(3)),
                MinimalGatedUnit.create(2, 2, RandomKey.of(3)),
                Embedding.create(2, 2, DType.F64, RandomKey.of(3)),
                Projection.create(2, 2, DType.F64, RandomKey.of(3)),
                LayerNorm.create(2, DType.F64),
                RmsNorm.create(2, DType.F64),
                Attention.create(2, 2, 2, DType.F64, RandomKey.of(3)),
                new Attention.Read(h, h),
                Dropped.variational(cell, 0.5, RandomKey.of(1)),
                Zoneout.of(cell, 0.5, RandomKey.of(1)),
                new Counted<>(h, 0),
                new Stack<>(cell, cell),
                new Stack.State<>(h, h),
                new Residual<>(cell),
                layers,
                layers.layers().getFirst(),
                layers.run(x),
                layers.run(x).layers().getFirst(),
                new Cell.Out<>(h, h),
                run,
                new Run.BothWays<>(run, run.backwards()))) {
            values.put(each.getClass(), each);
        }
        values.put(Cell.class, cell);
    }

    private void ofLosses() {
        LinearChainCrf crf = LinearChainCrf.create(2, DType.F64, RandomKey.of(1));
        Tensor emissions = Tensor.of(NDArray.full(1, DType.F64, Shape.of(1, 3, 2)));
        ConfusionMatrix matrix = ConfusionMatrix.of(List.of("no", "yes"));
        for (Object each : List.of(
                Ctc.create(),
                GaussianDensity.create(),
                MixtureDensity.create(),
                crf,
                crf.best(emissions, Tensor.of(new int[] {3})),
                matrix)) {
            values.put(each.getClass(), each);
        }
        Metric<Tensor> metric = Metrics.loss("sum", Tensor::sum, Tensor::sum);
        values.put(Metric.class, metric);
        values.put(Metric.Tally.class, metric.tally());
        values.put(Iterable.class, List.of(loss));
    }

    private void ofDecoding() {
        Decoder<Tensor> decoder = Decoder.of((tokens, state) -> new Cell.Out<>(state, state));
        Decoder.Reading<Tensor> reading =
                decoder.read(new int[] {0}, Tensor.of(NDArray.full(1, DType.F64, Shape.of(1, 2))));
        JoinedStep<Tensor> joined = JoinedStep.of(
                (tokens, state) -> new Cell.Out<>(state, state), Tensor.of(NDArray.full(1, DType.F64, Shape.of(1, 2))));
        for (Object each : List.of(
                decoder,
                reading,
                joined,
                joined.joined(),
                decoder.write(reading, Sampler.greedy(), RandomKey.of(1))
                        .findFirst()
                        .orElseThrow(),
                Sampler.create(),
                BeamSearch.of(1, 1),
                CtcDecoder.create(),
                new Hypothesis(IntTuple.of(1), -1, -1))) {
            values.put(each.getClass(), each);
        }
        values.put(OptionalDouble.class, OptionalDouble.empty());
    }

    private void ofCredit() {
        RnnCell cell = RnnCell.create(2, 2, RandomKey.of(3));
        BiFunction<Tensor, Tensor, Tensor> squares =
                (output, target) -> output.minus(target).square().sum();
        Online<Tensor> online = Online.of(cell, cell, squares, Credit.realTime());
        Tensor x = Tensor.of(NDArray.of(new double[][] {{1, 2}, {3, 4}}));
        Lesson lesson = online.step(x, x).orElseThrow();
        CreditReport report = CreditReport.of(online, List.of(x), List.of(x));
        for (Object each : List.of(
                Credit.bptt(),
                Credit.truncated(1, 2),
                Credit.realTime(),
                Credit.sparse(1),
                Credit.unbiased(RandomKey.of(1)),
                online,
                lesson,
                report,
                report.all())) {
            values.put(each.getClass(), each);
        }
        values.put(Credit.class, Credit.bptt());
        values.put(BiFunction.class, squares);
        containers.put(
                "java.util.Map<dev.clew.tensor.Parameter, dev.clew.array.NDArray>",
                Map.of(w, NDArray.full(1, DType.F64, w.shape())));
    }

    private void ofMemory() {
        values.put(MemorySegment.class, MemorySegment.ofArray(new double[4]));
        values.put(ByteBuffer.class, ByteBuffer.allocate(32));
        values.put(DoubleBuffer.class, DoubleBuffer.allocate(4));
        values.put(FloatBuffer.class, FloatBuffer.allocate(4));
        values.put(IntBuffer.class, IntBuffer.allocate(4));
        values.put(WritableByteChannel.class, Channels.newChannel(OutputStream.nullOutputStream()));
    }

    private void ofFiles() {
        try {
            Path file = Files.createTempFile("sample", ".safetensors");
            Snapshot snapshot = Snapshot.of(Map.of("w", w)).with("w", "text").with("w", w.value());
            snapshot.write(file);
            Safetensors open = Safetensors.open(file); // An open file needs no name.
            Files.delete(file);
            Path zip = Files.createTempFile("sample", ".npz");
            Npz.write(zip, Map.of("w", w.value()));
            Npz arrays = Npz.open(zip);
            Files.delete(zip);
            Path folder = Files.createTempDirectory("sample");
            EventFile events = EventFile.create(folder);
            events.close();
            Files.delete(events.file());
            Files.delete(folder);
            for (Object each : List.of(
                    events,
                    snapshot,
                    snapshot.load(Map.of("w", Parameter.of(w.value()))),
                    open,
                    open.stored("w"),
                    ElementType.F64,
                    arrays,
                    arrays.stored("w"),
                    new UnreadableFileException(file, "it is a sample", "it is not read"))) {
                values.put(each.getClass(), each);
            }
            values.put(Path.class, file);
            values.put(InstantSource.class, InstantSource.system());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        values.put(AtomicFile.Content.class, (AtomicFile.Content) _ -> {});
    }

    private void ofOptimizers() {
        Transform transform = (slopes, state) -> {
            values.put(Transform.State.class, state);
            return slopes;
        };
        Map<String, Parameter> model = Map.of("w", w);
        Composed optimizer = Optimizer.of(model, 0.25, transform);
        values.put(Transform.class, transform);
        values.put(Optimizer.class, optimizer);
        values.put(Tunable.class, optimizer);
        values.put(Schedule.class, Schedule.constant(1));
        values.put(Average.class, Average.moving(0.5));
        values.put(Scale.class, Scale.adam());
        values.put(Clip.class, Clip.globalNorm(1));
        for (Object each : List.of(
                optimizer,
                Adam.of(model, 0.25),
                AdamW.of(model, 0.25),
                Adagrad.of(model, 0.25),
                RmsProp.of(model, 0.25),
                Lion.of(model, 0.25),
                Lbfgs.of(model),
                Clip.globalNorm(1),
                Clip.value(1),
                Momentum.of(0.5),
                WeightDecay.of(0.5),
                Scale.adam(),
                Scale.rmsProp(),
                Scale.adagrad(),
                Scale.lion(),
                Schedule.plateau(1),
                Schedule.warmUp(2),
                Average.moving(0.5),
                Average.stochastic(1, 1))) {
            values.put(each.getClass(), each);
        }
    }

    @SuppressWarnings("NullAway") // As only a caller without a null checker can write them.
    private static Map<Type, Object> giveNull() {
        return Map.of(
                UnaryOperator.class, (UnaryOperator<Object>) _ -> null,
                Function.class, (Function<Object, Object>) _ -> null,
                IntFunction.class, (IntFunction<Object>) _ -> null,
                Initializer.class, (Initializer) (_, _, _) -> null);
    }

    /** All that a call could change. */
    String state() {
        return w.value() + " " + w.version() + " " + sgd;
    }

    /** What the library made of them. */
    List<Object> all() {
        List<Object> all = new ArrayList<>(values.values());
        all.removeIf(each -> !each.getClass().getName().startsWith("dev.clew.")
                || each.getClass().getName().startsWith(Samples.class.getName()));
        return all;
    }

    /** Something of a type. */
    Object of(Type type) {
        return switch (type) {
            case ParameterizedType _
            when containers.containsKey(type.getTypeName()) ->
                Objects.requireNonNull(containers.get(type.getTypeName()));
            case ParameterizedType generic -> container(generic, of(generic.getActualTypeArguments()[0]));
            case GenericArrayType array ->
                array(raw(array.getGenericComponentType()), of(array.getGenericComponentType()));
            case WildcardType wildcard -> of(wildcard.getUpperBounds()[0]);
            case TypeVariable<?> variable -> of(variable.getBounds()[0]);
            case Class<?> one when one.isArray() -> array(one.getComponentType(), of(one.getComponentType()));
            case Class<?> one -> known(one);
            default -> throw new IllegalArgumentException("no sample of " + type);
        };
    }

    /** Something of a type that contains null, or as a key or as a value, or that gives it; nothing if it does neither. */
    List<Object> withNull(Type type) {
        Object giver = GIVE_NULL.get(type instanceof ParameterizedType generic ? generic.getRawType() : type);
        if (giver != null) {
            return List.of(giver);
        }
        if (type instanceof Class<?> one
                && one.isArray()
                && !one.getComponentType().isPrimitive()) {
            return List.of(Array.newInstance(one.getComponentType(), 1));
        }
        if (!(type instanceof ParameterizedType)) {
            return List.of();
        }
        return switch (of(type)) {
            case Set<?> _ -> List.of(Collections.singleton(null));
            case Collection<?> _ -> List.of(Collections.singletonList(null));
            case Map<?, ?> map -> {
                Map.Entry<?, ?> entry = map.entrySet().iterator().next();
                yield List.of(
                        Collections.singletonMap(null, entry.getValue()),
                        Collections.singletonMap(entry.getKey(), null));
            }
            default -> List.of();
        };
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : Object.class;
    }

    private Object container(ParameterizedType generic, Object first) {
        Class<?> raw = (Class<?>) generic.getRawType();
        if (raw == Set.class) {
            return Set.of(first);
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return List.of(first);
        }
        if (Map.class.isAssignableFrom(raw)) {
            return Map.of(first, of(generic.getActualTypeArguments()[1]));
        }
        return raw == Optional.class ? Optional.of(first) : known(raw);
    }

    private static Object array(Class<?> type, Object element) {
        Object array = Array.newInstance(type, 1);
        Array.set(array, 0, element);
        return array;
    }

    private Object known(Class<?> type) {
        Object found = values.get(type);
        if (found == null) {
            throw new IllegalArgumentException("no sample of " + type);
        }
        return found;
    }

    /** Whether there is one, to call a method on. */
    boolean has(Class<?> type) {
        return values.containsKey(type);
    }
}
