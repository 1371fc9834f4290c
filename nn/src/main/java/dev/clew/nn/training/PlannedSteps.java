package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.internal.TensorTree;
import dev.clew.nn.optimizer.Optimizer;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.plan.Plan;
import dev.clew.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Builds the loss once for every form of batch, with the tensors of the batch and of the state as inputs of a plan. */
final class PlannedSteps<B, S> implements StepMaker<B> {
    private static final System.Logger LOG = System.getLogger("dev.clew.nn.training");

    /** Each has a memory of its own; those that were not used for longest go first. */
    private static final int MOST = 64;

    private final Optimizer optimizer;
    private final Lessons<B, S> lessons;
    private final long bytes;
    private final NewShapes shapes;
    private final Map<Object, Planned> plans = new LinkedHashMap<>(MOST, 0.75f, true);
    private S state;
    private boolean isSaid;

    PlannedSteps(Optimizer optimizer, Lessons<B, S> lessons, long bytes, Consumer<String> compiling) {
        this.optimizer = optimizer;
        this.lessons = lessons;
        this.bytes = bytes;
        this.shapes = new NewShapes(compiling);
        this.state = lessons.start();
    }

    private record Taken<B, S>(B batch, S state) {}

    /** @param inputs of the plan, for each the place of its numbers among the data; -1 for the key */
    private record Planned(Plan plan, ImmutableMap<Tensor, Integer> inputs) {}

    @Override
    public Made step(B batch, RandomKey key) {
        BatchForm form = BatchForm.of(new Taken<>(batch, state));
        shapes.see(form.shapes());
        Planned planned = plans.get(form.key());
        if (planned == null) {
            planned = planned(batch);
            plans.put(form.key(), planned);
            dropOld();
        }
        ImmutableMap.Builder<Tensor, NDArray> numbers = ImmutableMap.builder();
        planned.inputs.forEach((input, place) -> numbers.put(
                input, place < 0 ? key.words() : form.data().get(place).value()));
        List<NDArray> values = planned.plan.run(numbers.buildOrThrow());
        carry(values.subList(2, values.size()));
        return new Made(values.get(0).item(), values.get(1).item());
    }

    private Planned planned(B batch) {
        Map<Tensor, Integer> places = new LinkedHashMap<>();
        Taken<B, S> inputs = new TensorTree("train on a plan", "batch").map(new Taken<>(batch, state), tensor -> {
            Tensor input = Tensor.input(
                    "batch." + places.size(), tensor.dtype(), tensor.shape().lengths());
            places.put(input, places.size());
            return input;
        });
        Tensor key = Tensor.input("key", DType.I32, 2);
        places.put(key, -1);
        Cell.Out<S> out = lessons.loss().of(inputs.batch, inputs.state, key);
        List<Tensor> also = new ArrayList<>(List.of(optimizer.gradientNorm(out.output())));
        also.addAll(States.tensors(BatchForm.alike(state, out.state())));
        lessons.requireUsed(States.tensors(inputs.state), out);
        Plan plan = optimizer.compileWithin(bytes, out.output(), also.toArray(Tensor[]::new));
        ImmutableMap.Builder<Tensor, Integer> used = ImmutableMap.builder();
        for (Tensor input : plan.inputs()) {
            Integer place = places.get(input);
            if (place == null) {
                throw new IllegalArgumentException("train on a plan: the loss depends on " + input.describe()
                        + ", which is neither of the batch nor the key; make it a part of the batch");
            }
            used.put(input, place);
        }
        return new Planned(plan, used.buildOrThrow());
    }

    private void dropOld() {
        if (plans.size() > MOST) {
            plans.remove(plans.keySet().iterator().next());
            if (!isSaid) {
                isSaid = true;
                LOG.log(
                        Level.WARNING,
                        "More than {0} plans have been compiled, each for another form of batch; those not used for longest"
                                + " are dropped. Pad to fewer lengths, or make what varies a Tensor of the batch.",
                        MOST);
            }
        }
    }

    @Override
    public Made traced(B batch, RandomKey key) {
        BuiltSteps<B, S> built = new BuiltSteps<>(optimizer, lessons, _ -> {});
        built.carry(carried());
        Made made = built.traced(batch, key);
        carry(built.carried());
        return made;
    }

    @Override
    public ImmutableList<NDArray> carried() {
        return States.tensors(state).stream().map(Tensor::value).collect(ImmutableList.toImmutableList());
    }

    @Override
    public void carry(List<NDArray> numbers) {
        state = States.withTensors(
                lessons.start(), numbers.stream().map(Tensor::of).toList());
    }

    @Override
    public void restart() {
        state = lessons.start();
    }
}
