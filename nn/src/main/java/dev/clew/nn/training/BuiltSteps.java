package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.TensorKey;
import dev.clew.nn.optimizer.Optimizer;
import dev.clew.nn.optimizer.Step;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
import java.util.List;
import java.util.function.Consumer;

/** Builds the loss of every batch anew, so that it may be any Java at all; a structure that was there before has its plan. */
final class BuiltSteps<B, S> implements StepMaker<B> {
    private final Optimizer optimizer;
    private final Lessons<B, S> lessons;
    private final NewShapes shapes;
    private S state;

    BuiltSteps(Optimizer optimizer, Lessons<B, S> lessons, Consumer<String> compiling) {
        this.optimizer = optimizer;
        this.lessons = lessons;
        this.shapes = new NewShapes(compiling);
        this.state = lessons.start();
    }

    @Override
    public Made step(B batch, RandomKey key) {
        try {
            shapes.see(BatchForm.ofAny(batch).shapes());
        } catch (IllegalArgumentException notATree) {
            // A batch that cannot be looked into is trained on all the same: only what is said is less.
        }
        Cell.Out<S> out = lessons.loss().of(batch, state, TensorKey.of(key));
        S after = BatchForm.alike(state, out.state());
        List<Tensor> next = States.tensors(after);
        Step step = optimizer.step(out.output(), next.toArray(Tensor[]::new));
        state = States.withTensors(
                after, next.stream().map(each -> Tensor.of(step.value(each))).toList());
        return new Made(step.loss(), step.gradientNorm());
    }

    @Override
    public Made traced(B batch, RandomKey key) {
        return Tracing.call(() -> step(batch, key));
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
