package dev.clew.internal.compile;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.compile.run.NativeMemory;
import dev.clew.internal.runtime.Retained;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepRule;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Stepped;
import java.util.List;

/** Evaluates one structure after the other, or trains on one length or batch size after the other, in a heap that holds few. */
public final class ManyStructures {
    private static final CompilingEvaluator COMPILED = new CompilingEvaluator(Compiler.ALL);
    private static final int BITS = 16;

    private ManyStructures() {}

    /** What varies. */
    private enum Kind {
        PLANS,
        BATCHES,
        LENGTHS
    }

    public static void main(String[] arguments) {
        Kind kind = Kind.valueOf(System.getProperty("kind", ""));
        int count = Integer.getInteger("count", 0);
        Trained net = new Trained(count >= 200 ? 512 : 192);
        long most = Retained.PLANS.limit();
        for (int i = 0; i < count; i++) {
            compute(kind, net, i);
            if (Retained.PLANS.bytes() > most || NativeMemory.open() > most) {
                throw new AssertionError(
                        i + ": " + Retained.PLANS.bytes() + " bytes and " + NativeMemory.open() + " beside the heap");
            }
        }
        long compiled = COMPILED.compilations();
        compute(kind, net, 0);
        if (COMPILED.compilations() == compiled) {
            throw new AssertionError("the first is still kept, so all of them had room");
        }
        System.out.println("all of them");
    }

    private static void compute(Kind kind, Trained net, int i) {
        switch (kind) {
            case PLANS -> evaluate(i);
            case BATCHES -> net.step(4 + i, 4);
            case LENGTHS -> net.step(4, 2 + i);
        }
    }

    /** The bits of a number say which functions follow each other. */
    private static void evaluate(int number) {
        Parameter w = Parameter.of(new double[] {0.1, 0.2, 0.3, 0.4});
        Tensor x = w;
        for (int bit = 0; bit < BITS; bit++) {
            x = (number >> bit & 1) == 1 ? x.times(w).tanh() : x.plus(w).sigmoid();
        }
        Tensor loss = x.sum();
        COMPILED.evaluate(List.of(loss, Gradients.of(loss).wrt(w)));
    }

    /** A net with a few large matrices. */
    private static final class Trained {
        private final Parameter w;
        private final Parameter u;
        private final StepRule rule;

        Trained(int units) {
            w = Parameter.of(RandomKey.of(1).normal(0, 0.1, DType.F64, Shape.of(8, units)));
            u = Parameter.of(RandomKey.of(2).normal(0, 0.01, DType.F64, Shape.of(units, units)));
            rule = outputs -> {
                Gradients gradients = Gradients.of(outputs.getFirst());
                return new StepChange(
                        ImmutableList.of(gradients.wrt(w), gradients.wrt(u)),
                        ImmutableMap.of(
                                w, w.minus(gradients.wrt(w).times(0.01)),
                                u, u.minus(gradients.wrt(u).times(0.01))));
            };
        }

        void step(int rows, int steps) {
            NDArray data = RandomKey.of(3).normal(0, 1, DType.F64, Shape.of(rows, 8));
            Tensor h = Tensor.zeros(DType.F64, rows, u.shape().length(0));
            for (int t = 0; t < steps; t++) {
                h = Tensor.of(data).matmul(w).plus(h.matmul(u)).tanh();
            }
            Stepped.by(COMPILED, List.of(h.square().mean()), rule);
        }
    }
}
