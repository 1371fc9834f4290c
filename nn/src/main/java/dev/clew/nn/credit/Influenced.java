package dev.clew.nn.credit;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What influences what: the parameters on which a state depends, and the state of a sequence as one row of numbers.
 *
 * @param parameters those of the model that reach the state
 * @param units n, how many floating-point numbers the state of one sequence has
 * @param numbers p, how many numbers these parameters have
 * @param dtype of both
 */
record Influenced<S>(
        Task<S> task, int batch, ImmutableList<Parameter> parameters, int units, int numbers, DType dtype) {

    /** As the first step shows it. */
    static <S> Influenced<S> of(Task<S> task, NDArray x, int batch) {
        S start = task.start(batch);
        List<Tensor> before = parts(start);
        S next = task.step(Tensor.of(x), start).state();
        List<Tensor> all = new ArrayList<>(before);
        all.addAll(parts(next));
        if (parts(next).size() != before.size() || before.isEmpty()) {
            throw new IllegalArgumentException("online: a state with " + before.size()
                    + " tensors of floating-point numbers becomes one with "
                    + parts(next).size() + "; there is at least one, and they stay from step to step");
        }
        ImmutableList<Parameter> reached = task.parameters().values().stream()
                .filter(each -> all.stream().anyMatch(part -> reaches(part, each)))
                .collect(ImmutableList.toImmutableList());
        DType dtype = before.getFirst().dtype();
        all.addAll(reached);
        for (Tensor each : all) {
            if (each.dtype() != dtype) {
                throw new IllegalArgumentException(
                        "online: the state begins with " + before.getFirst().describe()
                                + ", and there is " + each.describe()
                                + "; for a way forward, states and the parameters that reach them have one type");
            }
        }
        int units = before.stream().mapToInt(each -> each.shape().elements()).sum() / batch;
        int numbers = reached.stream().mapToInt(each -> each.shape().elements()).sum();
        return new Influenced<>(task, batch, reached, units, numbers, dtype);
    }

    /** Whether the start of a stream is made of parameters. */
    boolean isStartLearnt() {
        return parts(task.start(batch)).stream()
                .anyMatch(part -> parameters.stream().anyMatch(each -> reaches(part, each)));
    }

    private static boolean reaches(Tensor part, Parameter parameter) {
        return Gradients.of(part, Tensor.zeros(part.dtype(), part.shape().lengths()))
                .reaches(parameter);
    }

    /** The tensors of a state that have derivatives. */
    static List<Tensor> parts(Object state) {
        return States.tensors(state).stream()
                .filter(each -> each.dtype().isFloating())
                .toList();
    }

    /** The state of one sequence of a batch. */
    static <S> S ofSequence(S state, int sequence) {
        return States.withTensors(
                state,
                States.tensors(state).stream()
                        .map(each -> each.slice(0, sequence, sequence + 1))
                        .toList());
    }

    /** Gradients of the parameters as one row: (p). */
    Tensor row(Gradients gradients) {
        return parameters.isEmpty()
                ? Tensor.zeros(dtype, 0)
                : Tensor.concat(
                        0,
                        parameters.stream()
                                .map(each -> gradients.wrt(each).reshape(-1))
                                .toList());
    }
}
