package dev.clew.internal.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whether differences could come from a term of which something else was made, whatever that was: d = f(x) − x at every step.
 *
 * <p>Of an unknown f one of these is supposed: a factor for each step, a factor for each element, a matrix that mixes the units or
 * the rows, as one that is transposed, rotated or cut does, or a factor that depends on a value which the term reads or on the term
 * itself, as a power or a limit does. Each difference is foretold from all the others: what only fits because it has many numbers to
 * choose foretells nothing.
 */
final class Alterations {
    private static final double MOST_PRODUCTS = 3e8;
    private static final double INDEPENDENT = 1e-9;

    private final List<Step> steps;
    private final int width;
    private final double[][] differences;
    private final double[][] terms;

    /**
     * One step at which a quantity differs.
     *
     * @param difference yours less what the formula gives
     * @param term what the addend is in the formula
     * @param reads values of the same shape that the addend is made of
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Step(double[] difference, double[] term, List<double[]> reads) {}

    /**
     * Of the steps at which a quantity differs, where the same addend is present.
     *
     * @param width how many units a row has
     */
    Alterations(List<Step> steps, int width) {
        this.steps = steps;
        this.width = width;
        this.differences = new double[steps.size()][];
        this.terms = new double[steps.size()][];
        for (int t = 0; t < differences.length; t++) {
            double size = size(steps.get(t).difference());
            differences[t] = scaled(steps.get(t).difference(), size);
            terms[t] = scaled(steps.get(t).term(), size);
        }
    }

    /** How much of the differences the best supposition leaves, on the average of all steps: 0 if all is foretold, at most 1. */
    double left() {
        if (differences.length == 0) {
            return 1;
        }
        Stream<double[][]> residuals = Stream.of(byStep(), byElement(), mixed(false), mixed(true));
        return Stream.concat(residuals, values().map(this::byValue))
                .mapToDouble(Alterations::left)
                .min()
                .orElse(1);
    }

    /** What a factor may depend on: the term, its size, or what it reads. */
    private Stream<Function<Step, double[]>> values() {
        int reads = steps.stream().mapToInt(step -> step.reads().size()).min().orElse(0);
        return Stream.concat(
                Stream.of(
                        Step::term,
                        step -> Arrays.stream(step.term()).map(Math::abs).toArray()),
                IntStream.range(0, reads).mapToObj(i -> step -> step.reads().get(i)));
    }

    private static double left(double[][] residuals) {
        double sum = 0;
        for (double[] each : residuals) {
            double size = size(each);
            sum += size <= 1 ? size : 1;
        }
        return sum / residuals.length;
    }

    private double[][] byStep() {
        double[][] residuals = new double[differences.length][];
        for (int t = 0; t < residuals.length; t++) {
            residuals[t] = column(unforetold(columns(terms[t]), columns(differences[t])));
        }
        return residuals;
    }

    private double[][] byElement() {
        double[][] residuals = new double[differences.length][differences[0].length];
        for (int i = 0; i < residuals[0].length; i++) {
            double[] own = column(unforetold(columns(over(terms, i)), columns(over(differences, i))));
            for (int t = 0; t < own.length; t++) {
                residuals[t][i] = own[t];
            }
        }
        return residuals;
    }

    /** One matrix for all steps: on the right of the rows, or, transposed, on the left of the columns. */
    private double[][] mixed(boolean isTransposed) {
        int height = differences[0].length / width;
        double[][] design = isTransposed ? lines(terms, height, 1, width) : lines(terms, width, width, 1);
        double[][] answers = isTransposed ? lines(differences, height, 1, width) : lines(differences, width, width, 1);
        double products = (double) design.length * design[0].length * design[0].length;
        boolean isDecidable = design.length > design[0].length && products < MOST_PRODUCTS;
        return isDecidable ? joined(unforetold(design, answers), differences.length) : differences;
    }

    /** All rows, or columns, of all steps: so many numbers each, at these distances from line to line and within a line. */
    private static double[][] lines(double[][] numbers, int length, int next, int apart) {
        int each = numbers[0].length / length;
        double[][] lines = new double[numbers.length * each][length];
        for (int k = 0; k < lines.length; k++) {
            for (int j = 0; j < length; j++) {
                lines[k][j] = numbers[k / each][k % each * next + j * apart];
            }
        }
        return lines;
    }

