package dev.clew.audit;

import dev.clew.array.NDArray;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Whether the forward pass by hand computes what the graph does. */
final class ForwardAgreement {
    private static final String LOSS = "loss";

    private ForwardAgreement() {}

    /** One number, or array of numbers, that both have. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    private record Pair(String quantity, OptionalInt step, double[] yours, double[] graph) {
        ForwardDifference difference() {
            int worst = Agreement.worst(yours, graph);
            return new ForwardDifference(
                    quantity, step, Agreement.relativeError(yours, graph), yours[worst], graph[worst]);
        }
    }

    /** The first that differs by more than the tolerance, in the order of the forward pass; the loss is the last. */
    static Optional<ForwardDifference> first(Unrolled forward, ByHand hand, double tolerance) {
        List<Pair> pairs = pairs(forward, hand);
        Map<String, Double> sizes = new HashMap<>();
        pairs.forEach(pair -> sizes.merge(pair.quantity, Agreement.size(pair.graph), Math::max));
        return pairs.stream()
                .filter(pair -> {
                    double size = Math.max(sizes.getOrDefault(pair.quantity, 0.0), Agreement.size(pair.yours));
                    return Agreement.distance(pair.yours, pair.graph, size) > tolerance;
                })
                .findFirst()
                .map(Pair::difference);
    }

    /** A step of a quantity, before its number in the graph is known. */
    private record Place(String quantity, int step, NDArray yours, Tensor tensor) {}

    private static List<Pair> pairs(Unrolled forward, ByHand hand) {
        List<Place> places = places(forward, hand);
        List<Tensor> tensors =
                new ArrayList<>(places.stream().map(Place::tensor).toList());
        tensors.add(forward.loss());
        List<NDArray> graph = Evaluator.plain().evaluate(tensors);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            pairs.add(new Pair(
                    place.quantity,
                    OptionalInt.of(place.step),
                    place.yours.toDoubles(),
                    graph.get(i).toDoubles()));
        }
        hand.loss()
                .ifPresent(loss -> pairs.add(new Pair(
                        LOSS,
                        OptionalInt.empty(),
                        new double[] {loss},
                        graph.getLast().toDoubles())));
        return pairs;
    }

    /** In the order in which the forward pass made them. */
    private static List<Place> places(Unrolled forward, ByHand hand) {
        List<Place> places = new ArrayList<>();
        hand.activations().forEach((name, perStep) -> {
            List<Tensor> steps = forward.steps().getOrDefault(name, List.of());
            for (int step = 0; step < steps.size(); step++) {
                places.add(new Place(name, step, perStep.get(step), steps.get(step)));
            }
        });
        places.sort(Comparator.comparingLong(place -> place.tensor.number()));
        return places;
    }
}
