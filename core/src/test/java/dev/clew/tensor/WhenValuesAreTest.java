package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.tensor.Walk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** When values are: the rules of evaluation, one by one. */
final class WhenValuesAreTest {
    /** Nodes that were computed, and those whose value was at hand, while something ran. */
    private static int seenNodes(Runnable program) {
        AtomicInteger count = new AtomicInteger();
        Walk counting = new Walk(true, (node, value) -> count.incrementAndGet());
        ScopedValue.where(Evaluator.SCOPED, counting).run(program);
        return count.get();
    }

    @Test
    void aParameterMeansItsValueWhenTheFormulaIsEvaluated() {
        Parameter p = Parameter.of(2.0);
        Tensor y = p.square();
        p.set(NDArray.of(5.0));
        assertThat(y.item()).isEqualTo(25);
    }

    @Test
    void printingAfterASetGivesTheNewValue() {
        Parameter p = Parameter.of(2.0);
        Tensor y = p.square();
        Tensor z = y.plus(1);
        assertThat(y.item()).isEqualTo(4);
        assertThat(z.item()).isEqualTo(5);
        p.set(NDArray.of(3.0));
        assertThat(z.item()).isEqualTo(10);
        assertThat(y.item()).isEqualTo(9);
    }

    @Test
    void setOfAnotherParameterLeavesKeptValuesValid() {
        Parameter p = Parameter.of(2.0);
        Parameter q = Parameter.of(2.0);
        Tensor y = p.square();
        NDArray before = y.value();
        q.set(NDArray.of(7.0));
        assertThat(y.value()).isSameAs(before);
    }

    @Test
    void valueKeepsWhatWasAskedFor() {
        Tensor y = Parameter.of(2.0).square();
        NDArray first = y.value();
        assertThat(seenNodes(() -> assertThat(y.value()).isSameAs(first))).isZero();
    }

    @Test
    void valuesOfSeveralAreKeptToo() {
        Parameter p = Parameter.of(2.0);
        Tensor y = p.square();
        Tensor z = y.tanh();
        List<NDArray> both = Tensor.values(y, z, y);
        assertThat(y.value()).isSameAs(both.get(0)).isSameAs(both.get(2));
        assertThat(z.value()).isSameAs(both.get(1));
    }

    @Test
    void evaluationStartsFromKeptValues() {
        Parameter p = Parameter.of(2.0);
        Tensor y = p.square().tanh().exp();
        y.value();
        Tensor z = y.negate();
        assertThat(seenNodes(z::value)).isEqualTo(2);
    }

    @Test
    void aStaleKeptValueIsNotStartedFrom() {
        Parameter p = Parameter.of(2.0);
        Tensor y = p.square();
        y.value();
        p.set(NDArray.of(3.0));
        assertThat(y.negate().item()).isEqualTo(-9);
    }

    @Test
    void printingEveryStateOfALoopCostsOnePass() {
        assertThat(printing(2000)).isLessThanOrEqualTo(2 * printing(1000) + 10);
        assertThat(printing(1000)).isLessThan(5000);
    }

    private static int printing(int steps) {
        Parameter rate = Parameter.of(0.9);
        List<Tensor> states = new ArrayList<>(List.of(Tensor.of(1.0)));
        for (int t = 0; t < steps; t++) {
            states.add(states.getLast().times(rate).tanh());
        }
        return seenNodes(() -> states.forEach(Tensor::value));
    }

    @Test
    void setAllIsAllOrNothing() {
        for (boolean wrongFirst : new boolean[] {true, false}) {
            Parameter p = Parameter.of(1.0);
            Parameter q = Parameter.of(new double[] {1, 2});
            Map<Parameter, NDArray> values = new LinkedHashMap<>();
            if (wrongFirst) {
                values.put(q, NDArray.of(9.0));
            }
            values.put(p, NDArray.of(9.0));
            values.put(q, NDArray.of(9.0));
            assertThatThrownBy(() -> Parameter.setAll(values))
                    .hasMessage("set () f64 on parameter (2) f64: shape and type of a parameter stay as they are");
            assertThat(p.item()).isEqualTo(1);
            assertThat(q.value().toDoubles()).containsExactly(1, 2);
        }
    }

