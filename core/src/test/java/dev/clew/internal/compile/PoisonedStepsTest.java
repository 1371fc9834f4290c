package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Training on a memory that is NaN wherever nothing is in use, within steps and between them: to the bit the same parameters. */
final class PoisonedStepsTest {
    private static final int TRAINED = 4;

    @Provide
    Arbitrary<String> networks() {
        return Arbitraries.of(Nets.all().keySet());
    }

    private static Descent descent(String name, DType type, int steps, long seed) {
        return Descent.of(Nets.net(name, new Nets(type, seed), steps));
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void stepsReadOnlyWhatIsInUse(
            @ForAll("networks") String name,
            @ForAll @IntRange(min = 1, max = 6) int steps,
            @ForAll boolean single,
            @ForAll boolean plain,
            @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        RecordDraft.Form form = plain ? RecordDraft.Form.PLAIN : RecordDraft.Form.VECTOR;
        Descent clean = descent(name, type, steps, seed);
        Descent between = descent(name, type, steps, seed);
        Descent within = descent(name, type, steps, seed);
        CompiledProgram code = clean.compiled();
        List<String> start = BitsTest.bits(
                clean.parameters().stream().map(parameter -> parameter.value()).toList());
        List<String> expected = BitsTest.bits(clean.trained(code, TRAINED, _ -> {}));
        assertThat(expected).isNotEqualTo(start);
        assertThat(expected.getLast()).isEqualTo(start.getLast());
        assertThat(BitsTest.bits(between.trained(code, TRAINED, memory -> between.poison(code, memory))))
                .isEqualTo(expected);
        assertThat(BitsTest.bits(within.byHand(
                        code,
                        TRAINED,
                        memory -> Poisoned.run(code, memory, form),
                        memory -> within.poison(code, memory))))
                .isEqualTo(expected);
    }

    /** Were a parameter's place given to others when a step is done with it, some networks would read what is not there. */
    @Test
    void aParameterThatDoesNotKeepItsPlaceIsNoticed() {
        List<String> noticed = new ArrayList<>();
        for (String name : Nets.all().keySet()) {
            Descent descent = descent(name, DType.F64, 3, 1);
            CompiledProgram code = descent.compiled(new BitSet());
            try {
                descent.byHand(code, 2, memory -> Poisoned.run(code, memory, RecordDraft.Form.PLAIN), _ -> {});
            } catch (ArithmeticException error) {
                assertThat(error).hasMessage("step 1 is not finite");
                noticed.add(name);
            }
        }
        assertThat(noticed).contains("bidirectional RNN", "tide");
    }
}
