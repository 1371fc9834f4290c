package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Batches;
import dev.clew.nn.metric.Metric;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Which data a model is judged by, and how. */
record Judge<B>(Batches<B> held, ImmutableList<Metric<B>> metrics) {
    Judge {
        Set<String> names = new HashSet<>();
        for (Metric<B> metric : metrics) {
            if (!names.add(metric.name())) {
                throw new IllegalArgumentException("validate: two metrics are named '" + metric.name()
                        + "'; give one of them another name");
            }
        }
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException(
                    "validate: there is no metric; Metrics.loss(...) and Metrics.accuracy(...) are two");
        }
    }

    /** By which the weights are best. */
    Metric<B> first() {
        return metrics.getFirst();
    }

    /**
     * The values of the metrics over all batches, in their order; nothing if it was not to go on.
     *
     * @param isToEnd asked before every batch
     */
    Optional<Map<String, Double>> judged(RandomKey key, BooleanSupplier isToEnd) {
        List<Metric.Tally> tallies = metrics.stream().map(Metric::tally).toList();
        try (Stream<B> batches = held.of(key, 0)) {
            for (Iterator<B> next = batches.iterator(); next.hasNext(); ) {
                B batch = next.next();
                if (isToEnd.getAsBoolean()) {
                    return Optional.empty();
                }
                add(batch, tallies);
            }
        }
        ImmutableMap.Builder<String, Double> values = ImmutableMap.builder();
        for (int i = 0; i < tallies.size(); i++) {
            values.put(metrics.get(i).name(), tallies.get(i).value());
        }
        return Optional.of(values.buildOrThrow());
    }

    private void add(B batch, List<Metric.Tally> tallies) {
        List<List<Tensor>> formulas =
                metrics.stream().map(metric -> metric.of(batch)).toList();
        List<Tensor> all = new ArrayList<>();
        formulas.forEach(all::addAll);
        List<NDArray> values = Tensor.values(all);
        int from = 0;
        for (int i = 0; i < tallies.size(); i++) {
            int to = from + formulas.get(i).size();
            tallies.get(i).add(values.subList(from, to));
            from = to;
        }
    }
}
