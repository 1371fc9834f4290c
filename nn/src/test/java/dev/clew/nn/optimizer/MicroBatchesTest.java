package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Expect;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Steps along the mean of the gradients of several parts of a batch. */
class MicroBatchesTest {
    private static final int ROWS = 2;

    private record Model(Parameter w, Parameter b) {
        static Model create(long seed) {
            RandomKey key = RandomKey.of(seed);
            return new Model(
                    Parameter.of(key.fold(0).normal(0, 1, DType.F64, Shape.of(3, 2))),
                    Parameter.of(key.fold(1).normal(0, 1, DType.F64, Shape.of(2))));
        }

        Tensor loss(Tensor x) {
            return x.matmul(w).plus(b).tanh().square().mean();
        }
    }

    private static Adam adam(Model model) {
        return Adam.of(model, Schedule.exponential(0.1, 0.8))
                .withClip(Clip.globalNorm(0.1))
                .withAverage(Average.moving(0.7));
    }

    private static NDArray batch(RandomKey key, int count) {
        return key.normal(0, 1, DType.F64, Shape.of(count * ROWS, 3));
    }

    @Property(tries = 12)
    void severalPartsAreOneStepOnAllOfThem(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int count) {
        Model whole = Model.create(seed);
        Model parts = Model.create(seed);
        Model planned = Model.create(seed);
        Model within = Model.create(seed);
        Adam one = adam(whole);
        Adam other = adam(parts).withMicroBatches(count);
        Tensor x = Tensor.input("x", DType.F64, ROWS, 3);
        Plan plan = adam(planned).withMicroBatches(count).compile(planned.loss(x));
        Plan small = adam(within).withMicroBatches(count).compileWithin(1 << 18, within.loss(x));
        for (int step = 0; step < 4; step++) {
            NDArray all = batch(RandomKey.of(seed).fold(step), count);
            NDArray before = parts.w.value();
            for (int part = 0; part < count; part++) {
                assertThat(parts.w.value()).isEqualTo(before);
                NDArray some = all.rows(part * ROWS, (part + 1) * ROWS);
                other.step(parts.loss(Tensor.of(some)));
                plan.run(Map.of(x, some));
                small.run(Map.of(x, some));
            }
            one.step(whole.loss(Tensor.of(all)));
            Expect.close(parts.w.value(), whole.w.value().toDoubles(), 1e-12);
            Expect.close(parts.b.value(), whole.b.value().toDoubles(), 1e-12);
            assertThat(other.rate()).isEqualTo(one.rate());
        }
        assertThat(planned.w.value()).isEqualTo(parts.w.value());
        assertThat(within.w.value()).isEqualTo(parts.w.value());
        Expect.close(
                other.averaged(parts).w.value(), one.averaged(whole).w.value().toDoubles(), 1e-12);
    }

    @Test
    void untilAllAreThereOnlySumsChange() {
        Model model = Model.create(1);
        Adam adam = adam(model).withMicroBatches(3);
        List<String> changed = new ArrayList<>();
        Map<String, Parameter> state = adam.state();
        Map<String, NDArray> before = values(state);
        adam.step(model.loss(Tensor.of(batch(RandomKey.of(2), 1))));
        values(state).forEach((name, value) -> {
            if (!value.equals(Objects.requireNonNull(before.get(name)))) {
                changed.add(name);
            }
        });
        assertThat(changed).containsExactlyInAnyOrder("batches.taken", "batches.sum.w", "batches.sum.b");
        assertThat(Objects.requireNonNull(state.get("batches.taken")).item()).isEqualTo(1);
    }

    private static Map<String, NDArray> values(Map<String, Parameter> state) {
        Map<String, NDArray> values = new LinkedHashMap<>();
        state.forEach((name, kept) -> values.put(name, kept.value()));
        return values;
    }

    /** A part that cannot be computed from half a sum does no harm. */
    @Test
    void whatFollowsFromHalfASumIsNotLookedAt() {
        Parameter p = Parameter.of(1.0);
        Composed optimizer = Optimizer.of(
                        List.of(p),
                        1,
                        (slopes, _) -> Map.of(
                                p,
                                Objects.requireNonNull(slopes.get(p)).minus(1).reciprocal()))
                .withMicroBatches(2);
        optimizer.step(p.times(2));
        assertThat(p.item()).isEqualTo(1);
        optimizer.step(p.times(4));
        assertThat(p.item()).isEqualTo(1 - 1.0 / (3 - 1));
    }

    @Test
    void thereIsAtLeastOne() {
        assertThatThrownBy(() -> Sgd.of(List.of(Parameter.of(1.0)), 1).withMicroBatches(0))
                .hasMessage("withMicroBatches with count = 0: it must be 1 or more");
    }
}
