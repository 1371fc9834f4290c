package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.exact.Derivatives;
import dev.clew.exact.ExactFunction;
import dev.clew.exact.ExactFunctions;
import dev.clew.exact.Points;
import dev.clew.exact.Real;
import dev.clew.exact.Rounded;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lines of {@code exact-derivatives.txt}, of points that are kept there or drawn. */
final class ExactDerivatives {
    static final String FILE = "exact-derivatives.txt";

    private static final String TITLE = """
            # function and type; then a point in every line: inputs, then the derivatives, exact and rounded to the type: y' and
            # y'' of one input; ∂a, ∂b, ∂aa, ∂ab and ∂bb of two. Of a sum with a zero, the largest addend stands after ~, if it is
            # larger. Computed from differences of hundreds of bits. Points where an exponential in a derivative is subnormal are left out.
            """;

    private static final int BITS = 70;
    private static final long SEED = 1;
    /** Points of a new function. */
    private static final int COUNT = 40;

    private ExactDerivatives() {}

    /** The whole file, with the points of the tables, and of functions that have none. */
    static String text(List<ExactTable> kept, List<String> functions) {
        StringBuilder text = new StringBuilder(TITLE);
        for (ExactTable table : kept) {
            text.append(text(table.function(), table.type(), lines(table)));
        }
        for (String function : functions) {
            for (DType type : List.of(DType.F64, DType.F32)) {
                text.append(text(function, type, drawn(function, type, SEED, COUNT)));
            }
        }
        return text.toString();
    }

    private static String text(String function, DType type, List<String> lines) {
        return function + " " + type.name().toLowerCase(Locale.ROOT) + "\n" + String.join("\n", lines) + "\n";
    }

    /** Every line of a table, computed anew. */
    static List<String> lines(ExactTable table) {
        return IntStream.range(0, table.rows().size())
                .mapToObj(i -> line(table, i))
                .toList();
    }

    static String line(ExactTable table, int i) {
        int inputs = exact(table.function()).inputs();
        double[] x = table.rows().get(i).stream()
                .limit(inputs)
                .mapToDouble(Double::parseDouble)
                .toArray();
        return line(table.function(), table.type(), x);
    }

    private static String line(String function, DType type, double... x) {
        List<Real> derivatives = Derivatives.of(exact(function), BITS, x);
        List<Real> addends = Derivatives.addends(function, derivatives, x);
        Stream<String> numbers = IntStream.range(0, derivatives.size())
                .mapToObj(i -> number(
                        Rounded.of(derivatives.get(i), type).nearest(),
                        Rounded.of(addends.get(i), type).nearest()));
        return Stream.concat(Arrays.stream(x).mapToObj(Double::toHexString), numbers)
                .collect(Collectors.joining(" "));
    }

    private static String number(double exact, double addend) {
        // Not −0, since nothing is known of its sign.
        return Double.toHexString(exact + 0.0) + (addend > Math.abs(exact) ? "~" + Double.toHexString(addend) : "");
    }

    /** Lines of points that are drawn, where the inputs and all derivatives are well within the range of the type. */
    static List<String> drawn(String function, DType type, long seed, int count) {
        Points points = new Points(seed, type);
        ExactFunction exact = exact(function);
        return Stream.generate(() -> points.of(exact.inputs()))
                .filter(x -> Derivatives.exist(exact, x) && isOrdinary(exact, type, x) && hasRoom(function, type, x[0]))
                .map(x -> line(function, type, x))
                .filter(line ->
                        Stream.of(line.split("[ ~]")).allMatch(number -> isOrdinary(type, Double.parseDouble(number))))
                .limit(count)
                .toList();
    }

    /** Whether eᵃ, which is on the way to the derivatives of nats, is a number of the type. */
    private static boolean hasRoom(String function, DType type, double a) {
        return !function.equals("nats") || Math.abs(a) < (type == DType.F32 ? 80 : 700);
    }

    private static boolean isOrdinary(ExactFunction exact, DType type, double... x) {
        return Arrays.stream(x).allMatch(number -> isOrdinary(type, number))
                && isOrdinary(type, Rounded.of(exact.at(BITS, x), type).nearest());
    }

    private static boolean isOrdinary(DType type, double number) {
        return number == 0 || Math.abs(Math.getExponent(number)) < (type == DType.F32 ? 60 : 500);
    }

    private static ExactFunction exact(String function) {
        return ExactFunctions.of(function)
                .orElseThrow(() -> new IllegalStateException(function
                        + " needs a line in dev.clew.exact.ExactFunctions before its derivatives can be computed"));
    }
}
