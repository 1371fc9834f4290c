package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.kernel.Kernel;
import dev.clew.internal.runtime.kernel.KernelAllocation;
import dev.clew.internal.runtime.kernel.KernelLoop;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Tries;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What it takes to compile graphs of every kind grows as they do. */
final class GrowthTest {
    /** Graphs of other kinds than those of networks, about as large as asked for. */
    private static final Map<String, IntFunction<Tensor>> GRAPHS = ImmutableMap.of(
            "a loop of single numbers",
            steps -> {
                Parameter w = Parameter.of(0.5);
                Tensor h = Tensor.of(0.5);
                for (int t = 0; t < steps; t++) {
                    h = w.times(h).tanh().plus(0.001);
                }
                return withGradient(h, w);
            },
            "a tree",
            leaves -> {
                List<Parameter> parameters = new ArrayList<>();
                List<Tensor> level = new ArrayList<>();
                for (int i = 0; i < leaves; i++) {
                    parameters.add(Parameter.of(0.5));
                    level.add(parameters.getLast().tanh());
                }
                while (level.size() > 1) {
                    List<Tensor> next = new ArrayList<>();
                    for (int i = 0; i + 1 < level.size(); i += 2) {
                        next.add(level.get(i).times(level.get(i + 1)));
                    }
                    level = next;
                }
                Gradients gradients = Gradients.of(level.getFirst());
                return Tensor.stack(0, parameters.stream().map(gradients::wrt).toList());
            },
            "a wide sum",
            terms -> {
                Parameter w = Parameter.of(new double[] {1, 2, 3});
                Tensor sum = Tensor.of(0.0);
                for (int i = 0; i < terms; i++) {
                    sum = sum.plus(w.times(i + 0.5).tanh().sum());
                }
                return withGradient(sum, w);
            },
            "many shapes",
            arrays -> {
                Parameter w = Parameter.of(new double[] {0.5});
                Tensor sum = Tensor.of(0.0);
                for (int i = 0; i < arrays; i++) {
                    Shape shape = Shape.of(1 + i % 7, 1 + i % 5);
                    Tensor array = Tensor.of(NDArray.full(i, DType.F64, shape));
                    sum = sum.plus(array.times(w).sigmoid().sum());
                }
                return withGradient(sum, w);
            },
            "a stack of all states",
            steps -> {
                Parameter w = Parameter.of(new double[] {1, 2, 3});
                Tensor h = w;
                List<Tensor> states = new ArrayList<>();
                for (int t = 0; t < steps; t++) {
                    h = h.times(w).sigmoid();
                    states.add(h);
                }
                return withGradient(Tensor.stack(0, states).square().sum(), w);
            });

    private static Tensor withGradient(Tensor output, Parameter of) {
        return output.plus(Gradients.of(output).wrt(of).sum());
    }

    private static CompiledProgram compiled(Tensor output) {
        return Compiler.compile(Capture.of(List.of(output)).program(), Compiler.ALL);
    }

    /** How many bytes it takes to compile a graph. */
    private static long allocated(Tensor output) {
        long before = KernelAllocation.bytes();
        compiled(output);
        return KernelAllocation.bytes() - before;
    }

    /** What is copied for every node, but is as long as the graph, makes bytes grow as its square. */
    @Test
    void twiceTheGraphTakesTwiceTheBytesToCompile() {
        int size = Tries.longer(4096);
        GRAPHS.forEach((name, graph) -> {
            compiled(graph.apply(size / 8)); // What is made once in a process does not count.
            long one = allocated(graph.apply(size));
            long two = allocated(graph.apply(2 * size));
            assertThat((double) two / one).as(name).isLessThan(2.3);
        });
    }

    /** The plain kernels of a program, each once. */
    private static Set<Kernel> kernels(CompiledProgram code) {
        Set<Kernel> kernels = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Instruction record : RecordDraft.made(code.drafts(), RecordDraft.Form.PLAIN)) {
            if (record instanceof KernelLoop loop) {
                kernels.add(loop.kernel());
            }
        }
        return kernels;
    }

    @Test
    void aLongerLoopOfSingleNumbersHasNoMoreKernels() {
        IntFunction<Tensor> graph = Objects.requireNonNull(GRAPHS.get("a loop of single numbers"));
        int steps = Tries.longer(1000);
        assertThat(kernels(compiled(graph.apply(4 * steps))))
                .as("of %d steps", 4 * steps)
                .hasSizeLessThan(kernels(compiled(graph.apply(steps))).size() + 10)
                .hasSizeLessThan(30);
    }
}
