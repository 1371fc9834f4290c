package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Tries;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One thread or two: the same bits. */
public final class WorkersTest {
    private static final int STEPS = Tries.longer(6);
    private static final int BATCH = 64;
    private static final int UNITS = 256;

    @Test
    void oneThreadAndTwoGiveTheSameBits() throws Exception {
        String one = digest(1);
        assertThat(one).startsWith("threads 1: ");
        assertThat(digest(2)).isEqualTo(one.replace("threads 1", "threads 2"));
    }

    @Test
    void anErrorOfATaskReachesTheCaller() {
        assertThatThrownBy(() -> Workers.run(
                        (memory, part, parts) -> {
                            throw new IllegalStateException("part " + part);
                        },
                        MemorySegment.NULL))
                .hasMessage("part 0");
    }

    private static String digest(int threads) throws Exception {
        return OtherJava.run(WorkersTest.class, "-Dclew.threads=" + threads).strip();
    }

    /** Values and gradients of a recurrent loop whose products and kernels are large enough to be shared. */
    public static void main(String[] arguments) {
        RandomKey key = RandomKey.of(11);
        Parameter wx = parameter(key.fold(1), 32, UNITS);
        Parameter wh = parameter(key.fold(2), UNITS, UNITS);
        Tensor h = Tensor.zeros(DType.F32, BATCH, UNITS);
        for (int t = 0; t < STEPS; t++) {
            Tensor x = Tensor.of(key.fold(10 + t).uniform(-1, 1, DType.F32, Shape.of(BATCH, 32)));
            h = x.matmul(wx).plus(h.matmul(wh)).tanh();
        }
        Tensor loss = h.square().sum();
        Gradients gradients = Gradients.of(loss);
        List<NDArray> values = Tensor.values(loss, h, gradients.wrt(wx), gradients.wrt(wh));
        System.out.println("threads " + Workers.THREADS + ": " + values.hashCode());
    }

    private static Parameter parameter(RandomKey key, int rows, int columns) {
        return Parameter.of(key.uniform(-0.2, 0.2, DType.F32, Shape.of(rows, columns)));
    }
}
