package dev.clew.nn.training;

import dev.clew.array.NDArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The snapshot of a run: everything that another run needs to go on to the same bits. */
final class Kept<M> {
    private static final System.Logger LOG = System.getLogger("dev.clew.nn.training");
    private static final String BEST = "best.";
    /** The state that is carried from batch to batch. */
    private static final String CARRIED = "carried.";
    /** How many the epoch has in which it is. */
    private static final String BATCHES = "trainer.batches";

    private static final String OPTIMIZER = "trainer.optimizer";

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
            throw new IllegalStateException(
                    "train: there is a run in " + file()
                            + " already, which this one would write over; resumeOrStart() goes on from it, or choose another folder");
        }
        if (Files.exists(keeping.folder()) && !Files.isDirectory(keeping.folder())) {
            throw new IllegalArgumentException("train: " + keeping.folder()
                    + " is a file, and a run is kept in a folder; name one, as keep(Path.of(\"run\"))");
        }
        boolean wasInterrupted = Thread.interrupted();
        try {
            Files.createDirectories(keeping.folder());
            while (isThere && !isRestored()) {
                wasInterrupted |= Thread.interrupted();
            }
            if (!isThere) {
                write(); // What cannot be written is better told now than at the end.
            }
        } catch (IOException error) {
            throw new UncheckedIOException("train: the run in " + keeping.folder() + " cannot be gone on from", error);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** If not, an interrupt has closed the file, and it is to be read again. */
    private boolean isRestored() throws IOException {
        try {
            restore(Snapshot.read(file()));
            return true;
        } catch (ClosedByInterruptException error) {
            return false;
        }
    }

    /** The model and the optimizer change last, when all else has been found right. */
    private void restore(Snapshot snapshot) {
        long seed = Long.parseLong(snapshot.text("trainer.key"));
        if (seed != settings.key.bits()) {
            throw new IllegalArgumentException("train: the run in " + file() + " was begun with the seed " + seed
                    + ", and this one has the seed " + settings.key.bits()
                    + "; with another seed it is another run: say seed("
                    + seed + "L), or choose another folder");
        }
        restoreProgression(snapshot);
        restoreCarried(snapshot);
        best.restore(
                under(BEST, snapshot.arrays()),
                Double.parseDouble(snapshot.text("trainer.best")),
                Integer.parseInt(snapshot.text("trainer.epochsSinceBest")));
        snapshot.load(settings.model, settings.optimizer);
        tellWhatIsOther(snapshot);
    }

    /** It may be meant; but the bits are no longer those of a run that was not ended. */
    private void tellWhatIsOther(Snapshot snapshot) {
        String before = snapshot.texts().getOrDefault(OPTIMIZER, "");
        if (!before.isEmpty() && !before.equals(settings.optimizer.settings())) {
            LOG.log(
                    Level.WARNING,
                    "The run in {0} goes on with another optimizer: it was {1}, and is {2}",
                    file(),
                    before,
                    settings.optimizer.settings());
        }
    }

    private void restoreProgression(Snapshot snapshot) {
        at.step = Long.parseLong(snapshot.text("trainer.step"));
        at.epoch = Integer.parseInt(snapshot.text("trainer.epoch"));
        at.batch = Integer.parseInt(snapshot.text("trainer.batch"));
        at.skipped = Integer.parseInt(snapshot.text("trainer.skipped"));
        at.losses = Double.parseDouble(snapshot.text("trainer.losses"));
        at.counted = Integer.parseInt(snapshot.text("trainer.counted"));
        at.judged = ReportText.read(snapshot.texts());
        String before = snapshot.texts().getOrDefault(BATCHES, "");
        String now = batches();
        if (at.batch > 0 && !before.isEmpty() && !now.isEmpty() && !before.equals(now)) {
            throw new IllegalArgumentException("train: the run in " + file() + " is in epoch " + at.epoch
                    + ", which had " + before + " batches and now has " + now
                    + "; it goes on with the batches that it began with, or choose another folder and take the weights"
                    + " alone: Snapshot.read(file).load(model)");
        }
    }

    /** How many the epoch has; nothing if that is not known. */
    private String batches() {
        OptionalInt size = settings.batches.size(at.epoch);
        return size.isPresent() ? Integer.toString(size.getAsInt()) : "";
    }

    private void restoreCarried(Snapshot snapshot) {
        Map<String, NDArray> kept = under(CARRIED, snapshot.arrays());
        List<NDArray> now = steps.carried();
        List<NDArray> carried = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            NDArray each = kept.get(Integer.toString(i));
            if (each != null
                    && each.shape().equals(now.get(i).shape())
                    && each.dtype() == now.get(i).dtype()) {
                carried.add(each);
            }
        }
        if (carried.size() != now.size() || kept.size() != now.size()) {
            throw new IllegalArgumentException("train: the run in " + file() + " carries the state "
                    + described(kept.values()) + " from batch to batch, and this one " + described(now)
                    + "; go on with a state of the same shapes and types, or choose another folder");
        }
        steps.carry(carried);
    }

    private static List<String> described(Collection<NDArray> arrays) {
        return arrays.stream().map(each -> each.shape() + " " + each.dtype()).toList();
    }

    private static Map<String, NDArray> under(String start, Map<String, NDArray> arrays) {
        Map<String, NDArray> under = new TreeMap<>();
        arrays.forEach((name, array) -> {
            if (name.startsWith(start)) {
                under.put(name.substring(start.length()), array);
            }
        });
        return under;
    }

    /** Where the disk fails on the way, training goes on: it is told, and tried again later. */
    void writeIfItIsTime() {
        if (System.nanoTime() - written < keeping.interval().toNanos()) {
            return;
        }
        try {
            write();
        } catch (UncheckedIOException error) {
            written = System.nanoTime();
            LOG.log(Level.WARNING, error.getMessage() + ", and training goes on", error);
        }
    }

    /** Where the disk fails at the end of training, it has ended all the same, and whoever trained has the weights. */
    void writeAtTheEnd() {
        try {
            write();
        } catch (UncheckedIOException error) {
            LOG.log(Level.ERROR, error.getMessage() + "; the weights are in the model and in best()", error);
        }
    }

    void write() {
        try {
            snapshot().write(file());
        } catch (IOException error) {
            throw new UncheckedIOException(
                    "train: the run cannot be kept in " + file() + ": " + error.getMessage()
                            + (Files.exists(file()) ? "; what was there is whole" : ""),
                    error);
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
        for (Map.Entry<String, String> each : ReportText.of(at.judged).entrySet()) {
            snapshot = snapshot.with(each.getKey(), each.getValue());
        }
        return snapshot.with("trainer.key", Long.toString(settings.key.bits()))
                .with("trainer.step", Long.toString(at.step))
                .with(BATCHES, batches())
                .with(OPTIMIZER, settings.optimizer.settings())
                .with("trainer.epoch", Integer.toString(at.epoch))
                .with("trainer.batch", Integer.toString(at.batch))
                .with("trainer.skipped", Integer.toString(at.skipped))
                .with("trainer.losses", Double.toString(at.losses))
                .with("trainer.counted", Integer.toString(at.counted))
                .with("trainer.best", Double.toString(best.value()))
                .with("trainer.epochsSinceBest", Integer.toString(best.epochsSince()));
    }
}
