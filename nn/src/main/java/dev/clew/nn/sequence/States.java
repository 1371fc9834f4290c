package dev.clew.nn.sequence;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.internal.TensorTree;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** What is done to all tensors of a state at once, be it a tensor or a record, list, map or optional of such. */
public final class States {
    private States() {}

    /** All tensors, in the order of record components and of iteration. */
    public static List<Tensor> tensors(Object state) {
        Present.require("tensors of a state", state);
        List<Tensor> all = new ArrayList<>();
        TensorTree.ofState("tensors of a state").map(state, tensor -> {
            all.add(tensor);
            return tensor;
        });
        return Collections.unmodifiableList(all);
    }

    /**
     * The same state as numbers, evaluated now: what is computed from it carries no history. All tensors are evaluated together.
     *
     * @throws IllegalStateException if something depends on a {@link Tensor#input}
     */
    public static <S> S detach(S state) {
        Present.require("detach", state);
        List<Tensor> tensors = tensors(state);
        List<NDArray> values = Tensor.values(tensors);
        Iterator<NDArray> next = values.iterator(); // Tensors come in the same order again.
        return TensorTree.ofState("detach").map(state, _ -> Tensor.of(next.next()));
    }

    /**
     * A state that is built like another one, of other tensors: {@code withTensors(state, tensors(state))} is the same state.
     *
     * @param tensors in the order of {@link #tensors}
     * @throws IllegalArgumentException if there are more or fewer than the state has
     */
    public static <S> S withTensors(S state, List<Tensor> tensors) {
        Present.require("withTensors", state, tensors);
        int count = tensors(state).size();
        if (tensors.size() != count) {
            throw new IllegalArgumentException("withTensors: " + tensors.size() + " tensors for a state of " + count
                    + "; there must be one for each");
        }
        Iterator<Tensor> next = tensors.iterator();
        return TensorTree.ofState("withTensors").map(state, _ -> next.next());
    }

    /**
     * A state that goes on where a mask is true, and holds still where it is not, for every sequence of a batch: in each tensor, {@code
     * where(mask, next, before)}. What is no tensor is that of {@code next}.
     *
     * @param mask (batch) bool
     * @throws IllegalArgumentException if the states are built in different ways, or a shape does not fit
     */
    public static <S> S carryWhere(Tensor mask, S next, S before) {
        Present.require("carryWhere", mask, next, before);
        if (mask.dtype() != DType.BOOL || mask.shape().rank() != 1) {
            throw new IllegalArgumentException("carryWhere with the mask " + mask.describe()
                    + ": it is (batch) bool, a truth value for every sequence");
        }
        return TensorTree.ofState("carryWhere").zip(next, before, (one, other) -> chosen(mask, one, other));
    }

    private static Tensor chosen(Tensor mask, Tensor next, Tensor before) {
        if (next == before) {
            return next;
        }
        Shape shape = next.shape();
        if (!shape.equals(before.shape()) || next.dtype() != before.dtype()) {
            throw new IllegalArgumentException("carryWhere: the state was " + before.describe() + " and is now "
                    + next.describe() + "; shape and type of a state stay from step to step");
        }
        int batch = mask.shape().length(0);
        if (shape.rank() == 0 || shape.length(0) != batch) {
            throw new IllegalArgumentException("carryWhere: " + next.describe() + " with a mask for " + batch
                    + " sequences; the first axis of every tensor of a state is the batch");
        }
        return Tensor.where(of(mask, shape.rank()), next, before);
    }

    /** A mask with axes of length 1 behind the batch. */
    static Tensor of(Tensor mask, int rank) {
        int[] lengths = new int[rank];
        Arrays.fill(lengths, 1);
        System.arraycopy(mask.shape().lengths(), 0, lengths, 0, mask.shape().rank());
        return mask.reshape(lengths);
    }
}
