package dev.clew.examples.benchmark;

import dev.clew.array.DType;
import dev.clew.examples.Progress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Matrix products alone, on one core, of the shapes that recurrent networks have. The products take turns in one run, and so does
 * what they are compared with: chains of fused multiply-adds, and for a vector times a matrix the reading of as many bytes.
 *
 * <p>Times are the mean of the fastest tenth. A product is timed with its right operand packed, as it is for every step of a loop but
 * the first; the rate with packing is that of a product whose right operand is used once.
 */
@Command(
        name = "products",
        mixinStandardHelpOptions = true,
        description = "Times matrix products, and what part of the core's peak they come to.")
public final class ProductBenchmark implements Callable<Integer> {
    private static final double BLOCK = 0.02e9;

    private static final List<ProductCase> CASES = List.of(
            ProductCase.of(DType.F32, 32, 256, 256),
            ProductCase.of(DType.F32, 16, 256, 256),
            ProductCase.of(DType.F32, 64, 512, 2048),
            ProductCase.ofTransposedRight(DType.F32, 64, 2048, 512),
            ProductCase.of(DType.F32, 2048, 65, 256),
            ProductCase.of(DType.F32, 2048, 256, 256),
            ProductCase.ofTransposedLeft(DType.F32, 256, 2048, 256),
            ProductCase.of(DType.F32, 1, 128, 128),
            ProductCase.of(DType.F64, 1, 128, 128),
            ProductCase.of(DType.F64, 26, 128, 128));

    private final Map<DType, Double> peaks = new EnumMap<>(DType.class);

    @Option(names = "--seconds", description = "for every product; default: ${DEFAULT-VALUE}", defaultValue = "2")
    private double seconds;

    @Option(
            names = "--warm-up",
            description = "seconds that are not counted; default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private double warmUp;

    @Option(names = "--markdown", description = "print the table as Markdown")
    private boolean markdown;

    private ProductBenchmark() {}

    /** The benchmark. */
    public static void main(String[] args) {
        Choice.run(new ProductBenchmark(), args);
    }

    /** A product and its times: with the right operand packed, of packing it, and of reading it. */
    private record Turn(ProductOperands operands, Lot running, Lot packing, Lot reading) {
        static Turn of(ProductCase shape) {
            return new Turn(new ProductOperands(shape), new Lot(), new Lot(), new Lot());
        }

        void block(double nanoseconds) {
            take(nanoseconds, running, operands::run);
            if (operands.packedBytes() > 0) {
                take(nanoseconds / 4, packing, operands::pack);
            }
            if (operands.shape().isVector()) {
                take(nanoseconds / 2, reading, operands::read);
            }
        }

        /** Something many times; short calls are timed together. */
        private void take(double nanoseconds, Lot times, Runnable call) {
            int calls = (int) Math.clamp(1e6 / operands.shape().flops(), 1, 100);
            long start = System.nanoTime();
            long before = start;
            do {
                for (int i = 0; i < calls; i++) {
                    call.run();
                }
                long now = System.nanoTime();
                times.add((now - before) / 1e6 / calls);
                before = now;
            } while (before - start < nanoseconds);
        }
    }

    @Override
    public Integer call() {
        CASES.forEach(shape -> Turn.of(shape).block(warmUp * 1e9));
        List<Turn> turns = new ArrayList<>();
        CASES.forEach(shape -> turns.add(Turn.of(shape)));
        int rounds = (int) Math.ceil(seconds * 1e9 / BLOCK);
        try (Progress progress = new Progress("products", rounds)) {
            for (int round = 0; round < rounds; round++) {
                turns.forEach(turn -> turn.block(BLOCK));
                for (DType type : List.of(DType.F32, DType.F64)) {
                    peaks.merge(type, FmaPeak.gigaflops(type), Math::max);
                }
                progress.step(() -> "");
            }
        }
        Table table = new Table(
                "product",
                "type",
                "operands kB",
                "us",
                "median us",
                "GFLOP/s",
                "of peak",
                "with packing",
                "GB/s",
                "of reading");
        turns.forEach(turn -> report(turn, table));
        System.out.println(markdown ? table.markdown() : table.text());
        System.out.println();
        peaks.forEach((type, peak) -> System.out.println(
                "Peak of one core, in fused multiply-adds: " + type + " " + rounded(peak) + " GFLOP/s"));
        return 0;
    }

    private void report(Turn turn, Table table) {
        ProductOperands operands = turn.operands();
        ProductCase shape = operands.shape();
        double best = turn.running().bestTenth();
        double rate = shape.flops() / best / 1e6;
        double packing = turn.packing().size() > 0 ? turn.packing().bestTenth() : 0;
        table.row(
                shape.name(),
                shape.type().toString(),
                Long.toString(operands.bytes() / 1024),
                String.format(Locale.ROOT, "%.2f", 1000 * best),
                String.format(Locale.ROOT, "%.2f", 1000 * turn.running().median()),
                rounded(rate),
                percent(rate / peaks.getOrDefault(shape.type(), Double.NaN)),
                rounded(shape.flops() / (best + packing) / 1e6),
                shape.isVector() ? rounded(shape.rightBytes() / best / 1e6) : "",
                shape.isVector() ? percent(turn.reading().bestTenth() / best) : "");
    }

    private static String rounded(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * part);
    }
}
