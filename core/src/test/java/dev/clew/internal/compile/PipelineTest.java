package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.program.Program;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The one list of stages, and what can be seen between two of them. */
final class PipelineTest {
    private static Compilation compilation(Set<Pass> passes) {
        Parameter x = Parameter.of(new double[][] {{1, 2}, {3, 4}});
        Parameter w = Parameter.of(new double[][] {{5, 6}, {7, 8}});
        Parameter u = Parameter.of(new double[][] {{1, 0}, {0, 1}});
        Tensor y = x.matmul(w).times(1).tanh().minus(3).plus(x.matmul(u));
        return Compilation.of(Capture.of(List.of(y)).program(), passes, List.of(), new BitSet());
    }

    private static String show(String stage) {
        return Pipeline.show(stage, compilation(Compiler.ALL));
    }

    @Test
    void everyStageHasANameOfItsOwn() {
        Set<String> names = new HashSet<>();
        assertThat(Pipeline.STAGES)
                .allSatisfy(stage ->
                        assertThat(names.add(stage.name())).as(stage.name()).isTrue());
    }

    @Test
    void whatAStageLeavesCanBeRead() {
        assertThat(show("simplify")).contains("= MatMul").doesNotContain("Concat", "MULTIPLY");
        assertThat(show("merge columns of parameters")).contains("= Concat", "MatMul", "(2, 4) f64");
        assertThat(show("fuse")).contains("= matmul (2, 4) f64}", "= minus (2, 2) f64; %");
        assertThat(show("place")).contains(" lies at (2, 4) f64 at 0 by [4, 1] of a block of 64 bytes");
        assertThat(show("arrange")).contains("product", "loop");
    }

    @Test
    void everyStageCanBeShown() {
        assertThat(Pipeline.STAGES)
                .allSatisfy(stage -> assertThat(show(stage.name())).isNotEmpty());
    }

    @Test
    void aStageThatDoesNotExistNamesThoseThatDo() {
        assertThatThrownBy(() -> show("fusion"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no stage \"fusion\": there are simplify, merge columns of parameters, ")
                .hasMessageEndingWith(", emit, overlay, arrange");
    }

    @Test
    void whatIsLeftOutLeavesTheProgramAsItIs() {
        Compilation compilation = compilation(EnumSet.noneOf(Pass.class));
        Program captured = compilation.program();
        Pipeline.run(Pipeline.BEFORE_PHASES, compilation);
        assertThat(compilation.program()).isSameAs(captured);
    }

    @Test
    void whatNoStageHasMadeIsNotThere() {
        assertThatThrownBy(() -> compilation(Compiler.ALL).emitted())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no stage has made the records yet");
    }
}
