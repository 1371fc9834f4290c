package dev.clew.nn.training;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.nn.Parameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The snapshot of a run: everything that another run needs to go on to the same bits. */
final class Kept<M> {
    private static final String BEST = "best.";
    /** The state that is carried from batch to batch. */
    private static final String CARRIED = "carried.";

    private final Keeping keeping;
    private final TrainerSettings<M, ?> settings;
    private final Progression at;
    private final Best best;
    private final StepMaker<?> steps;
    private long written = System.nanoTime();

    Kept(Keeping keeping, TrainerSettings<M, ?> settings, Progression at, Best best, StepMaker<?> steps) {
        this.keeping = keeping;
        this.settings = settings;
        this.at = at;
        this.best = best;
        this.steps = steps;
    }

    Path file() {
        return keeping.file();
    }

    /** @param isResumed whether what is there is gone on from */
    void begin(boolean isResumed) {
        boolean isThere = Files.exists(file());
        if (isThere && !isResumed) {
            throw new IllegalStateException("train: there is a run in " + file()
                    + " already, which this one would write over; resumeOrStart() goes on from it, or choose another folder");
        }
        try {
            Files.createDirectories(keeping.folder());
            if (isThere) {
                restore(Snapshot.read(file()));
            }
        } catch (IOException error) {
            throw new UncheckedIOException("train: the run in " + keeping.folder() + " cannot be gone on from", error);
        }
    }

    private void restore(Snapshot snapshot) {
        long seed = Long.parseLong(snapshot.text("trainer.key"));
        if (seed != settings.key.bits()) {
            throw new IllegalArgumentException("train: the run in " + file() + " was begun with the seed " + seed
                    + ", and this one has the seed " + settings.key.bits() + "; with another seed it is another run: say seed("
                    + seed + "L), or choose another folder");
        }
        snapshot.load(settings.model, settings.optimizer);
        at.step = Long.parseLong(snapshot.text("trainer.step"));
        at.epoch = Integer.parseInt(snapshot.text("trainer.epoch"));
        at.batch = Integer.parseInt(snapshot.text("trainer.batch"));
        at.skipped = Integer.parseInt(snapshot.text("trainer.skipped"));
        at.losses = Double.parseDouble(snapshot.text("trainer.losses"));
        at.counted = Integer.parseInt(snapshot.text("trainer.counted"));
        List<NDArray> carried = new ArrayList<>();
        for (int i = 0; i < steps.carried().size(); i++) {
            carried.add(snapshot.array(CARRIED + i));
        }
        steps.carry(carried);
        ImmutableMap.Builder<String, NDArray> weights = ImmutableMap.builder();
        double value = Double.parseDouble(snapshot.text("trainer.best"));
        if (!Double.isNaN(value)) {
            Parameters.named(settings.model).keySet().forEach(name -> weights.put(name, snapshot.array(BEST + name)));
        }
        best.restore(weights.buildOrThrow(), value, Integer.parseInt(snapshot.text("trainer.epochsSinceBest")));
    }

    void writeIfItIsTime() {
        if (System.nanoTime() - written >= keeping.interval().toNanos()) {
            write();
        }
    }

    /** In a thread of its own, since an interrupt of the one that trains would close the file. */
    void write() {
        Snapshot snapshot = snapshot();
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        Thread writer = Thread.ofPlatform().name("clew-snapshot").start(() -> {
            try {
                snapshot.write(file());
            } catch (IOException | RuntimeException | Error error) {
                failed.set(error);
            }
        });
        boolean isInterrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException later) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable error = failed.get();
        if (error != null) {
            IOException cause = error instanceof IOException io ? io : new IOException(error);
            throw new UncheckedIOException(
                    "train: the run cannot be kept in " + file() + "; the one before is whole", cause);
        }
        written = System.nanoTime();
    }

    private Snapshot snapshot() {
        Snapshot snapshot = Snapshot.of(settings.model, settings.optimizer);
        for (Map.Entry<String, NDArray> each : best.weights().entrySet()) {
            snapshot = snapshot.with(BEST + each.getKey(), each.getValue());
        }
        int number = 0;
        for (NDArray each : steps.carried()) {
            snapshot = snapshot.with(CARRIED + number++, each);
        }
        return snapshot.with("trainer.key", Long.toString(settings.key.bits()))
                .with("trainer.step", Long.toString(at.step))
                .with("trainer.epoch", Integer.toString(at.epoch))
                .with("trainer.batch", Integer.toString(at.batch))
                .with("trainer.skipped", Integer.toString(at.skipped))
                .with("trainer.losses", Double.toString(at.losses))
                .with("trainer.counted", Integer.toString(at.counted))
                .with("trainer.best", Double.toString(best.value()))
                .with("trainer.epochsSinceBest", Integer.toString(best.epochsSince()));
    }
}
