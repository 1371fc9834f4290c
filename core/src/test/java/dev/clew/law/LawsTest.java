package dev.clew.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.GradientCheck;
import dev.clew.audit.GradientReport;
import dev.clew.audit.Verdict;
import dev.clew.gradient.Derivatives;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for the derivative of any graph. */
final class LawsTest {
    private static final int TRIES = 120;
    private static final Shape SHAPE = Shape.of(3, 3);

    @Provide
    Arbitrary<Program> programs() {
        return steps().map(steps -> new Program(steps, false));
    }

    @Provide
    Arbitrary<Program> elementwise() {
        return steps().map(steps -> new Program(steps, true));
    }

    private static Arbitrary<List<Program.Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, Program.OPERATIONS - 1),
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 7))
                .as(Program.Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    private static NDArray draw(long seed) {
        return RandomKey.of(seed).uniform(-1.5, 1.5, DType.F64, SHAPE);
    }

    private static Tensor constant(long seed) {
        return Tensor.of(draw(seed));
    }

    private static void close(Tensor found, Tensor expected, double tolerance) {
        List<NDArray> both = Tensor.values(found, expected);
        double[] a = both.get(0).toDoubles();
        double[] b = both.get(1).toDoubles();
        double size = 1;
        for (double number : b) {
            size = Math.max(size, Math.abs(number));
        }
        assertThat(both.get(0).shape()).isEqualTo(both.get(1).shape());
        for (int i = 0; i < a.length; i++) {
            assertThat(Math.abs(a[i] - b[i]))
                    .as("element %d: %s, %s", i, a[i], b[i])
                    .isLessThanOrEqualTo(tolerance * size);
        }
    }

    @Property(tries = TRIES)
    void aVjpIsLinearInItsCotangent(@ForAll("programs") Program program, @ForAll long seed) {
        Parameter a = Parameter.of(draw(seed));
        Tensor y = program.of(a, constant(seed + 1));
        Tensor u = constant(seed + 2);
        Tensor v = constant(seed + 3);
        Tensor both = Derivatives.vjp(y, a, u.times(2).minus(v.times(0.7)));
        close(
                both,
                Derivatives.vjp(y, a, u).times(2).minus(Derivatives.vjp(y, a, v).times(0.7)),
                1e-12);
    }

    @Property(tries = TRIES)
    void aVjpIsTheTransposeOfTheJvp(@ForAll("programs") Program program, @ForAll long seed) {
        Parameter a = Parameter.of(draw(seed));
        Parameter b = Parameter.of(draw(seed + 1));
        Tensor y = program.of(a, b);
        Tensor v = constant(seed + 2);
        Tensor uA = constant(seed + 3);
        Tensor uB = constant(seed + 4);
        Tensor forward = v.times(Derivatives.jvp(y, Map.of(a, uA, b, uB))).sum();
        Gradients back = Gradients.of(y, v);
        close(forward, back.wrt(a).times(uA).plus(back.wrt(b).times(uB)).sum(), 1e-12);
    }

    @Property(tries = TRIES)
    void gradientsOfSumsAddUpAndThoseOfChainsMultiply(
            @ForAll("programs") Program f, @ForAll("programs") Program g, @ForAll long seed) {
        Parameter a = Parameter.of(draw(seed));
        Tensor b = constant(seed + 1);
        Tensor v = constant(seed + 2);
        Tensor sum = Derivatives.vjp(f.of(a, b).plus(g.of(a, b)), a, v);
        close(sum, Derivatives.vjp(f.of(a, b), a, v).plus(Derivatives.vjp(g.of(a, b), a, v)), 1e-12);

        Tensor inner = f.of(a, b);
        Parameter middle = Parameter.of(inner.value());
        Tensor middleBar = Derivatives.vjp(g.of(b, middle), middle, v);
        close(Derivatives.vjp(g.of(b, inner), a, v), Derivatives.vjp(inner, a, middleBar), 1e-12);
    }

    @Property(tries = TRIES)
    void theGradientOfABroadcastIsTheSum(@ForAll("elementwise") Program program, @ForAll long seed) {
        Parameter row = Parameter.of(draw(seed).rows(0, 1));
        Tensor repeated = row.broadcastTo(SHAPE);
        Tensor v = constant(seed + 1);
        Gradients gradients = Gradients.of(program.of(repeated, constant(seed + 2)), v);
        close(gradients.wrt(row), gradients.wrt(repeated).sum(true, 0), 1e-13);
    }

    @Property(tries = TRIES)
    void permutingTheAxesCommutes(@ForAll("elementwise") Program program, @ForAll long seed) {
        Parameter a = Parameter.of(draw(seed));
        Parameter turned = Parameter.of(a.value().permute(1, 0));
        Tensor b = constant(seed + 1);
        Tensor v = constant(seed + 2);
        Tensor straight = Derivatives.vjp(program.of(a, b), a, v);
        Tensor other = Derivatives.vjp(program.of(turned, b.transpose()), turned, v.transpose());
        assertThat(other.transpose().value()).isEqualTo(straight.value());
    }

    @Property(tries = TRIES)
    void singlePrecisionAgreesToItsDigits(@ForAll("programs") Program program, @ForAll long seed) {
        NDArray a32 = draw(seed).cast(DType.F32);
        NDArray b32 = draw(seed + 1).cast(DType.F32);
        Parameter single = Parameter.of(a32);
        Parameter wide = Parameter.of(a32.cast(DType.F64));
        Tensor v = Tensor.of(draw(seed + 2).cast(DType.F32));
        Tensor y32 = program.of(single, Tensor.of(b32));
        Tensor y64 = program.of(wide, Tensor.of(b32.cast(DType.F64)));
        close(y32.cast(DType.F64), y64, 1e-5);
        close(Derivatives.vjp(y32, single, v).cast(DType.F64), Derivatives.vjp(y64, wide, v.cast(DType.F64)), 1e-4);
    }

    @Property(tries = TRIES)
    void theSameProgramGivesTheSameBits(@ForAll("programs") Program program, @ForAll long seed) {
        assertThat(bits(program, seed)).isEqualTo(bits(program, seed));
    }

    private static List<NDArray> bits(Program program, long seed) {
        Parameter a = Parameter.of(draw(seed));
        Tensor y = program.of(a, constant(seed + 1));
        Tensor gradient = Derivatives.vjp(y, a, constant(seed + 2));
        return List.of(
                y.value(),
                gradient.value(),
                Derivatives.hvp(y.sum(), a, constant(seed + 3)).value());
    }

    /** The one law that does not compare derivatives with derivatives. */
    @Property(tries = 60)
    void differencesOfValuesGiveTheGradientAtOrdersOneAndTwo(@ForAll("programs") Program program, @ForAll long seed) {
        Parameter a = Parameter.of(draw(seed));
        Parameter b = Parameter.of(draw(seed + 1));
        GradientReport report = GradientCheck.of(program.of(a, b), Map.of("a", a, "b", b))
                .withOrder(2)
                .withSeed(seed)
                .report();
        assertThat(report.with(Verdict.WRONG)).as("%s", report).isEmpty();
    }
}
