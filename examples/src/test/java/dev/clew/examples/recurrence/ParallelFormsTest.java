package dev.clew.examples.recurrence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run step by step is what the papers compute for all steps at once: outputs, and gradients of x and of all parameters. */
class ParallelFormsTest {
    private static final int BATCH = 2;
    private static final int TIME = 12;
    private static final int INPUTS = 3;
    private static final int UNITS = 4;
    private static final double TOLERANCE = 1e-12;

    private final RandomKey key = RandomKey.of(11);
    private final Parameter x = Parameter.of(key.normal(0, 1, DType.F64, Shape.of(BATCH, TIME, INPUTS)));

    /** Outputs, and the gradients of a sum over them with random weights. */
    private void same(Cell<?> cell, Tensor steps, Tensor atOnce) {
        Tensor weights = Tensor.of(key.fold(9).normal(0, 1, DType.F64, steps.shape()));
        Gradients ofSteps = Gradients.of(steps.times(weights).sum());
        Gradients ofAll = Gradients.of(atOnce.times(weights).sum());
        List<Tensor> found = new ArrayList<>(List.of(steps, ofSteps.wrt(x)));
        List<Tensor> expected = new ArrayList<>(List.of(atOnce, ofAll.wrt(x)));
        Map<String, Parameter> parameters = Parameters.named(cell);
        parameters.values().forEach(each -> {
            found.add(ofSteps.wrt(each));
            expected.add(ofAll.wrt(each));
        });
        Iterator<NDArray> ones = Tensor.values(found).iterator();
        Iterator<NDArray> others = Tensor.values(expected).iterator();
        near("outputs", ones.next(), others.next());
        near("x", ones.next(), others.next());
        parameters.keySet().forEach(name -> near(name, ones.next(), others.next()));
    }

    private static void near(String what, NDArray one, NDArray other) {
        assertThat(one.shape()).isEqualTo(other.shape());
        double[] found = one.toDoubles();
        double[] expected = other.toDoubles();
        for (int i = 0; i < found.length; i++) {
            assertThat(Math.abs(found[i] - expected[i]))
                    .as("%s, element %s: %s for %s", what, i, found[i], expected[i])
                    .isLessThanOrEqualTo(TOLERANCE * Math.max(1, Math.abs(expected[i])));
        }
    }

    // ------------------------------------------------------------------------------------------------- diagonal states

    /** exp(A + ln Σ exp(terms − A)) with A = Σ ln a, and ln h(0) as the first term. */
    private static Tensor fromLogs(Tensor logA, Tensor terms, Tensor first) {
        Tensor total = logA.cumulativeSum(1);
        Tensor all = Tensor.concat(1, List.of(first.log().expandDims(1), terms.minus(total)));
        return all.logCumulativeSumExp(1).slice(1, 1, TIME + 1).plus(total).exp();
    }

    /** ln g(c), of which no branch leaves the range of numbers. */
    private static Tensor logPositive(Tensor c) {
        return Tensor.where(
                c.greaterOrEqual(0),
                c.relu().plus(0.5).log(),
                c.negate().softplus().negate());
    }

    private Tensor positiveStart() {
        return Tensor.of(key.fold(1).uniform(0.1, 2, DType.F64, Shape.of(BATCH, UNITS)));
    }

    @Test
    void minGruIsASumInLogarithms() {
        MinGru cell = MinGru.create(INPUTS, UNITS, DType.F64, key);
        Tensor k = cell.gate().of(x);
        Tensor logA = k.softplus().negate();
        Tensor terms =
                k.negate().softplus().negate().plus(logPositive(cell.candidate().of(x)));
        Tensor first = positiveStart();
        same(cell, Run.of(cell, x).from(first).outputs(), fromLogs(logA, terms, first));
    }

    @Test
    void minLstmIsASumInLogarithms() {
        MinLstm cell = MinLstm.create(INPUTS, UNITS, DType.F64, key);
        Tensor forget = cell.forget().of(x).negate().softplus();
        Tensor difference = forget.minus(cell.input().of(x).negate().softplus());
        Tensor logA = difference.softplus().negate();
        Tensor terms = difference
                .negate()
                .softplus()
                .negate()
                .plus(logPositive(cell.candidate().of(x)));
        Tensor first = positiveStart();
        same(cell, Run.of(cell, x).from(first).outputs(), fromLogs(logA, terms, first));
    }

