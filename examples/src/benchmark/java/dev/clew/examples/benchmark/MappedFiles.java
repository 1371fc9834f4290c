package dev.clew.examples.benchmark;

import dev.clew.array.NDArray;
import dev.clew.io.Safetensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
 * What it takes to sum a large tensor, f32 and not aligned, of a safetensors file that is in the memory of the system: mapped, or row by
 * row as arrays, beside plain reads of the same bytes, with and without the sum. All take turns in one run.
 */
@Command(
        name = "mapped-files",
        mixinStandardHelpOptions = true,
        description = "Times mapped safetensors beside plain reads of the same bytes.")
public final class MappedFiles implements Callable<Integer> {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ROW = 1 << 20;
    private static final int PIECE = 1 << 12;
    private static final int NUMBERS = ROW / Float.BYTES;

    private final float[] piece = new float[PIECE];

    @Option(
            names = "--megabytes",
            description = "of 2²⁰ bytes, one per row; default: ${DEFAULT-VALUE}",
            defaultValue = "1024")
    private int megabytes;

    @Option(names = "--warm-up", description = "turns that are not counted", defaultValue = "2")
    private int warmUp;

    @Option(names = "--turns", description = "turns that are counted", defaultValue = "9")
    private int turns;

    @Option(names = "--markdown", description = "print the table as Markdown")
    private boolean markdown;

    /** The benchmark. */
    public static void main(String[] args) {
        Choice.run(new MappedFiles(), args);
    }

    /** A way to read it all; what it gives is the sum, where it sums. */
    @FunctionalInterface
    private interface Way {
        double read(Path file) throws IOException;
    }

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("mapped");
        Path file = folder.resolve("large.safetensors");
        try {
            write(file);
            print(times(file));
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
        return 0;
    }

    private Map<String, Lot> times(Path file) throws IOException {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("mapped and summed", each -> mapped(each, true));
        ways.put("mapped and copied, piece by piece", each -> mapped(each, false));
        ways.put("rows read as arrays and summed", this::rows);
        ways.put("its bytes read and summed", each -> plain(each, true));
        ways.put("its bytes read", each -> plain(each, false));
        Map<String, Lot> times = new LinkedHashMap<>();
        for (int turn = 0; turn < warmUp + turns; turn++) {
            for (Map.Entry<String, Way> each : ways.entrySet()) {
                long before = HeapBytes.allocated();
                long start = System.nanoTime();
                double sum = each.getValue().read(file);
                double milliseconds = (System.nanoTime() - start) / 1e6;
                long allocated = HeapBytes.allocated() - before;
                if (sum != 0 && sum != sum()) {
                    throw new IllegalStateException(each.getKey() + ": the sum is " + sum + " and not " + sum());
                }
                if (turn >= warmUp) {
                    Lot lot = times.computeIfAbsent(each.getKey(), _ -> new Lot());
                    lot.add(milliseconds);
                    lot.allocated((double) allocated);
                }
            }
        }
        return times;
    }

    // ------------------------------------------------------------------------------------------------------- the file

    /** Every row holds 0, 1, 2, ..., of which all sums are exact. The header has an odd length, so that no number is aligned. */
    private void write(Path file) throws IOException {
        String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[" + megabytes + "," + NUMBERS + "],\"data_offsets\":[0,"
                + (long) megabytes * ROW + "]}}";
        byte[] json = (header + " ".repeat(1 + header.length() % 2)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer row = ByteBuffer.allocate(ROW).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < NUMBERS; i++) {
            row.putFloat(i);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeAll(
                    channel,
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length));
            writeAll(channel, ByteBuffer.allocate(json.length).put(json));
            for (int i = 0; i < megabytes; i++) {
                writeAll(channel, row);
            }
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        bytes.flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private double sum() {
        return megabytes * (NUMBERS * (NUMBERS - 1.0) / 2);
    }

    // ------------------------------------------------------------------------------------------------------- the ways

    private double mapped(Path file, boolean isSummed) throws IOException {
        try (Safetensors open = Safetensors.open(file)) {
            MemorySegment all = open.map("x");
            double sum = 0;
            for (long i = 0; i < megabytes; i++) {
                sum += sum(all.asSlice(i * ROW, ROW), isSummed);
            }
            return sum;
        }
    }

    private double rows(Path file) throws IOException {
        try (Safetensors open = Safetensors.open(file)) {
            double sum = 0;
            for (long i = 0; i < megabytes; i++) {
                NDArray row = open.readRows("x", i, i + 1);
                sum += sum(row.asMemorySegment(), true);
            }
            return sum;
        }
    }

    private double plain(Path file, boolean isSummed) throws IOException {
        ByteBuffer row = ByteBuffer.allocateDirect(ROW);
        double sum = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long at = channel.size() - (long) megabytes * ROW;
            for (int i = 0; i < megabytes; i++) {
                row.clear();
                while (row.hasRemaining()) {
                    at += channel.read(row, at);
                }
                if (isSummed) {
                    sum += sum(MemorySegment.ofBuffer(row.flip()), true);
                }
            }
        }
        return sum;
    }

    /** Piece by piece through an array that stays in the cache; in four parts, so that an addition need not wait for the one before. */
    private double sum(MemorySegment row, boolean isSummed) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int from = 0; from < NUMBERS; from += PIECE) {
            MemorySegment.copy(row, F32, (long) from * Float.BYTES, piece, 0, PIECE);
            for (int i = 0; isSummed && i < PIECE; i += 4) {
                a += piece[i];
                b += piece[i + 1];
                c += piece[i + 2];
                d += piece[i + 3];
            }
        }
        return a + b + (c + d);
    }

    private void print(Map<String, Lot> times) {
        Table table = new Table("way", "MB", "best ms", "median ms", "heap allocated, MB");
        times.forEach((way, lot) -> table.row(
                way,
                Integer.toString(megabytes),
                rounded("%.0f", lot.bestTenth()),
                rounded("%.0f", lot.median()),
                rounded("%.2f", lot.bytes() / (1 << 20))));
        System.out.println(markdown ? table.markdown() : table.text());
    }

    private static String rounded(String format, double number) {
        return String.format(Locale.ROOT, format, number);
    }
}
