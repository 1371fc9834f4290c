package dev.clew.examples.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.Dropout;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is printed of whatever a user holds is worth reading. */
final class TextTest {
    @Test
    void everyPublicTypeThatHasInstancesSaysWhatItIs() throws NoSuchMethodException {
        Set<String> silent = new TreeSet<>();
        for (Class<?> type : PublicApi.types()) {
            boolean hasInstances = !type.isInterface()
                    && Arrays.stream(type.getMethods())
                            .anyMatch(method -> method.getDeclaringClass() != Object.class
                                    && !Modifier.isStatic(method.getModifiers()));
            if (hasInstances && type.getMethod("toString").getDeclaringClass() == Object.class) {
                silent.add(type.getName());
            }
        }
        assertThat(silent).as("types without a toString of their own").isEmpty();
    }

    @Test
    void nothingPrintsAsAnAddress() {
        Set<String> silent = new TreeSet<>();
        for (Object each : new Samples().all()) {
            if (each.toString().matches("(?s).*(@[0-9a-f]{4,}|Lambda/0x).*")
                    || each.toString().isBlank()) {
                silent.add(each.getClass() + ": " + each);
            }
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void layersLossesAndInitializersSayWhatTheyAre() {
        Parameter weight = Parameter.of(new double[][] {{1}, {2}});
        Parameter bias = Parameter.of(new double[] {3});
        assertThat(new Linear(weight, bias))
                .hasToString("Linear[weight=parameter (2, 1) f64 [[1.0], [2.0]], bias=parameter (1) f64 [3.0]]");
        assertThat(new RnnCell(weight, Parameter.of(new double[][] {{4}}), bias))
                .hasToString(
                        "RnnCell[wx=parameter (2, 1) f64 [[1.0], [2.0]], wh=parameter (1, 1) f64 [[4.0]],"
                                + " b=parameter (1) f64 [3.0], activation=TANH, inner=Optional.empty, clip=OptionalDouble.empty]");
        assertThat(new Dropout(0.5)).hasToString("Dropout[rate=0.5]");
        assertThat(CrossEntropy.create().withIgnored(-100))
                .hasToString(
                        "CrossEntropy[reduce=MEAN, smoothing=0.0, weights=Optional.empty, ignored=OptionalInt[-100]]");
        assertThat(List.of(
                        Initializer.zeros(),
                        Initializer.uniform(-1, 2),
                        Initializer.normal(0, 2),
                        Initializer.inverseSquareRoot(16),
                        Initializer.xavierUniform(),
                        Initializer.xavierNormal()))
                .hasToString("[zeros, uniform on [-1.0, 2.0), normal with mean 0.0 and standard deviation 2.0,"
                        + " uniform on ±1/√16, uniform on ±√(6/(inputs + outputs)),"
                        + " normal with variance 2/(inputs + outputs)]");
    }

    @Test
    void anOptimizerAndAStepSayWhatTheyTrainAndWhatCameOut() {
        Parameter w = Parameter.of(3.0);
        record Model(Parameter w) {}
        Sgd sgd = Sgd.of(new Model(w), 0.5);
        assertThat(sgd).hasToString("Sgd after 0 steps: w () at 0.5");
        Tensor twice = w.times(2);
        assertThat(sgd.step(w.square(), twice))
                .hasToString("Step: loss 9.0, gradient norm 6.0\n  w (): gradient norm 6.0\n  square () f64 = 9.0\n"
                        + "  times () f64 = 6.0");
        assertThat(sgd).hasToString("Sgd after 1 step: w () at 0.5");
        assertThat(Evaluator.plain()).hasToString("Evaluator that walks the graph, node after node");
    }

    @Test
    void ofManyNumbersAFewAreShownHoweverManyAxesThereAre() {
        for (int rank = 1; rank <= 8; rank++) {
            int[] lengths = new int[rank];
            Arrays.fill(lengths, 11);
            NDArray many = NDArray.full(0.5, DType.F64, Shape.of(lengths));
            assertThat(many.numbers().length()).as("rank " + rank).isLessThan(8000);
            assertThat(many.toString()).startsWith("f64 " + many.shape() + " [");
        }
        assertThat(RandomKey.of(1).permutation(9).numbers())
                .containsPattern("^\\[\\d, \\d, \\d, \\.\\.\\., \\d, \\d, \\d]$");
    }
}
