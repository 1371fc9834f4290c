package dev.clew.nn.metric;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The usual metrics, each of functions of a batch: {@code Metrics.accuracy(batch -> model.logits(batch), Batch::labels)}.
 *
 * <p>Batches may differ in size: sums and counts are added up, in f64, and divided at the end. Rows whose label is below 0 do not count,
 * or, where a mask is given, those for which it is false; what is computed of them may be NaN. A NaN in what counts makes the metric NaN.
 */
public final class Metrics {
    private Metrics() {}

    /**
     * Runs metrics over batches, with one evaluation for each batch: numbers by name, in the order of the metrics. It is what a trainer
     * does, for a plain loop.
     *
     * @throws IllegalArgumentException if two have one name
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // They are only looked at.
    public static <B> Map<String, Double> over(Iterable<? extends B> batches, Metric<? super B>... metrics) {
        Present.require("over", batches, metrics);
        return ImmutableMap.copyOf(
                Maps.transformValues(tallies(batches, ImmutableList.copyOf(metrics)), Metric.Tally::value));
    }

    /**
     * The same with all that each knows: {@code tallies(batches, List.of(confusion))} has a table.
     *
     * @throws IllegalArgumentException if two have one name
     */
    public static <B> Map<String, Metric.Tally> tallies(
            Iterable<? extends B> batches, List<? extends Metric<? super B>> metrics) {
        Present.require("tallies", batches, metrics);
        Map<String, Metric.Tally> tallies = new LinkedHashMap<>();
        for (Metric<? super B> each : metrics) {
            if (tallies.put(each.name(), each.tally()) != null) {
                throw new IllegalArgumentException("metrics of which two are named " + each.name()
                        + ": numbers are told apart by name; give one of them another");
            }
        }
        for (B batch : batches) {
            count(batch, metrics, ImmutableList.copyOf(tallies.values()));
        }
        return ImmutableMap.copyOf(tallies);
    }

    private static <B> void count(B batch, List<? extends Metric<? super B>> metrics, List<Metric.Tally> tallies) {
        List<List<Tensor>> wanted = new ArrayList<>();
        for (Metric<? super B> each : metrics) {
            wanted.add(each.of(batch));
        }
        List<NDArray> values =
                Tensor.values(wanted.stream().flatMap(List::stream).toList());
        int from = 0;
        for (int i = 0; i < wanted.size(); i++) {
            int to = from + wanted.get(i).size();
            tallies.get(i).add(values.subList(from, to));
            from = to;
        }
    }

    /**
     * A mean that less of is better: the sum of the costs of all batches by the sum of their counts.
     *
     * @param sum the costs of a batch, added up: ()
     * @param count by what they are divided, usually how many rows or tokens there are: ()
     */
    public static <B> Metric<B> loss(String name, Function<? super B, Tensor> sum, Function<? super B, Tensor> count) {
        Present.require("loss", name, sum, count);
        return new SumMetric<>(name, sums(name, sum, count), Metrics::mean, false);
    }

    /** e to the mean cost of a token: as if each were one of so many equally likely ones. Of nats and the number of tokens: (). */
    public static <B> Metric<B> perplexity(Function<? super B, Tensor> nats, Function<? super B, Tensor> tokens) {
        Present.require("perplexity", nats, tokens);
        return new SumMetric<>("perplexity", sums("perplexity", nats, tokens), sums -> Math.exp(mean(sums)), false);
    }

    /** The mean cost of a token in bits. Of nats and the number of tokens: (). */
    public static <B> Metric<B> bitsPerToken(Function<? super B, Tensor> nats, Function<? super B, Tensor> tokens) {
        Present.require("bitsPerToken", nats, tokens);
        return new SumMetric<>(
                "bits per token", sums("bitsPerToken", nats, tokens), sums -> mean(sums) / Math.log(2), false);
    }

    private static <B> Function<B, List<Tensor>> sums(
            String name, Function<? super B, Tensor> sum, Function<? super B, Tensor> count) {
        return batch -> List.of(
                MetricInputs.given(name, sum, "the sum", batch), MetricInputs.given(name, count, "the count", batch));
    }

    private static double mean(double[] sums) {
        return sums[0] / sums[1];
    }

    // -------------------------------------------------------------------------------------------------------- classes

    /**
     * How often the label has the best score; of equal ones, the first class counts as the best. Shapes: scores (..., classes), labels
     * (...) i32.
     */
    public static <B> Metric<B> accuracy(Function<? super B, Tensor> scores, Function<? super B, Tensor> labels) {
        Present.require("accuracy", scores, labels);
        return among(1, new MetricInputs<>("accuracy", scores, labels, Optional.empty()));
    }

    /** The same where a mask is true. Shapes: counted (...) bool, or lengths (batch) i32 of labels (batch, time). */
    public static <B> Metric<B> accuracy(
            Function<? super B, Tensor> scores,
            Function<? super B, Tensor> labels,
            Function<? super B, Tensor> counted) {
        Present.require("accuracy", scores, labels, counted);
        return among(1, new MetricInputs<>("accuracy", scores, labels, Optional.of(counted)));
    }

    /** How often the label is among the k best scores. Shapes: scores (..., classes), labels (...) i32. */
    public static <B> Metric<B> topK(int k, Function<? super B, Tensor> scores, Function<? super B, Tensor> labels) {
        Present.require("topK", scores, labels);
        if (k < 1) {
            throw new IllegalArgumentException("topK of " + k + " classes: there is one or more");
        }
        return among(k, new MetricInputs<>("top " + k, scores, labels, Optional.empty()));
    }

