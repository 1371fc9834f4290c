package dev.clew.examples.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.Sets;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.Unrolled;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaseTest {
    private static final Objective SQUARED = Objective.of(Objective.Kind.SQUARED);

    /** Files by name, as Clew itself would have written them: the case says what it needs. */
    private static Case read(Description model, Map<String, NDArray> weights, Map<String, NDArray> data) {
        Map<String, NDArray> gradients = new LinkedHashMap<>(weights);
        return read(model, weights, data, gradients, Map.of(), Map.of());
    }

    private static Case read(
            Description model,
            Map<String, NDArray> weights,
            Map<String, NDArray> data,
            Map<String, NDArray> gradients,
            Map<String, NDArray> adjoints,
            Map<String, NDArray> activations) {
        return Case.of(
                model,
                new CaseFiles(
                        own("w.npz", weights),
                        own("g.npz", gradients),
                        own("x.npz", data),
                        Optional.of(own("a.npz", adjoints)),
                        Optional.of(own("h.npz", activations)),
                        Optional.empty()));
    }

    private static CaseFiles.Source own(String name, Map<String, NDArray> arrays) {
        return new CaseFiles.Source(new NamedArrays(name, arrays), false);
    }

    private static Unrolled unrolled(Case given) {
        Map<String, Tensor> point = new LinkedHashMap<>();
        given.point().forEach((name, array) -> point.put(name, Tensor.of(array)));
        return given.forward().apply(point);
    }

    /** What a graph comes to, walked: a plan for each of so many structures costs more. */
    private static NDArray value(Tensor tensor) {
        return Evaluator.plain().evaluate(List.of(tensor)).getFirst();
    }

    private static double loss(Case given) {
        return value(unrolled(given).loss()).item();
    }

    private static Offset<Double> near(double number) {
        return within(1e-12 * Math.max(1, Math.abs(number)));
    }

    private static Description with(Description model, Orientation side, String gates, boolean updateNew) {
        return new Description(
                model.cell(),
                model.objective(),
                side,
                model.axes(),
                gates,
                true,
                updateNew,
                model.mask(),
                OptionalInt.empty(),
                Map.of());
    }

    private static Description with(
            Description model, Description.MaskUse mask, String axes, Map<String, String> names) {
        return new Description(
                model.cell(),
                model.objective(),
                model.orientation(),
                new Axes(axes),
                model.gates(),
                true,
                false,
                mask,
                OptionalInt.empty(),
                names);
    }

    private static List<Set<Objective.Mean>> means() {
        return List.copyOf(Sets.powerSet(EnumSet.allOf(Objective.Mean.class)));
    }

    private static Case plain(PlainNetwork network, Cell cell, Objective objective) {
        return read(
                Description.of(cell, objective),
                network.weights(Scheme.Layout.TOGETHER, Orientation.COLUMN, cell.gates()),
                network.data(objective.isLast()));
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void everyCellHasTheLossOfPlainLoopsForEveryLossAndMean(Cell cell) {
        PlainNetwork network = new PlainNetwork(cell);
        for (Objective.Kind kind : Objective.Kind.values()) {
            for (Set<Objective.Mean> means : means()) {
                for (boolean isLast : new boolean[] {false, true}) {
                    Objective objective = new Objective(kind, kind == Objective.Kind.SQUARED && isLast, means, isLast);
                    assertThat(loss(plain(network, cell, objective)))
                            .as("%s", objective)
                            .isCloseTo(network.loss(objective), near(network.loss(objective)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void everyLayoutOnBothSidesInAnyOrderOfGatesIsTheSameNetwork(Cell cell) {
        PlainNetwork network = new PlainNetwork(cell);
        network.updateNew = true;
        String turned = new StringBuilder(cell.gates()).reverse().toString();
        for (Scheme.Layout layout : Scheme.Layout.values()) {
            for (Orientation side : Orientation.values()) {
                if (layout == Scheme.Layout.EACH && cell.isPlain()) {
                    continue;
                }
                Description model = with(Description.of(cell, SQUARED), side, turned, true);
                Case given = read(model, network.weights(layout, side, turned), network.data(false));
                assertThat(loss(given))
                        .as("%s %s", layout, side)
                        .isCloseTo(network.loss(SQUARED), near(network.loss(SQUARED)));
                assertThat(given.forward().roles().layout()).isEqualTo(layout);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void aSecondBiasIsAddedToTheStateAsInPyTorch(Cell cell) {
        PlainNetwork network = new PlainNetwork(cell);
        network.hasSecondBias = true;
        assertThat(loss(plain(network, cell, SQUARED))).isCloseTo(network.loss(SQUARED), near(network.loss(SQUARED)));
    }

    @ParameterizedTest
    @EnumSource(Description.MaskUse.class)
    void aMaskHoldsStatesAndLeavesLossesOut(Description.MaskUse use) {
        for (Cell cell : List.of(Cell.RNN, Cell.LSTM, Cell.GRU)) {
            PlainNetwork network = new PlainNetwork(cell);
            network.use = use;
            network.mask = new double[][] {{1, 1, 1}, {0.5, 1, 0}, {1, 0, 1}, {0.25, 0, 1}};
            Map<String, NDArray> data = network.data(false);
            data.put("mask", NDArray.of(network.mask));
            for (Set<Objective.Mean> means : means()) {
                Objective objective = new Objective(Objective.Kind.SOFTMAX, false, means, false);
                Description model = with(Description.of(cell, objective), use, "tbf", Map.of());
                Case given =
                        read(model, network.weights(Scheme.Layout.TOGETHER, Orientation.COLUMN, cell.gates()), data);
                assertThat(loss(given))
                        .as("%s", means)
                        .isCloseTo(network.loss(objective), near(network.loss(objective)));
            }
        }
    }

    @Test
    void lengthsAreAMaskAndTheLastStepIsThatOfEverySequence() {
        PlainNetwork network = new PlainNetwork(Cell.LSTM);
        network.mask = new double[][] {{1, 1, 1}, {1, 1, 0}, {1, 0, 0}, {1, 0, 0}};
        for (boolean isLast : new boolean[] {false, true}) {
            Map<String, NDArray> data = network.data(isLast);
            data.put("lengths", NDArray.of(new int[] {4, 2, 1}));
            Objective objective = new Objective(Objective.Kind.SQUARED, false, Set.of(Objective.Mean.BATCH), isLast);
            Case given = read(
                    Description.of(Cell.LSTM, objective),
                    network.weights(Scheme.Layout.JOINED, Orientation.COLUMN, "ifgo"),
                    data);
            assertThat(loss(given)).isCloseTo(network.loss(objective), near(network.loss(objective)));
        }
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void theGradientOfClewIsTheSameOnBothSidesAndPassesThrough(Cell cell) {
        PlainNetwork network = new PlainNetwork(cell);
        Map<String, NDArray> columns = automatic(cell, network, Orientation.COLUMN);
        Map<String, NDArray> rows = automatic(cell, network, Orientation.ROW);
        assertThat(columns).hasSameSizeAs(rows).containsKeys("Wx", "Wh", "bx", "Wy", "by", "h0");
        columns.forEach((name, gradient) -> {
            NDArray other = rows.getOrDefault(name, gradient);
            NDArray turned = gradient.shape().rank() == 2 && !name.equals("by") ? other.permute(1, 0) : other;
            assertThat(turned.shape()).isEqualTo(gradient.shape());
            assertThat(turned.toDoubles()).as(name).containsExactly(gradient.toDoubles(), within(1e-12));
        });
    }

    private static Map<String, NDArray> automatic(Cell cell, PlainNetwork network, Orientation side) {
        Description model = with(Description.of(cell, SQUARED), side, cell.gates(), false);
        Map<String, NDArray> weights = network.weights(Scheme.Layout.TOGETHER, side, cell.gates());
        Unrolled forward = unrolled(read(model, weights, network.data(false)));
        Gradients gradients = Gradients.of(forward.loss());
        Map<String, NDArray> files = new LinkedHashMap<>();
        forward.parameters().forEach((name, parameter) -> files.put("d" + name, value(gradients.wrt(parameter))));
        forward.initial()
                .forEach((name, state) -> files.put("d" + name, rows(side, value(gradients.wrt(state)), 1, 0)));
        NDArray adjoints = value(Tensor.stack(
                0,
                forward.steps().getOrDefault("h", List.of()).stream()
                        .map(gradients::wrt)
                        .toList()));
        Case given =
                read(model, weights, network.data(false), files, Map.of("dh", rows(side, adjoints, 0, 2, 1)), Map.of());
        assertThat(given.first().adjoints()).containsOnlyKeys("h");
        assertThat(given.first().adjoints().getOrDefault("h", List.of()))
                .hasSize(PlainNetwork.STEPS)
                .allSatisfy(
                        each -> assertThat(each.shape()).isEqualTo(side.step(PlainNetwork.UNITS, PlainNetwork.BATCH)));
        assertThat(given.first().gradients()).hasSameSizeAs(files);
        return given.first().gradients();
    }

    /** As files have the numbers of steps: a row for each sequence. */
    private static NDArray rows(Orientation side, NDArray steps, int... order) {
        return side == Orientation.COLUMN ? steps.permute(order) : steps;
    }

    @Test
    void symbolsAndClassesAreRowsWithAOneAndColumnsAreVectors() {
        double[][] wx = {{0.1, 0.2, 0.3}, {-0.4, 0.5, 0.6}};
        double[][] wh = {{0.7, -0.8}, {0.9, 0.3}};
        double[][] wy = {{1, 2}, {-1, 0.5}, {0.25, 1}};
        Map<String, NDArray> weights = Map.of("Wxh", NDArray.of(wx), "Whh", NDArray.of(wh), "Why", NDArray.of(wy));
        Description model = Description.of(Cell.RNN, Objective.of(Objective.Kind.SOFTMAX));
        Map<String, NDArray> symbols = Map.of(
                "x", NDArray.of(new int[] {2, 0}),
                "targets", NDArray.of(new int[] {0, 2}),
                "hprev", NDArray.of(new double[][] {{0.5}, {-0.5}}));
        double[] h = {0.5, -0.5};
        double expected = 0;
        for (int t = 0; t < 2; t++) {
            int in = t == 0 ? 2 : 0;
            h = new double[] {
                Math.tanh(wx[0][in] + wh[0][0] * h[0] + wh[0][1] * h[1]),
                Math.tanh(wx[1][in] + wh[1][0] * h[0] + wh[1][1] * h[1])
            };
            double sum = 0;
            for (double[] row : wy) {
                sum += Math.exp(row[0] * h[0] + row[1] * h[1]);
            }
            double[] right = wy[t == 0 ? 0 : 2];
            expected += Math.log(sum) - right[0] * h[0] - right[1] * h[1];
        }
        Case bySymbols = read(model, weights, symbols);
        assertThat(loss(bySymbols)).isCloseTo(expected, within(1e-12));
        assertThat(unrolled(bySymbols).initial()).containsOnlyKeys("hprev");
        Map<String, NDArray> columns = Map.of(
                "x", NDArray.of(Shape.of(2, 3, 1), new double[] {0, 0, 1, 1, 0, 0}),
                "targets", NDArray.of(Shape.of(2, 3, 1), new double[] {1, 0, 0, 0, 0, 1}),
                "hprev", NDArray.of(new double[][] {{0.5}, {-0.5}}));
        assertThat(loss(read(model, weights, columns))).isCloseTo(expected, within(1e-12));
    }

    @Test
    void axesMayComeInAnyOrder() {
        PlainNetwork network = new PlainNetwork(Cell.RNN);
        Map<String, NDArray> weights = network.weights(Scheme.Layout.TOGETHER, Orientation.COLUMN, "h");
        Map<String, NDArray> turned = new LinkedHashMap<>();
        network.data(false)
                .forEach((name, array) ->
                        turned.put(name, array.shape().rank() == 3 ? array.permute(2, 1, 0) : array.permute(1, 0)));
        Description model = with(Description.of(Cell.RNN, SQUARED), Description.MaskUse.BOTH, "fbt", Map.of());
        assertThat(loss(read(model, weights, turned))).isCloseTo(network.loss(SQUARED), near(network.loss(SQUARED)));
    }

    @Test
    void allMayStandInOneFileWhereABiasIsCalledAsAState() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        all.put("U", NDArray.of(new double[][] {{0.1}, {0.2}}));
        all.put("W", NDArray.of(new double[][] {{0.1, 0.3}, {0.2, -0.4}}));
        all.put("V", NDArray.of(new double[][] {{0.5, 0.6}}));
        all.put("b", NDArray.of(new double[] {0, 1}));
        all.put("c", NDArray.of(new double[] {1}));
        all.keySet().stream().toList().forEach(name -> all.put("d" + name, all.getOrDefault(name, NDArray.of(0.0))));
        all.put("x", NDArray.of(new double[] {1, 2, 3}));
        all.put("y", NDArray.of(new double[] {1, 2, 3}));
        all.put("dh", NDArray.full(1, DType.F32, Shape.of(3, 2)));
        all.put("h", NDArray.full(1, DType.F64, Shape.of(3, 2)));
        all.put("loss", NDArray.of(2.5));
        CaseFiles.Source one = new CaseFiles.Source(new NamedArrays("all.npz", all), true);
        Case given = Case.of(
                Description.of(Cell.RNN, SQUARED),
                new CaseFiles(one, one, one, Optional.of(one), Optional.of(one), Optional.empty()));
        assertThat(given.first().gradients()).containsOnlyKeys("U", "W", "V", "b", "c");
        assertThat(given.first().adjoints()).containsOnlyKeys("h");
        assertThat(given.first()
                        .adjoints()
                        .getOrDefault("h", List.of())
                        .getFirst()
                        .dtype())
                .isEqualTo(DType.F32);
        assertThat(given.first().activations()).containsOnlyKeys("h");
        assertThat(given.first().loss()).hasValue(2.5);
        assertThat(given.point()).containsOnlyKeys("U", "W", "V", "b", "c", "x", "y", "h0");
        assertThat(unrolled(given).steps()).containsOnlyKeys("x", "a", "h", "y");
    }

    @Test
    void anLstmWhoseOutputBiasIsCalledCHasAnotherNameForItsCellState() {
        PlainNetwork network = new PlainNetwork(Cell.LSTM);
        Map<String, NDArray> weights = network.weights(Scheme.Layout.JOINED, Orientation.COLUMN, "ifgo");
        Map<String, NDArray> renamed = new LinkedHashMap<>(weights);
        renamed.put("c", weights.getOrDefault("by", NDArray.of(0.0)));
        renamed.remove("by");
        assertThat(unrolled(read(Description.of(Cell.LSTM, SQUARED), renamed, network.data(false)))
                        .steps())
                .containsKeys("c_t", "h", "i", "ai")
                .doesNotContainKey("c");
    }

    @Test
    void numbersInSinglePrecisionAreAuditedInDouble() {
        PlainNetwork network = new PlainNetwork(Cell.GRU);
        Map<String, NDArray> single = new LinkedHashMap<>();
        network.weights(Scheme.Layout.TOGETHER, Orientation.COLUMN, "rzn")
                .forEach((name, array) -> single.put(name, array.cast(DType.F32)));
        Case given = read(Description.of(Cell.GRU, SQUARED), single, network.data(false));
        assertThat(given.point().values())
                .allSatisfy(array -> assertThat(array.dtype()).isEqualTo(DType.F64));
        assertThat(given.first().gradients().values())
                .allSatisfy(array -> assertThat(array.dtype()).isEqualTo(DType.F32));
    }

    // -------------------------------------------------------------------------------------------------------- errors

    private static ThrowingCallable changed(
            Consumer<Map<String, NDArray>> weights, Consumer<Map<String, NDArray>> data) {
        PlainNetwork network = new PlainNetwork(Cell.RNN);
        Map<String, NDArray> ofWeights = network.weights(Scheme.Layout.TOGETHER, Orientation.COLUMN, "h");
        Map<String, NDArray> gradients = new LinkedHashMap<>(ofWeights);
        Map<String, NDArray> ofData = network.data(false);
        weights.accept(ofWeights);
        data.accept(ofData);
        return () -> read(Description.of(Cell.RNN, SQUARED), ofWeights, ofData, gradients, Map.of(), Map.of());
    }

    private static void nothing(Map<String, NDArray> arrays) {}

    private static NDArray zeros(int... shape) {
        return NDArray.full(0, DType.F64, Shape.of(shape));
    }

    @Test
    void shapesThatDoNotFitAreRefusedWithTheFix() {
        assertThatThrownBy(changed(weights -> weights.put("Wx", zeros(2, 5)), CaseTest::nothing))
                .hasMessage(
                        "Wx is (2, 5): with --orientation=column, 2 inputs, 5 units and 4 outputs, it must be (5, 2); it is"
                                + " transposed: give --orientation=row if all are, or Wx.T");
        assertThatThrownBy(changed(weights -> weights.put("Wh", zeros(5, 7)), CaseTest::nothing))
                .hasMessage(
                        "Wh is (5, 7): with --orientation=column, 2 inputs, 5 units and 4 outputs, it must be (5, 5); is it"
                                + " another array, or another --model?");
        assertThatThrownBy(changed(weights -> weights.put("bx", zeros(4)), CaseTest::nothing))
                .hasMessage("bx (b) is (4): with 2 inputs, 5 units and 4 outputs it must be (5), (5, 1) or (1, 5)");
        assertThatThrownBy(changed(CaseTest::nothing, data -> data.put("targets", zeros(5, 3, 4))))
                .hasMessage(
                        "targets is f64 (5, 3, 4): with --axes=tbf and 4 steps of 3 sequences it must be (4, 3, 4); it has"
                                + " a row more than there are steps: leave out that of the initial state");
        assertThatThrownBy(changed(CaseTest::nothing, data -> data.put("x", zeros(4, 2, 3))))
                .hasMessage("x is f64 (4, 2, 3): with --axes=tbf and 4 steps of 2 sequences it must be (4, 2, 2)");
        assertThatThrownBy(changed(CaseTest::nothing, data -> data.put("h0", zeros(5, 3))))
                .hasMessage(
                        "h0 is f64 (5, 3): with --axes=tbf and 4 steps of 3 sequences it must be (3, 5); are the axes in"
                                + " another order? --axes says in which");
    }

    @Test
    void arraysThatAreMissingOrUnknownAreNamed() {
        assertThatThrownBy(changed(CaseTest::nothing, data -> data.remove("x")))
                .hasMessage(
                        "x of x.npz: looked for [x, X, xs, inputs, input, symbols], and there are [targets, h0]; say which"
                                + " with --names x=NAME");
        assertThatThrownBy(changed(weights -> weights.remove("Wh"), CaseTest::nothing))
                .hasMessageStartingWith(
                        "weights of rnn in w.npz: there are [Wx, bx, Wy, by]; looked for one of these: Wxh, Whh; ")
                .hasMessageEndingWith("Say which is which with --names, as in --names Wx=NAME,Wh=NAME");
        assertThatThrownBy(changed(weights -> weights.put("b_hidden", zeros(5)), CaseTest::nothing))
                .hasMessageStartingWith(
                        "arrays of w.npz: nothing is known of [b_hidden]; arrays are weights with a role, ");
        assertThatThrownBy(changed(weights -> weights.remove("by"), CaseTest::nothing))
                .hasMessageStartingWith("arrays of g.npz: nothing is known of [by]; the gradients are of [Wx, Wh, ");
    }

    @Test
    void gradientsHaveTheShapeOfTheirWeights() {
        PlainNetwork network = new PlainNetwork(Cell.RNN);
        Map<String, NDArray> weights = network.weights(Scheme.Layout.TOGETHER, Orientation.COLUMN, "h");
        assertThatThrownBy(() -> read(
                        Description.of(Cell.RNN, SQUARED),
                        weights,
                        network.data(false),
                        Map.of("dWy", zeros(5, 4)),
                        Map.of(),
                        Map.of()))
                .hasMessage(
                        "the gradient by Wy is (5, 4), and Wy is (4, 5): they have one shape; it is transposed: give dWy.T");
        assertThatThrownBy(() -> read(
                        Description.of(Cell.RNN, SQUARED),
                        weights,
                        network.data(false),
                        Map.of("Q", zeros(5, 4)),
                        Map.of(),
                        Map.of()))
                .hasMessageStartingWith("gradients of g.npz: there are [Q], none of which is d and one of [Wx, ");
    }
}