    @Test
    void readersSeeParametersBeforeOrAfterAChangeAndNeverBetween() throws Exception {
        Parameter p = Parameter.of(1.0);
        Parameter q = Parameter.of(1.0);
        AtomicBoolean done = new AtomicBoolean();
        Tensor shared = p.minus(q);
        Callable<Integer> reader = () -> {
            int mixes = 0;
            while (!done.get()) {
                List<NDArray> both = Tensor.values(p, q);
                mixes += both.get(0).item() == both.get(1).item() ? 0 : 1;
                mixes += p.minus(q).item() == 0 ? 0 : 1;
                mixes += shared.times(2).item() == 0 ? 0 : 1;
                mixes += shared.item() == 0 ? 0 : 1;
            }
            return mixes;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> readers = List.of(threads.submit(reader), threads.submit(reader));
            for (int i = 0; i < 50_000; i++) {
                NDArray next = NDArray.of(i % 2 + 1.0);
                Parameter.setAll(Map.of(p, next, q, next));
            }
            done.set(true);
            for (Future<Integer> found : readers) {
                assertThat(found.get()).isZero();
            }
        }
    }

    @Test
    void aValueAfterTheLastChangeIsNeverStale() throws Exception {
        Parameter p = Parameter.of(0.0);
        Tensor[] many = new Tensor[200];
        Arrays.setAll(many, i -> p.plus(i));
        AtomicBoolean done = new AtomicBoolean();
        Callable<List<Tensor>> reader = () -> {
            List<Tensor> sums = new ArrayList<>();
            while (!done.get()) {
                Tensor.values(many);
                sums.add(Tensor.sum(List.of(many)));
                sums.getLast().value();
            }
            return sums;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<List<Tensor>>> readers = List.of(threads.submit(reader), threads.submit(reader));
            for (int i = 1; i <= 400; i++) {
                p.set(NDArray.of((double) i));
                LockSupport.parkNanos(500_000);
            }
            done.set(true);
            for (Future<List<Tensor>> sums : readers) {
                assertThat(sums.get()).allMatch(sum -> sum.item() == 200 * 400 + 199 * 100);
            }
        }
    }

