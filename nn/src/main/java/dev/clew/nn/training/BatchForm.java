package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.internal.TensorTree;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A batch without its numbers: batches of one form have one plan. Where a batch has a tensor, its form has the same placeholder for every
 * tensor at that place of that shape and type; all else is part of the form as it is, so what a formula may depend on is never taken for data.
 *
 * @param key equal for batches of one form, and for no others
 * @param data the tensors of the batch, in their order
 */
record BatchForm(Object key, ImmutableList<Tensor> data) {
    private static final String ASKED = "train on a plan";
    private static final Map<Kind, Tensor> PLACEHOLDERS = new ConcurrentHashMap<>();

    /** @param place among the tensors: two maps are equal whatever their order, and their tensors are not taken for each other */
    private record Kind(int place, Shape shape, DType type) {}

    /** @param parts placeholders and all else, in their order: records and sets may be equal though these differ */
    private record Key(Object blank, List<Object> parts) {}

    /**
     * The form of a batch whose plan is kept.
     *
     * @throws IllegalArgumentException if it has parts of which two with equal content cannot be told from two that differ
     */
    static BatchForm of(Object batch) {
        BatchForm form = of(batch, BatchForm::requireValue);
        form.data.forEach(BatchForm::requireData);
        return form;
    }

    /** The form of any batch, for what is said of it. */
    static BatchForm ofAny(Object batch) {
        return of(batch, _ -> {});
    }

    private static BatchForm of(Object batch, Consumer<Object> other) {
        List<Tensor> data = new ArrayList<>();
        List<Object> parts = new ArrayList<>();
        BiConsumer<Object, Object> others = (part, _) -> {
            other.accept(part);
            parts.add(part);
        };
        Object blank = new TensorTree(ASKED, "batch", others).map(batch, tensor -> {
            Tensor placeholder = PLACEHOLDERS.computeIfAbsent(
                    new Kind(data.size(), tensor.shape(), tensor.dtype()),
                    kind -> Tensor.input("data", kind.type, kind.shape.lengths()));
            data.add(tensor);
            parts.add(placeholder);
            return placeholder;
        });
        return new BatchForm(new Key(blank, parts), ImmutableList.copyOf(data));
    }

    /** A gradient would not pass to what an input stands for. */
    private static void requireData(Tensor tensor) {
        if (tensor.op() instanceof Source.Constant) {
            return;
        }
        for (Tensor node : Graph.of(List.of(tensor)).nodes()) {
            if (node instanceof Parameter) {
                throw new IllegalArgumentException(ASKED + ": the batch holds " + tensor.describe()
                        + ", which depends on " + node.describe()
                        + "; a plan takes the tensors of a batch as data, and no gradient passes to a parameter."
                        + " Read parameters in the loss, or make it data: Tensor.of(tensor.value())."
                        + " Or leave out onPlans(): then the loss is built anew for every batch");
            }
        }
    }

    private static void requireValue(Object part) {
        boolean isValue = switch (part) {
            case String _, Boolean _, Character _, Enum<?> _ -> true;
            case Byte _, Short _, Integer _, Long _, Float _, Double _, BigInteger _, BigDecimal _ -> true;
            case IntTuple _, Shape _, RandomKey _ -> true;
            default -> false;
        };
        if (!isValue) {
            throw new IllegalArgumentException(
                    ASKED + ": the batch holds " + part.getClass().getTypeName()
                            + ", of which a plan cannot tell whether it has changed; make it a Tensor if it is data: Tensor.of(...)."
                            + " Or leave out onPlans(): then the loss is built anew for every batch");
        }
    }

    /**
     * The state after a batch, its parts in the order of the one before: two maps with the same keys may differ in it.
     *
     * @throws IllegalArgumentException if a shape or type differs, or there are more or fewer tensors, or something else differs that is no
     *     tensor: a run that goes on from a snapshot would not have it
     */
    static <S> S alike(S before, S after) {
        List<Tensor> then = States.tensors(before);
        List<Tensor> now = States.tensors(after);
        boolean isAlike = then.size() == now.size();
        if (isAlike) {
            S same = new TensorTree("train", "state", BatchForm::requireSame).zip(before, after, (_, next) -> next);
            List<Tensor> ordered = States.tensors(same);
            for (int i = 0; isAlike && i < then.size(); i++) {
                isAlike = then.get(i).shape().equals(ordered.get(i).shape())
                        && then.get(i).dtype() == ordered.get(i).dtype();
            }
            if (isAlike) {
                return same;
            }
        }
        throw new IllegalArgumentException("train: the state was " + described(then) + " before a batch and is "
                + described(now) + " after it; shapes and types of a state stay, and so all batches are of one size");
    }

    private static void requireSame(Object before, Object after) {
        if (!before.equals(after)) {
            throw new IllegalArgumentException("train: a part of the state was " + before + " before a batch and is "
                    + after + " after it; only tensors change from batch to batch, so make it one: Tensor.of(...)");
        }
    }

    static List<String> described(List<Tensor> tensors) {
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
        String all =
                "batches of " + now.stream().map(Shape::toString).distinct().collect(Collectors.joining(", "));
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
