package dev.clew.nn.credit;

import com.google.common.collect.ImmutableMap;
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
 * Backpropagation through time. Steps are kept as data until it is their turn, and computed together with the gradient, so that where
 * none is replayed none is computed twice.
 */
final class Backward<S> implements Way<S> {
    private final Task<S> task;
    private final int batch;
    private final int every;
    /** How many steps of a gradient are older than those whose losses count. */
    private final int replayed;

    private final Recurring<S> recurring = new Recurring<>();
    private final List<Fed> fed = new ArrayList<>();
    /** Before the first of these; none where the stream begins there. */
    private Optional<S> from = Optional.empty();
    /** After all steps that have been computed; none before the first. */
    private Optional<S> last = Optional.empty();

    private int fresh;

    private record Fed(NDArray x, Optional<NDArray> target) {}

    private Backward(Task<S> task, int batch, int every, int replayed) {
        this.task = task;
        this.batch = batch;
        this.every = every;
        this.replayed = replayed;
    }

    static <S> Backward<S> toTheStart(Task<S> task, int batch) {
        return new Backward<>(task, batch, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    static <S> Backward<S> of(Task<S> task, int batch, Credit.Truncated way) {
        return new Backward<>(task, batch, way.every(), way.replayed());
    }

    @Override
    public Optional<Lesson> step(NDArray x, Optional<NDArray> target) {
        fed.add(new Fed(x, target));
        fresh++;
        return fresh == every ? rest() : Optional.empty();
    }

    @Override
    public Optional<Lesson> rest() {
        if (fresh == 0) {
            return Optional.empty();
        }
        Span span = Span.of(fed, fresh, Math.max(0, fed.size() - replayed));
        Recurring.Found<S> found =
                recurring.run(span.kind(), span.data(), from, (data, state) -> formulas(span, data, state));
        if (span.kept > 0) {
            from = Optional.of(found.states().getFirst());
            fed.subList(0, span.kept).clear();
        }
        last = Optional.of(found.states().getLast());
        fresh = 0;
        return span.targets() == 0 ? Optional.empty() : Optional.of(lesson(found.others(), span));
    }

    /**
     * What is computed together.
     *
     * @param fresh how many steps, the last ones, have not counted yet
     * @param kept before which step the next span begins
     */
    private record Span(List<Fed> steps, int fresh, int kept) {
        static Span of(List<Fed> steps, int fresh, int kept) {
            return new Span(List.copyOf(steps), fresh, kept);
        }

        boolean counts(int step) {
            return step >= steps.size() - fresh && steps.get(step).target.isPresent();
        }

        int targets() {
            int count = 0;
            for (int i = 0; i < steps.size(); i++) {
                count += counts(i) ? 1 : 0;
            }
            return count;
        }

        Object kind() {
            List<Object> kind = new ArrayList<>(List.of(fresh, kept));
            for (int i = 0; i < steps.size(); i++) {
                kind.add(counts(i));
            }
            return kind;
        }

        /** All inputs, then the targets that count. */
        List<NDArray> data() {
            List<NDArray> data = new ArrayList<>();
            steps.forEach(step -> data.add(step.x));
            for (int i = 0; i < steps.size(); i++) {
                if (counts(i)) {
                    data.add(steps.get(i).target.orElseThrow());
                }
            }
            return data;
        }
    }

    /** The states before the step {@code kept} and after the last one; outputs that are new, the loss, the gradients. */
    private Recurring.Made<S> formulas(Span span, List<Tensor> data, Optional<S> state) {
        S began = state.orElseGet(() -> task.start(batch));
        S now = began;
        S kept = began;
        List<Tensor> others = new ArrayList<>();
        List<Tensor> losses = new ArrayList<>();
        int size = span.steps.size();
        for (int i = 0; i < size; i++) {
            kept = i == span.kept ? now : kept;
            Cell.Out<S> out = task.step(data.get(i), now);
            now = out.state();
            if (i >= size - span.fresh) {
                others.add(out.output());
            }
            if (span.counts(i)) {
                losses.add(task.loss(out.output(), data.get(size + losses.size())));
            }
        }
        if (!losses.isEmpty()) {
            Tensor loss = Tensor.sum(losses);
            others.add(loss);
            others.addAll(Gradients.of(loss).wrt(task.parameters().values()).values());
        }
        return new Recurring.Made<>(began, List.of(span.kept == size ? now : kept, now), others);
    }

    private Lesson lesson(List<NDArray> numbers, Span span) {
        ImmutableMap.Builder<Parameter, NDArray> gradients = ImmutableMap.builder();
        int at = span.fresh + 1;
        for (Parameter parameter : task.parameters().values()) {
            gradients.put(parameter, numbers.get(at++));
        }
        return new Lesson(numbers.get(span.fresh).item(), numbers.subList(0, span.fresh), gradients.buildOrThrow());
    }

    @Override
    public S state() {
        if (fresh > 0 || last.isEmpty()) {
            S now = from.orElseGet(() -> task.start(batch));
            for (Fed each : fed) {
                now = task.step(Tensor.of(each.x), now).state();
            }
            return States.detach(now);
        }
        return last.get();
    }

    @Override
    public void restart() {
        fed.clear();
        from = Optional.empty();
        last = Optional.empty();
        fresh = 0;
    }

    @Override
    public long carriedBytes() {
        long bytes = 0;
        for (Fed each : fed) {
            bytes += Way.bytes(each.x) + each.target.map(Way::bytes).orElse(0L);
        }
        return bytes + from.map(Way::bytes).orElse(0L) + last.map(Way::bytes).orElse(0L);
    }

    @Override
    public long planBytes() {
        return recurring.bytes();
    }
}