    /** Turned back by the phase so far, the state is driven by real numbers: two real scans. */
    @Test
    void lruIsTwoRealScansInATurningFrame() {
        Lru cell = Lru.create(INPUTS, UNITS, DType.F64, key);
        Tensor steps = Tensor.of(NDArray.build(DType.F64, Shape.of(TIME, 1), (block, from, count) -> {
            for (int i = 0; i < count; i++) {
                block[i] = from + i;
            }
        }));
        Tensor angles = steps.times(cell.phase().exp());
        Tensor cos = angles.cos();
        Tensor sin = angles.sin();
        Tensor re = cell.driven(x, cell.inReal());
        Tensor im = cell.driven(x, cell.inImaginary());
        Tensor size = cell.modulus().exp().negate().exp().broadcastTo(BATCH, TIME, UNITS);
        Tensor ahead = cos.times(re).plus(sin.times(im)).linearRecurrence(1, size);
        Tensor aside = cos.times(im).minus(sin.times(re)).linearRecurrence(1, size);
        Tensor real = cos.times(ahead).minus(sin.times(aside));
        Tensor imaginary = sin.times(ahead).plus(cos.times(aside));
        Tensor y = real.matmul(cell.outReal())
                .minus(imaginary.matmul(cell.outImaginary()))
                .plus(x.matmul(cell.skip()));
        same(cell, Run.of(cell, x).outputs(), y);
    }

    @Test
    void rgLruIsOneScan() {
        RgLru cell = RgLru.create(INPUTS, UNITS, DType.F64, key);
        Tensor first = positiveStart();
        Tensor u = cell.in().of(x);
        Tensor logA = cell.logA(u);
        Tensor y = cell.driven(u, logA).linearRecurrence(1, logA.exp(), first);
        same(cell, Run.of(cell, x).from(first).outputs(), y);
    }