    private static <B> Metric<B> among(int k, MetricInputs<B> inputs) {
        return new SumMetric<>(
                inputs.name(),
                batch -> {
                    MetricInputs.Rows rows = inputs.rows(batch);
                    return List.of(rows.hits(rows.rank().lessThan(k)), rows.count());
                },
                Metrics::mean,
                true);
    }

    /**
     * Which class was taken for which: the number is the accuracy, and the text a table. Its tally is a {@link ConfusionMatrix}.
     *
     * @param classes their names, in the order of their numbers
     */
    public static <B> Metric<B> confusion(
            Function<? super B, Tensor> scores, Function<? super B, Tensor> labels, List<String> classes) {
        Present.require("confusion", scores, labels, classes);
        return new ConfusionMetric<>(
                new MetricInputs<>("confusion", scores, labels, Optional.empty()),
                ImmutableList.copyOf(classes),
                Optional.empty());
    }

    /** The mean of F1 over all classes that are there or were said to be. Shapes: scores (..., classes), labels (...) i32. */
    public static <B> Metric<B> macroF1(
            Function<? super B, Tensor> scores, Function<? super B, Tensor> labels, int classes) {
        Present.require("macroF1", scores, labels);
        if (classes < 1) {
            throw new IllegalArgumentException("macroF1 of " + classes + " classes: there is one or more");
        }
        return new ConfusionMetric<>(
                new MetricInputs<>("macro F1", scores, labels, Optional.empty()),
                ImmutableList.copyOf(ConfusionMatrix.numbered(classes)),
                Optional.of(ConfusionMatrix::macroF1));
    }

    // ------------------------------------------------------------------------------------------------------- yes or no

    /**
     * F1 of the label 1: 2a/(b + c) of a hits, b said and c that are; NaN if there is nothing of either. What has a score above the
     * threshold is said to be 1, so of logits it is 0. Shapes: scores (...), labels (...) i32 or bool.
     */
    public static <B> Metric<B> f1(
            double threshold, Function<? super B, Tensor> scores, Function<? super B, Tensor> labels) {
        Present.require("f1", scores, labels);
        MetricInputs<B> inputs = new MetricInputs<>("F1", scores, labels, Optional.empty());
        return new SumMetric<>(
                "F1",
                batch -> {
                    MetricInputs.Rows rows = inputs.single(batch);
                    Tensor isOne = rows.isOne();
                    Tensor isSaid = rows.scores().greaterThan(threshold);
                    Tensor isUnknown = rows.scores().isNaN().and(rows.isCounted());
                    Tensor hits = isOne.and(isSaid).and(rows.isCounted()).cast(DType.F64);
                    return List.of(hits.maskedFill(isUnknown, Double.NaN).sum(), rows.total(isSaid), rows.total(isOne));
                },
                sums -> 2 * sums[0] / (sums[1] + sums[2]),
                true);
    }

    /**
     * The area under the curve of hits over false alarms (ROC): the probability that a row of the label 1 has a better score than one of the
     * label 0, where equal scores are half of that (Hanley and McNeil, 1982); NaN if one label is missing. All scores are kept until then.
     * Shapes: scores (...), labels (...) i32 or bool.
     */
    public static <B> Metric<B> areaUnderCurve(Function<? super B, Tensor> scores, Function<? super B, Tensor> labels) {
        Present.require("areaUnderCurve", scores, labels);
        return new RankingMetric<>(
                new MetricInputs<>("area under curve", scores, labels, Optional.empty()), RankingMetric::area);
    }

    /**
     * Σ (rₙ − rₙ₋₁)·pₙ over all scores as thresholds, with recall r and precision p: scikit-learn's average precision; NaN if no label is 1.
     * All scores are kept until then. Shapes: scores (...), labels (...) i32 or bool.
     */
    public static <B> Metric<B> averagePrecision(
            Function<? super B, Tensor> scores, Function<? super B, Tensor> labels) {
        Present.require("averagePrecision", scores, labels);
        return new RankingMetric<>(
                new MetricInputs<>("average precision", scores, labels, Optional.empty()),
                RankingMetric::averagePrecision);
    }

    // -------------------------------------------------------------------------------------------------------- numbers

    /** The mean of |prediction − target| over all elements. Shapes: equal. */
    public static <B> Metric<B> meanAbsoluteError(
            Function<? super B, Tensor> prediction, Function<? super B, Tensor> target) {
        Present.require("meanAbsoluteError", prediction, target);
        return new ErrorMetric<>("mean absolute error", prediction, target, Optional.empty()).absolute();
    }

    /** The same where a mask is true. Shapes: equal. */
    public static <B> Metric<B> meanAbsoluteError(
            Function<? super B, Tensor> prediction,
            Function<? super B, Tensor> target,
            Function<? super B, Tensor> counted) {
        Present.require("meanAbsoluteError", prediction, target, counted);
        return new ErrorMetric<>("mean absolute error", prediction, target, Optional.of(counted)).absolute();
    }

    /** The root of the mean of (prediction − target)² over all elements. Shapes: equal. */
    public static <B> Metric<B> rootMeanSquaredError(
            Function<? super B, Tensor> prediction, Function<? super B, Tensor> target) {
        Present.require("rootMeanSquaredError", prediction, target);
        return new ErrorMetric<>("root mean squared error", prediction, target, Optional.empty()).squared();
    }

    /** The same where a mask is true. Shapes: equal. */
    public static <B> Metric<B> rootMeanSquaredError(
            Function<? super B, Tensor> prediction,
            Function<? super B, Tensor> target,
            Function<? super B, Tensor> counted) {
        Present.require("rootMeanSquaredError", prediction, target, counted);
        return new ErrorMetric<>("root mean squared error", prediction, target, Optional.of(counted)).squared();
    }
}
