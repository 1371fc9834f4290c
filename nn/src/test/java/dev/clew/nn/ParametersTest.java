package dev.clew.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParametersTest {
    private static final RandomKey KEY = RandomKey.of(1);

    private final Parameter a = Parameter.of(1.0);
    private final Parameter b = Parameter.of(2.0);

    record Model(RnnCell cell, Linear head) {}

    record One(Parameter w) {}

    record Tied(One first, List<Parameter> again, Parameter last) {}

    record Described(String name, int units, Path file, RandomKey key, Parameter w, double rate, Class<?> type) {}

    record Perhaps(@Nullable Parameter none, Optional<Parameter> empty, Optional<Parameter> bias, Parameter w) {}

    record Failing(Parameter w) {
        @Override
        public Parameter w() {
            throw new IllegalStateException("not today");
        }
    }

    record Empty() {}

    record Stack(List<Linear> layers) {}

    @Test
    void nameIsThePathOfComponentsInTheirOrder() {
        RnnCell cell = RnnCell.create(2, 3, KEY);
        Linear head = Linear.create(3, 2, KEY);
        Map<String, Parameter> named = Parameters.named(new Model(cell, head));
        assertThat(named.keySet()).containsExactly("cell.wx", "cell.wh", "cell.b", "head.weight", "head.bias");
        assertThat(named.values()).containsExactly(cell.wx(), cell.wh(), cell.b(), head.weight(), head.bias());
    }

    @Test
    void elementsOfListsAndArraysAreNumberedFromZero() {
        Object[] model = {List.of(new One(a)), new ArrayDeque<>(List.of(b)), new Parameter[] {Parameter.of(3.0)}};
        assertThat(Parameters.named(model).keySet()).containsExactly("0.0.w", "1.0", "2.0");
        assertThat(Parameters.named(List.of(a, List.of(), b)).keySet()).containsExactly("0", "2");
    }

    @Test
    void elementsOfMapsAreNamedByTheirKeysInTheOrderOfTheMap() {
        Map<Object, Object> model = new LinkedHashMap<>();
        model.put("later", new One(a));
        model.put(7, Map.of("inner", b));
        assertThat(Parameters.named(model)).containsExactly(Map.entry("later.w", a), Map.entry("7.inner", b));
    }

    @Test
    void parameterAloneIsAModel() {
        assertThat(Parameters.named(a)).containsExactly(Map.entry("parameter", a));
    }

    @Test
    void sharedParameterComesOnceByItsFirstName() {
        assertThat(Parameters.named(new Tied(new One(a), List.of(b, a), b)))
                .containsExactly(Map.entry("first.w", a), Map.entry("again.0", b));
    }

    @Test
    void componentsOfOtherTypesArePassedOverEvenThoseIterableOverThemselves() {
        Described model = new Described("m", 3, Path.of("snapshot"), KEY, a, 0.1, String.class);
        assertThat(Parameters.named(model)).containsExactly(Map.entry("w", a));
    }

    @Test
    void nullIsPassedOverAndAnOptionalIsWhatItHolds() {
        assertThat(Parameters.named(new Perhaps(null, Optional.empty(), Optional.of(b), a)))
                .containsExactly(Map.entry("bias", b), Map.entry("w", a));
        assertThat(Parameters.named(Arrays.asList(null, a))).containsExactly(Map.entry("1", a));
    }

    @Test
    void modelWithoutParametersIsAnError() {
        for (Object model : List.of(new Empty(), List.of(), "text", new Stack(List.of()))) {
            assertThatThrownBy(() -> Parameters.named(model))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("parameters of " + model.getClass().getName() + ": none found; a model is a record"
                            + " (or a list, map or array) that holds parameters or other such records");
        }
    }

    @Test
    void twoParametersOfOneNameAreAnError() {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("cell", new One(a));
        model.put("cell.w", b);
        assertThatThrownBy(() -> Parameters.named(model))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameters of java.util.LinkedHashMap: two are named 'cell.w', since a key of a map"
                        + " contains a dot or two keys print alike; rename one");
    }

    @Test
    void accessorThatFailsIsNamedAndItsExceptionIsTheCause() {
        assertThatThrownBy(() -> Parameters.named(new Failing(a)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameters of dev.clew.nn.ParametersTest$Failing: its accessor w() failed")
                .cause()
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("not today");
    }

    @Test
    void parameterIsFoundByItsName() {
        RnnCell cell = RnnCell.create(2, 3, KEY);
        assertThat(Parameters.named(new Model(cell, Linear.create(3, 2, KEY)), "cell.wx"))
                .isSameAs(cell.wx());
    }

    @Test
    void nameThatThereIsNotIsAnErrorThatNamesTheNearest() {
        Model model = new Model(RnnCell.create(2, 3, KEY), Linear.create(3, 2, KEY));
        String all = " The names are [cell.wx, cell.wh, cell.b, head.weight, head.bias]";
        String of = " of dev.clew.nn.ParametersTest$Model: there is none of that name; ";
        for (List<String> each : List.of(
                List.of("cell.wxx", "cell.wx"),
                List.of("cell.Wh", "cell.wh"),
                List.of("head.weights", "head.weight"),
                List.of("wx", "wx"),
                List.of("hed.bias", "head.bias"))) {
            String name = each.getFirst();
            assertThatThrownBy(() -> Parameters.named(model, name))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("parameter '" + name + "'"
                            + (name.equals("wx")
                                    ? of.replace("; ", ".")
                                    : of + "did you mean '" + each.getLast() + "'?")
                            + all);
        }
    }

    record Constant(Parameter w, Tensor scale) {}

    record Deep(List<Constant> parts) {}

    private static String isNoParameter(Object model, String name, String tensor) {
        return "parameters of " + model.getClass().getName() + ": " + name + " is " + tensor
                + ", a tensor that no step would train; make it a Parameter, Parameter.of(...), or, if it stays fixed,"
                + " hold it as an NDArray and write Tensor.of(" + name + ") where it is used";
    }

    /** Numbers, formulas of numbers or of parameters elsewhere, and inputs; alone, and deep in the model. */
    @Test
    void tensorWhereAParameterWasMeantIsAnError() {
        Map<Tensor, String> tensors = new LinkedHashMap<>();
        tensors.put(Tensor.of(new double[] {1, 2}), "constant (2) f64");
        tensors.put(Tensor.of(1f).times(2), "times () f32");
        tensors.put(Parameter.of(1.0).times(0.1), "times () f64");
        tensors.put(Tensor.input("x", DType.F64), "input \"x\" () f64");
        tensors.forEach((tensor, described) -> {
            Object model = new Constant(a, tensor);
            Object deep = new Deep(List.of(new Constant(a, a), new Constant(b, tensor)));
            assertThatThrownBy(() -> Parameters.named(model))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(isNoParameter(model, "scale", described));
            assertThatThrownBy(() -> Parameters.named(deep))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(isNoParameter(deep, "parts.1.scale", described));
        });
    }

    @Test
    void formulasOfItsOwnParametersAndDataThatHasNoGradientMayStandInAModel() {
        assertThat(Parameters.named(new Constant(a, a.times(2)))).containsExactly(Map.entry("w", a));
        assertThat(Parameters.named(new Constant(a, Tensor.of(1)))).containsExactly(Map.entry("w", a));
        assertThat(Parameters.named(List.of(Tensor.lowerMask(2, 2, 0), a))).containsExactly(Map.entry("1", a));
    }

    record Held(Parameter w, Object scale) {}

    /** However it is held. */
    @Test
    void tensorInACollectionAMapAnArrayOrAnOptionalIsFoundToo() {
        Tensor scale = Tensor.of(new double[] {1, 2});
        Map<Object, String> models = new LinkedHashMap<>();
        models.put(new Held(a, List.of(1, List.of(scale))), "scale.1.0");
        models.put(new Held(a, Map.of("x", scale)), "scale.x");
        models.put(new Held(a, new Tensor[] {a, scale}), "scale.1");
        models.put(new Held(a, new Object[][] {{}, {scale}}), "scale.1.0");
        models.put(new Held(a, Optional.of(scale)), "scale");
        models.put(new Held(a, Optional.of(List.of(Optional.of(new Constant(b, scale))))), "scale.0.scale");
        models.put(List.of(scale, a), "0");
        models.put(Map.of("w", a, "mean.x", scale), "mean.x");
        models.forEach((model, name) -> assertThatThrownBy(() -> Parameters.named(model))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(isNoParameter(model, name, "constant (2) f64")));
    }

    /** A class that is no record, as a layer of another library would be. */
    private static class Layer {
        private final List<Optional<One>> parts;

        Layer(Parameter... parameters) {
            this.parts =
                    Arrays.stream(parameters).map(One::new).map(Optional::of).toList();
        }

        @Override
        public String toString() {
            return "Layer of " + parts;
        }
    }

    private static final class Named extends Layer {
        Named(Parameter parameter) {
            super(parameter);
        }
    }

    private static String isHidden(Object model, String place, Class<?> type, String field) {
        return "parameters of " + model.getClass().getName() + ": " + place + ", of " + type.getName()
                + ", in its field " + field + ", holds parameter () f64, which no step would train: only records,"
                + " collections, maps, arrays and optionals are looked into; make it a record";
    }

    @Test
    void parameterThatOnlyAnObjectOfAnotherClassHoldsIsAnError() {
        Object plain = new Held(a, new Layer(b));
        assertThatThrownBy(() -> Parameters.named(plain))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(isHidden(plain, "scale", Layer.class, "parts"));
        Object inherited = List.of(a, Map.of("x", new Named(b)));
        assertThatThrownBy(() -> Parameters.named(inherited))
                .hasMessage(isHidden(inherited, "1.x", Named.class, "parts"));
        Object alone = new Layer(b);
        assertThatThrownBy(() -> Parameters.named(alone))
                .hasMessage(isHidden(alone, "the model", Layer.class, "parts"));
        Parameter slope = Parameter.of(0.5);
        UnaryOperator<Tensor> captures = x -> x.times(slope);
        Object lambda = new Held(a, captures);
        assertThatThrownBy(() -> Parameters.named(lambda))
                .hasMessageStartingWith("parameters of dev.clew.nn.ParametersTest$Held: scale, of ")
                .hasMessageContaining("holds parameter () f64, which no step would train");
    }

    /** A class of anything, as the pairs and lists of other languages are. */
    private static final class Box<T> {
        private final T first;
        private final Object[] more;

        Box(T first, Object... more) {
            this.first = first;
            this.more = more;
        }

        @Override
        public String toString() {
            return "Box of " + first + " and " + more.length;
        }
    }

    @Test
    void parameterInAFieldOfAnythingIsAnErrorToo() {
        Object first = new Held(a, new Box<>(b));
        assertThatThrownBy(() -> Parameters.named(first)).hasMessage(isHidden(first, "scale", Box.class, "first"));
        Object inAPart = new Held(a, new Box<>(List.of(new One(b))));
        assertThatThrownBy(() -> Parameters.named(inAPart)).hasMessage(isHidden(inAPart, "scale", Box.class, "first"));
        Object more = List.of(a, new Box<>("text", 1, b));
        assertThatThrownBy(() -> Parameters.named(more)).hasMessage(isHidden(more, "1", Box.class, "more"));
    }

    @Test
    void longChainOfFieldsOfAnythingIsNotFollowed() {
        Box<?> chain = new Box<>("end");
        for (int i = 0; i < 100_000; i++) {
            chain = new Box<>(chain);
        }
        assertThat(Parameters.named(new Held(a, chain))).containsExactly(Map.entry("w", a));
    }

    @Test
    void objectsThatHoldWhatTheModelHasAnywayOrNothingArePassedOver() {
        assertThat(Parameters.named(new Held(a, new Layer(a)))).containsExactly(Map.entry("w", a));
        assertThat(Parameters.named(List.of(new Named(b), a, b))).containsExactly(Map.entry("1", a), Map.entry("2", b));
        assertThat(Parameters.named(new Held(a, new Layer()))).containsExactly(Map.entry("w", a));
        assertThat(Parameters.named(new Held(a, Sgd.of(b, 0.1)))).containsExactly(Map.entry("w", a));
        Held[] circle = new Held[1];
        Object round = new Object() {
            private final Held[] models = circle;

            @Override
            public String toString() {
                return "Round of " + models.length;
            }
        };
        circle[0] = new Held(a, round);
        assertThat(Parameters.named(circle[0])).containsExactly(Map.entry("w", a));
    }

    @Property(tries = 30)
    void stackOfLayersHasTwoNamesForEachInOrder(@ForAll @IntRange(min = 1, max = 30) int depth) {
        List<Linear> layers = IntStream.range(0, depth)
                .mapToObj(i -> Linear.create(1, 1, KEY.fold(i)))
                .toList();
        List<String> expected = IntStream.range(0, 2 * depth)
                .mapToObj(i -> "layers." + i / 2 + (i % 2 == 0 ? ".weight" : ".bias"))
                .toList();
        assertThat(Parameters.named(new Stack(layers)).keySet()).containsExactlyElementsOf(expected);
    }

    private record Pair(Parameter wx, Parameter bias) {}

    private record Two(Pair cell, Pair head) {}

    private static Two two() {
        return new Two(
                new Pair(Parameter.of(new double[][] {{1, 2, 3}}), Parameter.of(1.0)),
                new Pair(Parameter.of(new float[] {1, 2}), Parameter.of(2.0)));
    }

    @Test
    void someAreFoundByAPatternOfTheirNames() {
        Two two = two();
        assertThat(Parameters.matching(two, "cell.*")).containsOnlyKeys("cell.wx", "cell.bias");
        assertThat(Parameters.matching(two, "*.bias")).containsOnlyKeys("cell.bias", "head.bias");
        assertThat(Parameters.matching(two, "head.wx")).containsOnlyKeys("head.wx");
        assertThatThrownBy(() -> Parameters.matching(two, "body.*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "parameters of dev.clew.nn.ParametersTest$Two that match 'body.*': there are none. The names"
                                + " are [cell.wx, cell.bias, head.wx, head.bias]");
    }

    private record SharedParts(Pair first, List<Pair> rest, Pair again, double rate) {}

    @Test
    void aCopyHasTheSameNumbersInParametersOfItsOwn() {
        Two two = two();
        SharedParts model = new SharedParts(two.cell, List.of(two.head, two.cell), two.cell, 0.5);
        SharedParts copy = Parameters.copy(model);
        assertThat(Parameters.named(copy).keySet())
                .isEqualTo(Parameters.named(model).keySet());
        assertThat(copy.again.wx).isSameAs(copy.first.wx).isNotSameAs(model.first.wx);
        assertThat(copy.rate).isEqualTo(0.5);
        Parameters.named(model).forEach((name, each) -> {
            assertThat(Parameters.named(copy, name).value()).isEqualTo(each.value());
            each.set(NDArray.full(9, each.dtype(), each.shape()));
        });
        assertThat(copy.first.wx.value().toDoubles()).containsExactly(1, 2, 3);
        assertThat(Parameters.count(model)).isEqualTo(7);
    }

    private record Formula(Parameter w, Tensor transposed) {}

    @Test
    void whatACopyWouldShareWithTheOriginalIsRefused() {
        Parameter w = Parameter.of(new double[][] {{1, 2}});
        assertThatThrownBy(() -> Parameters.copy(new Formula(w, w.transpose())))
                .hasMessageStartingWith("copy of dev.clew.nn.ParametersTest$Formula: it holds transpose (2, 1) f64");
        assertThatThrownBy(() -> Parameters.copy(new ArrayDeque<>(List.of(w))))
                .hasMessageStartingWith("copy of java.util.ArrayDeque: it holds '0' in a collection");
    }

    @Test
    void theSummaryCountsNumbersAndBytes() {
        assertThat(Parameters.summary(two())).isEqualTo("""
                        parameter  shape   type  numbers  bytes
                        cell.wx    (1, 3)  f64         3     24
                        cell.bias  ()      f64         1      8
                        head.wx    (2)     f32         2      8
                        head.bias  ()      f64         1      8
                        in all                         7     48
                        """);
    }
}
