package dev.clew.nn.loss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses, and what they are made of, with their first and second derivatives, against exact ones. */
final class ExactLossesTest {
    /** In units in the last place of the exact number, or of the largest addend of a sum with a zero. */
    private static final double BOUND = 8;

    private static final int CLASSES = 3;

    /** Of three scores: the value, a gradient, and half of a symmetric matrix. */
    private static final int OF_ROWS = 1 + CLASSES + CLASSES * (CLASSES + 1) / 2;

    /** The points of one loss and type: inputs, then the value and the derivatives. */
    record Table(String loss, DType type, List<List<String>> points) {
        @Override
        public String toString() {
            return loss + " " + type;
        }

        /** Of two numbers, and not of scores: value, ∂x, ∂t, ∂xx, ∂xt and ∂tt. */
        boolean isElementwise() {
            return points.getFirst().size() == 8;
        }

        double number(int point, int column) {
            return Double.parseDouble(points.get(point).get(column));
        }

        /** Some columns of all points. Shapes: (points, columns). */
        NDArray columns(int from, int to) {
            double[] numbers = new double[points.size() * (to - from)];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = number(i / (to - from), from + i % (to - from));
            }
            return NDArray.of(Shape.of(points.size(), to - from), numbers).cast(type);
        }

        int inputs() {
            return points.getFirst().size() - (isElementwise() ? 6 : OF_ROWS);
        }
    }

    static List<Table> tables() throws IOException {
        List<Table> tables = new ArrayList<>();
        for (String line :
                Resources.readLines(Resources.getResource(ExactLossesTest.class, "exact-losses.txt"), UTF_8)) {
            List<String> words = Splitter.on(' ').splitToList(line);
            if (words.size() == 2) {
                DType type = DType.valueOf(words.get(1).toUpperCase(Locale.ROOT));
                tables.add(new Table(words.get(0), type, new ArrayList<>()));
            } else if (!line.startsWith("#")) {
                tables.getLast().points.add(words);
            }
        }
        return tables;
    }

    @ParameterizedTest
    @MethodSource("tables")
    void valuesAndDerivativesStayWithinTheBound(Table table) {
        List<double[]> found = table.isElementwise() ? ofNumbers(table) : ofRows(table);
        for (int point = 0; point < table.points.size(); point++) {
            double bound = BOUND + (table.isElementwise() ? 0 : distance(table, point));
            for (int column = 0; column < found.size(); column++) {
                List<String> exact =
                        Splitter.on('~').splitToList(table.points.get(point).get(table.inputs() + column));
                assertThat(error(table.type, found.get(column)[point], exact))
                        .as(
                                "%s of %s, number %d is %s",
                                table, table.points.get(point), column, found.get(column)[point])
                        .isLessThanOrEqualTo(bound);
            }
        }
    }

    /** How far the scores are apart: so many units the exponential of their rounded difference may be off. */
    private static double distance(Table table, int point) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < CLASSES; i++) {
            least = Math.min(least, table.number(point, i));
            most = Math.max(most, table.number(point, i));
        }
        return most - least;
    }

    private static double error(DType type, double found, List<String> exact) {
        double largest = Double.parseDouble(exact.getLast());
        double unit = type == DType.F32 ? Math.ulp((float) largest) : Math.ulp(largest);
        double error = Math.abs(found - Double.parseDouble(exact.getFirst())) / unit;
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    private static List<double[]> ofNumbers(Table table) {
        Parameter x = Parameter.of(table.columns(0, 1));
        Parameter t = Parameter.of(table.columns(1, 2));
        Tensor y = ofNumbers(table.loss, x, t);
        Gradients first = Gradients.of(y.sum());
        Gradients ofX = Gradients.of(first.wrt(x).sum());
        Gradients ofT = Gradients.of(first.wrt(t).sum());
        return numbers(y, first.wrt(x), first.wrt(t), ofX.wrt(x), ofX.wrt(t), ofT.wrt(t));
    }

    private static List<double[]> numbers(Tensor... tensors) {
        return List.of(tensors).stream().map(each -> each.value().toDoubles()).toList();
    }

    private static Tensor ofNumbers(String loss, Tensor x, Tensor t) {
        return switch (loss) {
            case "binaryCrossEntropyWithLogits" -> Losses.binaryCrossEntropyWithLogits(x, t, Reduce.NONE);
            case "binaryCrossEntropy" -> Losses.binaryCrossEntropy(x, t, Reduce.NONE);
            case "klDivergence" -> Losses.klDivergence(x, t, Reduce.NONE);
            case "hinge" -> Losses.hinge(x, t, Reduce.NONE);
            case "squaredError" -> Losses.squaredError(x, t, Reduce.NONE);
            case "absoluteError" -> Losses.absoluteError(x, t, Reduce.NONE);
            case "huber" -> Losses.huber(x, t, 0.75, Reduce.NONE);
            case "smoothL1" -> Losses.smoothL1(x, t, 0.75, Reduce.NONE);
            default -> throw new IllegalArgumentException(loss);
        };
    }

    private static List<double[]> ofRows(Table table) {
        Parameter x = Parameter.of(table.columns(0, CLASSES));
        Tensor y = ofRows(table.loss, x, table.columns(CLASSES, table.inputs()));
        Tensor gradient = Gradients.of(y.sum()).wrt(x);
        List<Tensor> all = new ArrayList<>(List.of(y));
        for (int i = 0; i < CLASSES; i++) {
            all.add(gradient.transpose().get(i));
        }
        for (int i = 0; i < CLASSES; i++) {
            Tensor second = Gradients.of(gradient.transpose().get(i).sum()).wrt(x);
            for (int j = i; j < CLASSES; j++) {
                all.add(second.transpose().get(j));
            }
        }
        return numbers(all.toArray(Tensor[]::new));
    }

    private static Tensor ofRows(String loss, Tensor x, NDArray given) {
        CrossEntropy options = CrossEntropy.create().withReduce(Reduce.NONE);
        return switch (loss) {
            case "labels" -> options.of(x, labels(given));
            case "smoothed" -> options.withSmoothing(0.25).of(x, labels(given));
            case "probabilities" -> options.of(x, Tensor.of(given));
            case "logSumExp" -> x.logSumExp(1);
            case "logSoftmax" -> x.logSoftmax(1).pick(labels(given));
            case "softmax" -> x.softmax(1).pick(labels(given));
            default -> throw new IllegalArgumentException(loss);
        };
    }

    private static Tensor labels(NDArray given) {
        return Tensor.of(given.reshape(Shape.of(given.shape().length(0))).cast(DType.I32));
    }
}
