package dev.clew.nn.training;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the epoch at whose end a run is, as texts of its snapshot: whether it was told to stop there is asked again. How long it
 * took is left out: the files of two runs that did the same are the same.
 */
final class ReportText {
    private static final String EPOCH = "trainer.judged.epoch";
    private static final String STEP = "trainer.judged.step";
    private static final String LOSS = "trainer.judged.loss";
    private static final String BEST = "trainer.judged.best";
    private static final String RATE = "trainer.judged.rate";
    /** With the number of the metric behind it: its value, a space, its name. */
    private static final String METRIC = "trainer.judged.metric.";

    private ReportText() {}

    /** No text if no epoch is at its end. */
    static Map<String, String> of(Optional<EpochReport> judged) {
        Map<String, String> texts = new LinkedHashMap<>();
        judged.ifPresent(report -> {
            texts.put(EPOCH, Integer.toString(report.epoch()));
            texts.put(STEP, Long.toString(report.step()));
            texts.put(LOSS, Double.toString(report.loss()));
            texts.put(BEST, Boolean.toString(report.isBest()));
            texts.put(RATE, Double.toString(report.rate()));
            int number = 0;
            for (Map.Entry<String, Double> each : report.metrics().entrySet()) {
                texts.put(METRIC + number++, each.getValue() + " " + each.getKey());
            }
        });
        return texts;
    }

    /** What {@link #of} has written, to the same bits; the time is nothing. */
    static Optional<EpochReport> read(Map<String, String> texts) {
        String epoch = texts.get(EPOCH);
        if (epoch == null) {
            return Optional.empty();
        }
        ImmutableMap.Builder<String, Double> metrics = ImmutableMap.builder();
        for (int number = 0; texts.containsKey(METRIC + number); number++) {
            String text = text(texts, METRIC + number);
            int space = text.indexOf(' ');
            metrics.put(text.substring(space + 1), Double.parseDouble(text.substring(0, space)));
        }
        return Optional.of(new EpochReport(
                Integer.parseInt(epoch),
                Long.parseLong(text(texts, STEP)),
                Double.parseDouble(text(texts, LOSS)),
                metrics.buildOrThrow(),
                Boolean.parseBoolean(text(texts, BEST)),
                Double.parseDouble(text(texts, RATE)),
                Duration.ZERO));
    }

    private static String text(Map<String, String> texts, String name) {
        return Optional.ofNullable(texts.get(name))
                .orElseThrow(() -> new IllegalArgumentException("train: the snapshot" + " has no text '" + name
                        + "', though it has others of its epoch; was it written by this version?"));
    }
}