    /** The lines of each step one after the other. */
    private static double[][] joined(double[][] lines, int steps) {
        int each = lines.length / steps;
        return IntStream.range(0, steps)
                .mapToObj(t -> Arrays.stream(lines, t * each, (t + 1) * each)
                        .flatMapToDouble(Arrays::stream)
                        .toArray())
                .toArray(double[][]::new);
    }

    /** Each ratio of a difference and the term is taken from those at the next smaller and the next larger value. */
    private double[][] byValue(Function<Step, double[]> value) {
        record Point(int step, int element, double value, double ratio) {}
        List<Point> points = new ArrayList<>();
        double[][] residuals = new double[differences.length][];
        for (int t = 0; t < residuals.length; t++) {
            residuals[t] = differences[t].clone();
            double[] values = value.apply(steps.get(t));
            for (int i = 0; i < values.length; i++) {
                if (terms[t][i] != 0) {
                    points.add(new Point(t, i, values[i], differences[t][i] / terms[t][i]));
                }
            }
        }
        points.sort(Comparator.comparingDouble(Point::value));
        for (int k = 1; k + 1 < points.size(); k++) {
            Point at = points.get(k);
            Point below = points.get(k - 1);
            Point above = points.get(k + 1);
            double apart = above.value() - below.value();
            double part = apart == 0 ? 0.5 : (at.value() - below.value()) / apart;
            double ratio = below.ratio() + part * (above.ratio() - below.ratio());
            residuals[at.step()][at.element()] -= ratio * terms[at.step()][at.element()];
        }
        return residuals;
    }

    /**
     * What the design does not foretell of the answers, each row by least squares from all others: e_i / (1 − q_i·q_iᵀ) for the residuals
     * e of all, where the columns of q are an orthonormal basis of those of the design.
     */
    static double[][] unforetold(double[][] design, double[][] answers) {
        double[][] basis = basis(design);
        double[][] left = Arrays.stream(answers).map(double[]::clone).toArray(double[][]::new);
        double[] weight = new double[left.length];
        for (double[] direction : basis) {
            for (int j = 0; j < left[0].length; j++) {
                int column = j;
                double along = IntStream.range(0, left.length)
                        .mapToDouble(i -> direction[i] * left[i][column])
                        .sum();
                for (int i = 0; i < left.length; i++) {
                    left[i][j] -= along * direction[i];
                }
            }
            for (int i = 0; i < weight.length; i++) {
                weight[i] += direction[i] * direction[i];
            }
        }
        for (int i = 0; i < left.length; i++) {
            double others = 1 - weight[i];
            left[i] = others > INDEPENDENT ? scaled(left[i], others) : answers[i];
        }
        return left;
    }

    /** Orthonormal vectors that span the columns of a matrix. */
    private static double[][] basis(double[][] matrix) {
        List<double[]> basis = new ArrayList<>();
        for (int j = 0; j < matrix[0].length; j++) {
            double[] rest = over(matrix, j);
            double before = norm(rest);
            // Twice, since what is left of nearly dependent columns is not orthogonal to the last digit.
            for (int pass = 0; pass < 2; pass++) {
                for (double[] direction : basis) {
                    double along = dot(direction, rest);
                    for (int i = 0; i < rest.length; i++) {
                        rest[i] -= along * direction[i];
                    }
                }
            }
            double after = norm(rest);
            if (after > INDEPENDENT * before) {
                basis.add(scaled(rest, after));
            }
        }
        return basis.toArray(double[][]::new);
    }

    private static double[][] columns(double[] numbers) {
        return Arrays.stream(numbers).mapToObj(each -> new double[] {each}).toArray(double[][]::new);
    }

    private static double[] column(double[][] numbers) {
        return over(numbers, 0);
    }

    private static double[] over(double[][] rows, int column) {
        return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
    }

    private static double[] scaled(double[] numbers, double divisor) {
        return Arrays.stream(numbers).map(each -> each / divisor).toArray();
    }

    private static double size(double[] numbers) {
        return Arrays.stream(numbers).map(Math::abs).sum();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] numbers) {
        return Math.sqrt(dot(numbers, numbers));
    }
}
