package dev.clew.internal.tensor;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sum, at every element, of the inputs whose windows cover it, in their order; 0 where none does. The derivative of slices: those of all steps of a sequence are one
 * node, so its cost is the sequence's length and not its square.
 */
public record Place(Shape to, ImmutableList<Window> windows) implements Movement {
    @Override
    public String label() {
        return "place";
    }

    @Override
    public Shape shape(List<Tensor> inputs) {
        return to;
    }

    @Override
    public DType dtype(List<Tensor> inputs) {
        return DTypes.floating(label(), inputs);
    }

    @Override
    public NDArray value(Tensor node, List<NDArray> inputs) {
        Accumulator sums = new Accumulator(node.dtype(), to);
        for (int i = 0; i < inputs.size(); i++) {
            sums.add(windows.get(i), inputs.get(i));
        }
        return sums.array();
    }

    @Override
    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        return windows.get(input).slice().on(yBar);
    }

    /**
     * The sum of several sums into the same shape: one node, or more whose sum it is where windows cover an element {@link
     * Overlaps often}. What has the same window is added up before.
     */
    public static Tensor merge(List<Tensor> places) {
        Map<Window, List<Tensor>> byWindow = new LinkedHashMap<>();
        for (Tensor place : places) {
            if (place.op() instanceof Place one) {
                for (int i = 0; i < one.windows.size(); i++) {
                    byWindow.computeIfAbsent(one.windows.get(i), _ -> new ArrayList<>())
                            .add(place.input(i));
                }
            }
        }
        Shape to = places.getFirst().shape();
        List<Window> windows = List.copyOf(byWindow.keySet());
        List<Tensor> sums = byWindow.values().stream().map(Tensor::sum).toList();
        return Tensor.sum(Overlaps.dealt(to, windows).stream()
                .map(hand -> new Place(to, ImmutableList.copyOf(at(windows, hand)))
                        .on(at(sums, hand).toArray(Tensor[]::new)))
                .toList());
    }

    /** Those with some numbers. */
    private static <T> List<T> at(List<T> all, int... numbers) {
        return Arrays.stream(numbers).mapToObj(all::get).toList();
    }
}
