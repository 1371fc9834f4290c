package dev.clew.nn.credit;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.internal.tensor.Sources;
import dev.clew.nn.sequence.States;
import dev.clew.plan.Plan;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Formulas that are computed again and again on other numbers. They are made and compiled once for every kind and all shapes, if that
 * is right: if nothing in them was drawn at random, and what is no tensor in a state stays as it is. Otherwise they are made anew for
 * every run, and what is compiled is found by their structure.
 *
 * @param <S> the state
 */
final class Recurring<S> {
    /** Of so many plans all are forgotten, so that a stream whose windows grow does not keep every length of them. */
    private static final int MOST = 32;

    private final Map<Key, Compiled<S>> compiled = new HashMap<>();
    private boolean isChanging;

    /** Makes formulas of data and a state, or of data and a state of its own. */
    interface Formulas<S> {
        Made<S> of(List<Tensor> data, Optional<S> state);
    }

    /**
     * Formulas.
     *
     * @param began the state that they begin with
     * @param states that come out
     * @param others what else does
     */
    record Made<S>(S began, List<S> states, List<Tensor> others) {
        List<Tensor> outputs() {
            ImmutableList.Builder<Tensor> all = ImmutableList.builder();
            states.forEach(state -> all.addAll(States.tensors(state)));
            return all.addAll(others).build();
        }
    }

    /** The numbers of {@link Made}. */
    record Found<S>(List<S> states, List<NDArray> others) {}

    private record Key(Object kind, List<Object> shapes) {}

    /**
     * A plan.
     *
     * @param template states as the plan's formulas have them, of its inputs; none if they begin with one of their own
     */
    private record Compiled<S>(Plan plan, List<Tensor> data, List<Tensor> parts, Optional<S> template, Made<S> made) {}

    Found<S> run(Object kind, List<NDArray> data, Optional<S> state, Formulas<S> formulas) {
        if (!isChanging) {
            Compiled<S> plan = compiled(new Key(kind, shapes(data, state)), data, state, formulas);
            if (plan != null && isAlike(plan, state)) {
                return found(plan.made, plan.plan.run(given(plan, data, state)));
            }
            isChanging = true;
            compiled.clear();
        }
        Made<S> made = formulas.of(data.stream().map(Tensor::of).toList(), state);
        return found(made, Tensor.values(made.outputs()));
    }

    /** The memory of all plans, in bytes; 0 where formulas are made anew. */
    long bytes() {
        return compiled.values().stream().mapToLong(each -> each.plan.bytes()).sum();
    }

    private boolean isAlike(Compiled<S> plan, Optional<S> state) {
        return state.isEmpty()
                || plan.template
                        .map(template -> isBuiltAs(state.get(), template))
                        .orElse(false);
    }

    /** Whether two states differ in nothing but their tensors. */
    private static <S> boolean isBuiltAs(S one, S other) {
        List<Tensor> tensors = States.tensors(other);
        return States.tensors(one).size() == tensors.size()
                && States.withTensors(one, tensors).equals(other);
    }

    private static List<Object> shapes(List<NDArray> data, Optional<?> state) {
        List<Object> shapes = new ArrayList<>();
        data.forEach(each -> shapes.add(List.of(each.shape(), each.dtype())));
        state.ifPresent(parts ->
                States.tensors(parts).forEach(each -> shapes.add(List.of(each.shape(), each.dtype()))));
        return shapes;
    }

    private @Nullable Compiled<S> compiled(Key key, List<NDArray> data, Optional<S> state, Formulas<S> formulas) {
        Compiled<S> known = compiled.get(key);
        if (known == null) {
            known = compile(data, state, formulas);
            if (compiled.size() >= MOST) {
                compiled.clear();
            }
            if (known != null) {
                compiled.put(key, known);
            }
        }
        return known;
    }

    private @Nullable Compiled<S> compile(List<NDArray> data, Optional<S> state, Formulas<S> formulas) {
        List<Tensor> inputs = new ArrayList<>();
        data.forEach(each ->
                inputs.add(Tensor.input("data", each.dtype(), each.shape().lengths())));
        List<Tensor> parts = new ArrayList<>();
        state.ifPresent(of -> States.tensors(of)
                .forEach(each -> parts.add(
                        Tensor.input("state", each.dtype(), each.shape().lengths()))));
        Optional<S> template = state.map(of -> States.withTensors(of, parts));
        Made<S> made;
        try {
            made = formulas.of(inputs, template);
        } catch (IllegalStateException error) {
            return null; // A cell that looks at numbers; if it is another error, it comes again from the formulas of
            // numbers.
        }
        List<Tensor> outputs = made.outputs();
        boolean isSteady = made.states.stream().allMatch(each -> isBuiltAs(each, made.began))
                && Sources.drawn(Graph.of(outputs).nodes()).isEmpty();
        return isSteady ? new Compiled<>(Plan.compile(outputs), inputs, parts, template, made) : null;
    }

    private static <S> Map<Tensor, NDArray> given(Compiled<S> plan, List<NDArray> data, Optional<S> state) {
        Map<Tensor, NDArray> given = new LinkedHashMap<>();
        for (int i = 0; i < data.size(); i++) {
            given.put(plan.data.get(i), data.get(i));
        }
        List<Tensor> numbers = state.map(States::tensors).orElse(List.of());
        for (int i = 0; i < numbers.size(); i++) {
            given.put(plan.parts.get(i), numbers.get(i).value());
        }
        given.keySet().retainAll(plan.plan.inputs()); // What nothing depends on is no input of the plan.
        return given;
    }

    private static <S> Found<S> found(Made<S> made, List<NDArray> numbers) {
        List<S> states = new ArrayList<>();
        int at = 0;
        for (S state : made.states) {
            int count = States.tensors(state).size();
            states.add(States.withTensors(
                    state,
                    numbers.subList(at, at + count).stream().map(Tensor::of).toList()));
            at += count;
        }
        return new Found<>(List.copyOf(states), List.copyOf(numbers.subList(at, numbers.size())));
    }
}