    @Test
    void manyThreadsMayEvaluateOneTensor() throws Exception {
        Parameter p = Parameter.of(new double[] {0.1, 0.2});
        Tensor h = p;
        for (int t = 0; t < 300; t++) {
            h = h.times(1.01).tanh();
        }
        Tensor last = h;
        NDArray expected = Evaluator.plain().evaluate(List.of(last)).getFirst();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<NDArray>> readers = Collections.nCopies(40, last::value);
            for (Future<NDArray> value : threads.invokeAll(readers)) {
                assertThat(value.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void valuesAreImmutable() {
        double[] source = {1, 2};
        Parameter p = Parameter.of(source);
        Tensor constant = Tensor.of(source);
        Tensor sum = p.plus(constant);
        source[0] = 100;
        sum.value().toDoubles()[0] = 100;
        p.value().toDoubles()[0] = 100;
        constant.value().toDoubles()[1] = 100;
        p.shape().lengths()[0] = 100;
        assertThat(sum.value().toDoubles()).containsExactly(2, 4);
        assertThat(p.value().toDoubles()).containsExactly(1, 2);
        assertThat(p.shape()).isEqualTo(Shape.of(2));
    }

    @Test
    void inputsOfANodeCannotBeReplaced() {
        Tensor[] inputs = {Tensor.of(1.0), Tensor.of(2.0)};
        Tensor sum = Binary.PLUS.on(inputs);
        inputs[0] = Tensor.of(100.0);
        assertThat(sum.item()).isEqualTo(3);
        assertThat(sum.inputs()).isUnmodifiable();
    }

    @Test
    void rowsAndFlatArraysAreCopied() {
        double[][] rows = {{1, 2}, {3, 4}};
        float[] floats = {1, 2};
        int[] ints = {1, 2};
        List<NDArray> arrays = List.of(NDArray.of(rows), NDArray.of(floats), NDArray.of(ints));
        List<NDArray> same = List.of(NDArray.of(rows), NDArray.of(floats), NDArray.of(ints));
        rows[1][1] = 9;
        floats[0] = 9;
        ints[0] = 9;
        assertThat(arrays).isEqualTo(same);
        arrays.getFirst().toRows()[0][0] = 9;
        assertThat(arrays).isEqualTo(same);
    }

    @Test
    void typesFollowJava() {
        assertThat(Tensor.of(1.0).dtype()).isEqualTo(DType.F64);
        assertThat(Tensor.of(1.0f).dtype()).isEqualTo(DType.F32);
        assertThat(Tensor.of(1).dtype()).isEqualTo(DType.I32);
        assertThat(Tensor.of(new float[] {1}).dtype()).isEqualTo(DType.F32);
        assertThat(Tensor.of(new double[][] {{1}}).dtype()).isEqualTo(DType.F64);
        assertThat(Tensor.of(1.0).lessThan(2).dtype()).isEqualTo(DType.BOOL);
    }

    @Test
    void aBareNumberTakesTheTypeOfTheTensorBesideIt() {
        Tensor x = Tensor.of(new float[] {1, 2});
        List<Tensor> results = List.of(
                x.plus(0.1),
                x.minus(0.1),
                x.times(0.1),
                x.div(3),
                x.maximum(1.5),
                x.minimum(1.5),
                x.mean(),
                x.softmax(0));
        assertThat(results).extracting(Tensor::dtype).containsOnly(DType.F32);
        assertThat(x.plus(0.1).value().toFloats()).containsExactly(1 + 0.1f, 2 + 0.1f);
        Tensor labels = Tensor.of(new int[] {3, 4});
        assertThat(labels.equalTo(3).value().toBooleans()).containsExactly(true, false);
        assertThat(labels.greaterThan(3).value().toBooleans()).containsExactly(false, true);
    }

    @Test
    void mixingTypesIsAnErrorThatNamesTheCast() {
        assertThatThrownBy(() -> Tensor.of(new double[] {1}).plus(Tensor.of(1.0f)))
                .hasMessage("plus (1) f64, () f32: element types do not mix; cast one of them:"
                        + " .cast(DType.F64) on the right or .cast(DType.F32) on the left");
    }

    @Test
    void equalityIsIdentity() {
        Tensor a = Tensor.of(1.0);
        assertThat(List.of(Tensor.of(1.0), a).indexOf(a)).isOne();
        assertThat(a).isNotEqualTo(Tensor.of(1.0));
        assertThat(a.square()).isNotEqualTo(a.square());
    }

    @Test
    void printingShowsNumbersOnlyWhenTheyAreAtHandAndComputesNothing() {
        Parameter p = Parameter.of(2.0);
        Tensor y = p.square();
        assertThat(seenNodes(() -> assertThat(y.toString()).isEqualTo("square () f64")))
                .isZero();
        y.value();
        assertThat(y.toString()).isEqualTo("square () f64 4.0");
        p.set(NDArray.of(3.0));
        assertThat(y.toString()).isEqualTo("square () f64");
        assertThat(p.toString()).isEqualTo("parameter () f64 3.0");
        assertThat(Tensor.of(new int[] {1, 2}).toString()).isEqualTo("constant (2) i32 [1, 2]");
    }

    @Test
    void buildingComputesNothing() {
        Parameter p = Parameter.of(new double[] {1, 2});
        assertThat(seenNodes(() -> Gradients.of(p.log().softmax(0).sum()).wrt(p)))
                .isZero();
    }

    @Test
    void anEvaluatorIsBoundForAScope() {
        NDArray answer = NDArray.of(42.0);
        Tensor y = Parameter.of(1.0).square();
        ScopedValue.where(Evaluator.SCOPED, outputs -> List.of(answer))
                .run(() -> assertThat(y.item()).isEqualTo(42));
        assertThat(Parameter.of(3.0).square().item()).isEqualTo(9);
    }

    @Test
    void aRepeatedNumberTakesNoMemory() {
        Tensor ones = Tensor.ones(DType.F64, 1000, 1_000_000);
        Tensor corner = ones.slice(0, 10, 12)
                .reshape(2_000_000, 1)
                .get(-1)
                .expandDims(0)
                .squeeze(0);
        assertThat(corner.value().toDoubles()).containsExactly(1);
        assertThat(NonFinite.allFinite(ones.reshape(1_000_000_000)
                        .value()
                        .reshape(Shape.of(10, 100_000_000))
                        .rows(0, 0)))
                .isTrue();
        assertThat(Gradients.of(Parameter.of(1.0)
                                .broadcastTo(1000, 1_000_000)
                                .get(0)
                                .get(0))
                        .graph()
                        .size())
                .isEqualTo(6);
    }
}
