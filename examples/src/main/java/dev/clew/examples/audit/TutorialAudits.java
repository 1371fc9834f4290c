package dev.clew.examples.audit;

import dev.clew.array.RandomKey;
import dev.clew.examples.Progress;
import dev.clew.examples.tutorial.Notebooks;
import dev.clew.examples.tutorial.Tutorial;
import dev.clew.examples.tutorial.Tutorials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The audits of the notebooks and of the tutorials, each at one random point. */
record TutorialAudits(List<Audited> audited) {
    private static final long SEED = 1;

    TutorialAudits {
        audited = List.copyOf(audited);
    }

    /** Of all, with a bar if a person is there to see it. */
    static TutorialAudits ofAll() {
        List<Tutorial> all = new ArrayList<>(Notebooks.all());
        all.addAll(Tutorials.all());
        return of(all);
    }

    /** Of these, several at once, in their order. */
    static TutorialAudits of(List<Tutorial> tutorials) {
        int threads = Runtime.getRuntime().availableProcessors();
        try (Progress progress = new Progress("audits", tutorials.size());
                ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Audited>> started = tutorials.stream()
                    .map(each -> executor.submit(() -> Audited.of(each, RandomKey.of(SEED))))
                    .toList();
            List<Audited> done = new ArrayList<>();
            for (Future<Audited> each : started) {
                Audited one = finished(each);
                progress.step(() -> one.tutorial().name());
                done.add(one);
            }
            return new TutorialAudits(done);
        }
    }

    private static Audited finished(Future<Audited> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before all audits were done", interrupted);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("an audit failed: " + failed.getCause(), failed);
        }
    }

    /** Whether the audit says of every one what is known of it. */
    boolean areAsExpected() {
        return audited.stream().allMatch(Audited::isAsExpected);
    }

    /** Every report, shortened or in full, and at the end a table. */
    String text(boolean isFull) {
        StringBuilder text = new StringBuilder();
        for (Audited each : audited) {
            text.append(isFull ? each.full() : each.shortened()).append("\n\n");
        }
        TextTable table = new TextTable(28, 12, 38, 38);
        table.row("name", "outcome", "explanation", "expected");
        table.line();
        for (Audited each : audited) {
            table.row(
                    each.tutorial().name(),
                    each.report().outcome().toString(),
                    String.join("; ", each.names()),
                    (each.isAsExpected() ? "" : "MISSED: ")
                            + String.join("; ", each.tutorial().expected()));
        }
        return text.append(table).append("\n\n").append(summary()).toString();
    }

    /** How many are as they should be. */
    String summary() {
        long right = count(true);
        long wrong = count(false);
        return named(false) + " of " + wrong + " wrong gradients are named as they should be, " + named(true) + " of "
                + right + " right ones found right";
    }

    private long count(boolean isRight) {
        return audited.stream()
                .filter(each -> each.tutorial().isRight() == isRight)
                .count();
    }

    private long named(boolean isRight) {
        return audited.stream()
                .filter(each -> each.tutorial().isRight() == isRight && each.isAsExpected())
                .count();
    }

    /** Writes a page for each, and {@code index.html}, into a folder, which is made if it is not there. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < audited.size(); i++) {
            Audited each = audited.get(i);
            Files.writeString(
                    folder.resolve(AuditIndex.page(i)),
                    ReportText.html(each.report(), each.tutorial().name()));
        }
        Files.writeString(folder.resolve("index.html"), AuditIndex.of(this));
    }
}
