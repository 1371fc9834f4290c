package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.internal.TensorTree;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A batch without its numbers: batches of one form have one plan. Where a batch has a tensor, its form has the same placeholder for every
 * tensor of that shape and type; all else is part of the form as it is, so what a formula may depend on is never taken for data.
 *
 * @param blank the batch with placeholders
 * @param data the tensors of the batch, in their order
 */
record BatchForm<B>(B blank, ImmutableList<Tensor> data) {
    private static final Map<Kind, Tensor> PLACEHOLDERS = new ConcurrentHashMap<>();

    private record Kind(Shape shape, DType type) {}

    /**
     * The form of a batch whose plan is kept.
     *
     * @throws IllegalArgumentException if it has parts of which two with equal content cannot be told from two that differ
     */
    static <B> BatchForm<B> of(B batch) {
        return of(batch, BatchForm::requireValue);
    }

    /** The form of any batch, for what is said of it. */
    static <B> BatchForm<B> ofAny(B batch) {
        return of(batch, _ -> {});
    }

    private static <B> BatchForm<B> of(B batch, Consumer<Object> other) {
        ImmutableList.Builder<Tensor> data = ImmutableList.builder();
        B blank = new TensorTree("train on a plan", "batch", other).map(batch, tensor -> {
            data.add(tensor);
            return PLACEHOLDERS.computeIfAbsent(
                    new Kind(tensor.shape(), tensor.dtype()),
                    kind -> Tensor.input("data", kind.type, kind.shape.lengths()));
        });
        return new BatchForm<>(blank, data.build());
    }

    private static void requireValue(Object part) {
        boolean isValue =
                switch (part) {
                    case String _, Number _, Boolean _, Character _, Enum<?> _ -> true;
                    case IntTuple _, Shape _, NDArray _, RandomKey _ -> true;
                    default -> false;
                };
        if (!isValue) {
            throw new IllegalArgumentException("train on a plan: the batch holds " + part.getClass().getTypeName()
                    + ", of which a plan cannot tell whether it has changed; make it a Tensor if it is data: Tensor.of(...)."
                    + " Or leave out onPlans(): then the loss is built anew for every batch");
        }
    }

    /**
     * Refuses a state that is not like the one before.
     *
     * @throws IllegalArgumentException if a shape or type differs, or there are more or fewer tensors
     */
    static void requireAlike(List<Tensor> before, List<Tensor> after) {
        boolean isAlike = before.size() == after.size();
        for (int i = 0; isAlike && i < before.size(); i++) {
            isAlike = before.get(i).shape().equals(after.get(i).shape())
                    && before.get(i).dtype() == after.get(i).dtype();
        }
        if (!isAlike) {
            throw new IllegalArgumentException("train: the state was " + described(before)
                    + " before a batch and is " + described(after) + " after it; shapes and types of a state stay, and so"
                    + " all batches are of one size");
        }
    }

    private static List<String> described(List<Tensor> tensors) {
        return tensors.stream().map(each -> each.shape() + " " + each.dtype()).toList();
    }

    List<Shape> shapes() {
        return data.stream().map(Tensor::shape).toList();
    }

    /**
     * What is new about some shapes, in words: {@code length 37} if one axis alone differs.
     *
     * @param before those of the batch before, if there was one
     */
    static String difference(List<Shape> now, @Nullable List<Shape> before) {
        String all = "batches of " + now.stream().map(Shape::toString).distinct().collect(Collectors.joining(", "));
        if (before == null || before.size() != now.size()) {
            return all;
        }
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i).rank() != before.get(i).rank()) {
                return all;
            }
            for (int axis = 0; axis < now.get(i).rank(); axis++) {
                int length = now.get(i).length(axis);
                if (length != before.get(i).length(axis)) {
                    lengths.add(length);
                }
            }
        }
        return lengths.stream().distinct().count() == 1 ? "length " + lengths.getFirst() : all;
    }
}
