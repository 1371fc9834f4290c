package dev.clew.nn.decode;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.nn.internal.TensorTree;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.plan.Plan;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** A step of a fixed number of sequences as a plan. */
final class StepPlan {
    private static final String ASKED = "JoinedStep";

    private final int rows;
    private final ImmutableList<Tensor> inputs;
    private final Plan plan;

    private StepPlan(int rows, ImmutableList<Tensor> inputs, Plan plan) {
        this.rows = rows;
        this.inputs = inputs;
        this.plan = plan;
    }

    /**
     * Compiles it.
     *
     * @param start a state of one sequence, after which those of several are made
     */
    static <S> StepPlan compile(BiFunction<Tensor, S, Cell.Out<S>> step, S start, int rows) {
        ImmutableList.Builder<Tensor> inputs = ImmutableList.builder();
        Tensor tokens = Tensor.input("tokens", DType.I32, rows);
        inputs.add(tokens);
        S state = TensorTree.ofState(ASKED).map(start, each -> {
            Tensor input = Tensor.input(
                    "state", each.dtype(), ofRows(each.shape(), rows).lengths());
            inputs.add(input);
            return input;
        });
        Cell.Out<S> out = step.apply(tokens, state);
        if (out == null) {
            throw new IllegalArgumentException(ASKED + ": the step gives null; it gives logits and a state");
        }
        requireLogits(out.output().shape(), out.output(), rows);
        requireSame(state, out.state());
        List<Tensor> wanted = new ArrayList<>();
        wanted.add(out.output());
        wanted.addAll(States.tensors(out.state()));
        return new StepPlan(rows, inputs.build(), Plan.compile(wanted));
    }

    private static void requireLogits(Shape shape, Tensor logits, int rows) {
        if (shape.rank() != 2 || shape.length(0) != rows) {
            throw new IllegalArgumentException(ASKED + " of " + rows + " tokens: it gives " + logits.describe()
                    + "; logits are (batch, classes), here (" + rows + ", classes)");
        }
    }

    private static void requireSame(Object before, Object after) {
        List<Object> others = others(before);
        if (!others.equals(others(after))) {
            throw new IllegalArgumentException(ASKED + " from a state with " + others + ": after it the state has "
                    + others(after)
                    + "; what is no tensor stays as it is in a plan, so what changes must be a tensor, with a"
                    + " row for every sequence");
        }
        List<Tensor> tensors = States.tensors(before);
        List<Tensor> next = States.tensors(after);
        for (int i = 0; i < Math.max(tensors.size(), next.size()); i++) {
            String was = i < tensors.size() ? form(tensors.get(i)) : "nothing";
            String is = i < next.size() ? form(next.get(i)) : "nothing";
            if (!was.equals(is)) {
                throw new IllegalArgumentException(ASKED + " from a state with " + was + ": after it, that is " + is
                        + "; shape and type of a state stay from step to step");
            }
        }
    }

    private static String form(Tensor tensor) {
        return tensor.shape() + " " + tensor.dtype();
    }

    /** What a state has beside tensors. */
    static List<Object> others(Object state) {
        List<Object> others = new ArrayList<>();
        new TensorTree(ASKED, "state", (part, _) -> others.add(part)).map(state, tensor -> tensor);
        return others;
    }

    /** The shape of a part of the state of one sequence for several. */
    static Shape ofRows(Shape one, int rows) {
        int[] lengths = one.lengths();
        lengths[0] = rows;
        return Shape.of(lengths);
    }

    long bytes() {
        return plan.bytes();
    }

    /** Runs calls that have no more rows than it has; those over repeat the first, so that they can do no harm. */
    void run(List<JoinedCall> calls) {
        Map<Tensor, NDArray> given = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            if (plan.inputs().contains(input)) {
                given.put(input, i == 0 ? tokens(calls) : state(calls, i - 1, input));
            }
        }
        List<NDArray> all = plan.run(given);
        int from = 0;
        for (JoinedCall call : calls) {
            ImmutableList.Builder<NDArray> own = ImmutableList.builder();
            for (NDArray each : all) {
                own.add(copyOfRows(each, from, call.rows()));
            }
            call.finish(own.build());
            from += call.rows();
        }
    }

    private NDArray tokens(List<JoinedCall> calls) {
        int[] tokens = new int[rows];
        int at = 0;
        for (JoinedCall call : calls) {
            for (int row = 0; row < call.rows(); row++) {
                tokens[at++] = call.token(row);
            }
        }
        while (at < rows) {
            tokens[at++] = tokens[0];
        }
        return NDArray.of(tokens);
    }

    private static NDArray state(List<JoinedCall> calls, int part, Tensor input) {
        int width = input.shape().elements() / input.shape().length(0);
        double[] numbers = new double[input.shape().elements()];
        double[] some = new double[width];
        int at = 0;
        for (JoinedCall call : calls) {
            NDArray own = call.state().get(part);
            for (int row = 0; row < call.rows(); row++) {
                own.load(some, row * width, width);
                System.arraycopy(some, 0, numbers, at, width);
                at += width;
            }
        }
        for (; at < numbers.length; at += width) {
            System.arraycopy(numbers, 0, numbers, at, width);
        }
        return NDArray.build(
                input.dtype(), input.shape(), (block, from, count) -> System.arraycopy(numbers, from, block, 0, count));
    }

    /** Not a view: who holds a state would hold those of all others. */
    private static NDArray copyOfRows(NDArray all, int from, int count) {
        NDArray rows = all.rows(from, from + count);
        return NDArray.build(rows.dtype(), rows.shape(), rows::load);
    }
}
