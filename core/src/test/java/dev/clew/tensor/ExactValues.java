package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.exact.ExactFunction;
import dev.clew.exact.ExactFunctions;
import dev.clew.exact.Points;
import dev.clew.exact.Rounded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes {@code exact-values.txt}: at the points that are kept there, and for a function that is new at points that are drawn. */
final class ExactValues {
    static final String FILE = "exact-values.txt";

    private static final String TITLE = """
            # function and type; then a point in every line: inputs, the exact value rounded to the type, and what that
            # rounding left, in thousandths of a unit in the last place. Computed with at least 250 bits.
            """;

    private static final int BITS = 250;
    private static final long SEED = 1;
    /** Of a new function, how many points are kept as they come, and how many of the worst among how many more. */
    private static final int FIRST = 40;

    private static final int WORST = 40;
    private static final int AMONG = 25_000;

    private ExactValues() {}

    /** The whole file. */
    static String text(List<String> functions) throws IOException {
        List<ExactTable> kept = ExactTable.read(FILE);
        StringBuilder text = new StringBuilder(TITLE);
        for (ExactTable table : kept) {
            List<double[]> points = IntStream.range(0, table.rows().size())
                    .mapToObj(i -> IntStream.range(0, table.columns() - 2)
                            .mapToDouble(column -> table.column(column)[i])
                            .toArray())
                    .toList();
            append(text, table.function(), table.type(), points);
        }
        for (String function : functions) {
            if (kept.stream().noneMatch(table -> table.function().equals(function))) {
                append(text, function, DType.F64, drawn(function, DType.F64));
                append(text, function, DType.F32, drawn(function, DType.F32));
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String function, DType type, List<double[]> points) {
        text.append(function)
                .append(' ')
                .append(type.name().toLowerCase(Locale.ROOT))
                .append('\n');
        for (double[] x : points) {
            Rounded exact = Rounded.of(exact(function).at(BITS, x), type);
            String inputs = Arrays.stream(x).mapToObj(Double::toHexString).collect(Collectors.joining(" "));
            text.append(inputs)
                    .append(' ')
                    .append(Double.toHexString(exact.nearest()))
                    .append(' ')
                    .append((int) Math.rint(1000 * exact.rest()))
                    .append('\n');
        }
    }

    private static ExactFunction exact(String function) {
        return ExactFunctions.of(function)
                .orElseThrow(() -> new IllegalStateException(
                        function + " needs a line in dev.clew.exact.ExactFunctions before its values can be computed"));
    }

    private static List<double[]> drawn(String function, DType type) {
        Points points = new Points(SEED, type);
        List<double[]> all = new ArrayList<>();
        while (all.size() < FIRST + AMONG) {
            double[] x = points.of(exact(function).inputs());
            if (exact(function).isDefined(x)) {
                all.add(x);
            }
        }
        List<double[]> more = all.subList(FIRST, all.size());
        double[] errors = errors(function, type, more);
        Stream<double[]> worst = IntStream.range(0, more.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -errors[i]))
                .limit(WORST)
                .map(more::get);
        return Stream.concat(all.subList(0, FIRST).stream(), worst).toList();
    }

    private static double[] errors(String function, DType type, List<double[]> points) {
        List<double[]> columns = IntStream.range(0, exact(function).inputs())
                .mapToObj(i -> points.stream().mapToDouble(x -> x[i]).toArray())
                .toList();
        double[] found = Functions.values(function, type, columns);
        return IntStream.range(0, found.length)
                .mapToDouble(i -> Rounded.of(exact(function).at(BITS, points.get(i)), type)
                        .error(type, found[i]))
                .toArray();
    }
}
