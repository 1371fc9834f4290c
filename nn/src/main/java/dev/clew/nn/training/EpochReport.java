package dev.clew.nn.training;

import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import dev.clew.nn.internal.Names;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What an epoch of training was like.
 *
 * @param epoch counted from 0
 * @param step how many steps have been made in all
 * @param loss the mean over the batches of the epoch, each with the parameters of its step; NaN if all were skipped
 * @param metrics over the data that the model is judged by, by name; nothing if there are none
 * @param isBest whether the first of the metrics is better than ever before
 * @param rate the largest learning rate at the end
 * @param time since the epoch before
 */
public record EpochReport(
        int epoch, long step, double loss, Map<String, Double> metrics, boolean isBest, double rate, Duration time) {
    /** Copies, in the same order. */
    public EpochReport {
        Present.require("EpochReport", metrics, time);
        metrics = ImmutableMap.copyOf(metrics);
    }

    /**
     * The value of the metric of a name.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public double metric(String name) {
        Present.require("metric", name);
        return Names.of(metrics, name, "metric '" + name + "'");
    }

    /** One line: {@code epoch 3: step 128, loss 0.4813, accuracy 0.912 (best), 1.2 s}. */
    @Override
    public String toString() {
        StringJoiner line = new StringJoiner(", ", "epoch " + (epoch + 1) + ": ", "");
        line.add("step " + step).add("loss " + Figures.of(loss));
        boolean isFirst = true;
        for (Map.Entry<String, Double> metric : metrics.entrySet()) {
            line.add(metric.getKey() + " " + Figures.of(metric.getValue()) + (isFirst && isBest ? " (best)" : ""));
            isFirst = false;
        }
        return line.add(Figures.of(time)).toString();
    }
}