    @Test
    void mambaIsOneScanOverTimeUnitsAndStates() {
        Mamba cell = Mamba.create(INPUTS, UNITS, DType.F64, key);
        Tensor u = cell.in().of(x).pad(1, 3, 0, 0);
        List<Tensor> taps = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            taps.add(u.slice(1, t, t + TIME).times(cell.convolution().get(t)));
        }
        Tensor s = Tensor.sum(taps).plus(cell.bias()).silu();
        Tensor h = cell.driven(s).linearRecurrence(1, cell.keeps(s));
        same(cell, Run.of(cell, x).outputs(), cell.read(x, s, h));
    }

    // ------------------------------------------------------------------------------------------------- matrix memories

    /** exp of what lies between two steps; the difference is taken, and what is later masked, within the exponent. */
    private static Tensor between(Tensor total, int offset) {
        Tensor difference = total.expandDims(2).minus(total.expandDims(1));
        Tensor mask = Tensor.lowerMask(TIME, TIME, offset).reshape(1, TIME, TIME, 1);
        return difference.maskedFill(mask.not(), Double.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -30, 30})
    void mLstmIsAttentionWithAMaskOfDecays(double shift) {
        MLstm made = MLstm.create(INPUTS, UNITS, DType.F64, key);
        Parameter bias = Parameter.of(new double[] {shift, 1});
        MLstm cell = new MLstm(
                made.query(), made.key(), made.value(), new Linear(made.gates().weight(), bias), made.out());
        Tensor gates = cell.gates().of(x);
        Tensor total = gates.slice(-1, 1, 2).logSigmoid().cumulativeSum(1);
        Tensor logs = between(total, 0).squeeze(3).plus(gates.slice(-1, 0, 1).transpose());
        Tensor m = logs.max(true, -1).stopGradient();
        Tensor scores = cell.query().of(x).matmul(cell.key().of(x).transpose()).div(Math.sqrt(UNITS));
        Tensor weighted = scores.times(logs.minus(m).exp());
        Tensor size = weighted.sum(true, -1).abs().maximum(m.negate().exp());
        Tensor h = weighted.matmul(cell.value().of(x)).div(size);
        same(cell, Run.of(cell, x).outputs(), cell.out().of(x).sigmoid().times(h));
    }

    @Test
    void gatedLinearAttentionIsAttentionWithAMaskOfDecaysForEveryKey() {
        GatedLinearAttention cell = GatedLinearAttention.create(INPUTS, UNITS, DType.F64, key);
        Tensor total = cell.gate().of(x).logSigmoid().div(16).cumulativeSum(1);
        Tensor scores = Tensor.einsum(
                "bik,bjk,bijk->bij",
                cell.query().of(x),
                cell.key().of(x),
                between(total, 0).exp());
        Tensor y = scores.matmul(cell.value().of(x)).div(Math.sqrt(UNITS));
        same(cell, Run.of(cell, x).outputs(), y);
    }

    /** (I − A)⁻¹ = (I + A)(I + A²)(I + A⁴)..., as A is strictly lower and a power of it 0. */
    private static Tensor inverse(Tensor a, int size) {
        Tensor eye = Tensor.lowerMask(size, size, 0)
                .and(Tensor.upperMask(size, size, 0))
                .cast(DType.F64);
        Tensor inverse = eye.plus(a);
        Tensor power = a;
        for (int reach = 2; reach < size; reach *= 2) {
            power = power.matmul(power);
            inverse = inverse.matmul(eye.plus(power));
        }
        return inverse;
    }

    @Test
    void gatedDeltaNetIsATriangularSystemForEveryChunk() {
        GatedDeltaNet cell = GatedDeltaNet.create(INPUTS, UNITS, DType.F64, key);
        int chunk = 5; // The last one is shorter.
        Tensor memory = cell.start(BATCH);
        List<Tensor> outputs = new ArrayList<>();
        for (int from = 0; from < TIME; from += chunk) {
            Tensor part = x.slice(1, from, Math.min(TIME, from + chunk));
            Chunk made = chunk(cell, part, memory);
            outputs.add(made.outputs);
            memory = made.memory;
        }
        Run<Tensor> run = Run.of(cell, x);
        same(cell, run.outputs(), Tensor.concat(1, outputs).div(Math.sqrt(UNITS)));
        near("memory", run.last().value(), memory.value());
    }

    private record Chunk(Tensor outputs, Tensor memory) {}

    private static Chunk chunk(GatedDeltaNet cell, Tensor x, Tensor memory) {
        int size = x.shape().length(1);
        Tensor total = cell.logDecay(x).cumulativeSum(1);
        Tensor logs = total.minus(total.transpose());
        Tensor k = Memories.normalized(cell.key().of(x));
        Tensor q = cell.query().of(x);
        Tensor beta = cell.strengths(x);
        Tensor a = k.matmul(k.transpose())
                .times(beta)
                .times(masked(logs, size, -1))
                .negate();
        Tensor t = inverse(a, size);
        Tensor u = t.matmul(cell.value().of(x).times(beta));
        Tensor w = t.matmul(k.times(beta).times(total.exp()));
        Tensor news = u.minus(w.matmul(memory));
        Tensor seen = q.matmul(k.transpose()).times(masked(logs, size, 0));
        Tensor outputs = q.times(total.exp()).matmul(memory).plus(seen.matmul(news));
        Tensor last = total.slice(1, size - 1, size);
        Tensor next = memory.times(last.exp())
                .plus(k.times(last.minus(total).exp()).transpose().matmul(news));
        return new Chunk(outputs, next);
    }

    private static Tensor masked(Tensor logs, int size, int offset) {
        return logs.maskedFill(Tensor.lowerMask(size, size, offset).not(), Double.NEGATIVE_INFINITY)
                .exp();
    }

    @Test
    void rwkv7IsAProductOfMatrices() {
        Rwkv7 cell = Rwkv7.create(INPUTS, UNITS, DType.F64, key);
        Tensor eye = Tensor.lowerMask(UNITS, UNITS, 0)
                .and(Tensor.upperMask(UNITS, UNITS, 0))
                .cast(DType.F64);
        Tensor state = cell.start(BATCH);
        List<Tensor> outputs = new ArrayList<>();
        for (int t = 0; t < TIME; t++) {
            Tensor now = x.get(1, t);
            Tensor k = cell.key().of(now);
            Tensor a = cell.strength().of(now).sigmoid();
            Tensor removed = cell.removed(k);
            Tensor matrix = cell.decays(now).expandDims(1).times(eye).minus(Memories.outer(removed, a.times(removed)));
            state = state.matmul(matrix).plus(Memories.outer(cell.value().of(now), cell.replacing(k, a)));
            outputs.add(Memories.read(cell.receptance().of(now), state.transpose()));
        }
        same(cell, Run.of(cell, x).outputs(), Tensor.stack(1, outputs));
    }
}
