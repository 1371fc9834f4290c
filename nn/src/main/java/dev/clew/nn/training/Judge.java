package dev.clew.nn.training;

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Batches;
import dev.clew.nn.metric.Metric;
import dev.clew.nn.metric.Metrics;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which data a model is judged by, and how. */
record Judge<B>(Batches<B> held, ImmutableList<Metric<? super B>> metrics) {
    Judge {
        Set<String> names = new HashSet<>();
        for (Metric<? super B> metric : metrics) {
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
    Metric<? super B> first() {
        return metrics.getFirst();
    }

    /**
     * The values of the metrics over all batches, in their order; nothing if it was not to go on.
     *
     * @param isToEnd asked before every batch
     */
    Optional<Map<String, Double>> judged(RandomKey key, BooleanSupplier isToEnd) {
        boolean[] hasEnded = {false};
        try (Stream<B> batches = held.of(key, 0)) {
            Iterator<B> all = batches.iterator();
            Iterator<B> until = new AbstractIterator<>() {
                @Override
                protected @Nullable B computeNext() {
                    hasEnded[0] = isToEnd.getAsBoolean();
                    return hasEnded[0] || !all.hasNext() ? endOfData() : all.next();
                }
            };
            Map<String, Metric.Tally> tallies = Metrics.tallies(() -> until, metrics);
            return hasEnded[0]
                    ? Optional.empty()
                    : Optional.of(ImmutableMap.copyOf(Maps.transformValues(tallies, Metric.Tally::value)));
        }
    }
}
