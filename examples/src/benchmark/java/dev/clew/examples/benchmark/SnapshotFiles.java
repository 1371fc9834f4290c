package dev.clew.examples.benchmark;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.training.Snapshot;
import dev.clew.tensor.Parameter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What it takes to write and to read a snapshot, beside a plain copy of the same file: its bytes read, written to another file and
 * forced to the disk, and nothing else. All take turns on one disk.
 */
@Command(
        name = "snapshot-files",
        mixinStandardHelpOptions = true,
        description = "Times snapshots beside plain copies of the same bytes.")
public final class SnapshotFiles implements Callable<Integer> {
    private static final int PARAMETERS = 10;

    @Option(names = "--megabytes", description = "of parameters, f32; default: ${DEFAULT-VALUE}", defaultValue = "100")
    private int megabytes;

    @Option(names = "--warm-up", description = "turns that are not counted", defaultValue = "3")
    private int warmUp;

    @Option(names = "--turns", description = "turns that are counted", defaultValue = "9")
    private int turns;

    @Option(names = "--markdown", description = "print the table as Markdown")
    private boolean markdown;

    /** The benchmark. */
    public static void main(String[] args) {
        Choice.run(new SnapshotFiles(), args);
    }

    /** What can fail as files do. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("snapshots");
        Path file = folder.resolve("snapshot.safetensors");
        Path copy = folder.resolve("copy");
        Map<String, Parameter> model = model();
        Map<String, Work> works = new LinkedHashMap<>();
        works.put("taken and written", () -> Snapshot.of(model).write(file));
        works.put("copied", () -> copy(file, copy));
        works.put("read and loaded", () -> Snapshot.read(file).load(model));
        works.put("its bytes read", () -> bytes(file));
        Map<String, Lot> times = new LinkedHashMap<>();
        try {
            for (int turn = 0; turn < warmUp + turns; turn++) {
                for (Map.Entry<String, Work> each : works.entrySet()) {
                    double milliseconds = time(each.getValue());
                    if (turn >= warmUp) {
                        times.computeIfAbsent(each.getKey(), _ -> new Lot()).add(milliseconds);
                    }
                }
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(copy);
            Files.deleteIfExists(folder);
        }
        print(times);
        return 0;
    }

    private Map<String, Parameter> model() {
        Map<String, Parameter> model = new LinkedHashMap<>();
        for (int i = 0; i < PARAMETERS; i++) {
            Shape shape = Shape.of(megabytes, 1_000_000 / PARAMETERS / DType.F32.bytes());
            model.put("w" + i, Parameter.of(RandomKey.of(i).uniform(-1, 1, DType.F32, shape)));
        }
        return model;
    }

    private static double time(Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static void copy(Path file, Path copy) throws IOException {
        ByteBuffer bytes = bytes(file);
        try (FileChannel to = FileChannel.open(
                copy, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
            to.force(true);
        }
    }

    private static ByteBuffer bytes(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }

    private void print(Map<String, Lot> times) {
        Table table = new Table("file", "MB", "best ms", "median ms", "MB/s");
        times.forEach((what, lot) -> table.row(
                what,
                Integer.toString(megabytes),
                rounded(lot.bestTenth()),
                rounded(lot.median()),
                rounded(1000 * megabytes / lot.median())));
        System.out.println(markdown ? table.markdown() : table.text());
    }

    private static String rounded(double number) {
        return String.format(Locale.ROOT, "%.0f", number);
    }
}
