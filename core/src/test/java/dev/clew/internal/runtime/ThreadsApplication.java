package dev.clew.internal.runtime;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.plan.Plan;
import dev.clew.plan.Threads;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Computes with two threads until vector code is being warmed up, and stops. */
public final class ThreadsApplication {
    private static final int RUNS = 50;

    private ThreadsApplication() {}

    public static void run() {
        Threads.use(2);
        RandomKey key = RandomKey.of(1);
        Parameter w = Parameter.of(key.uniform(-0.1, 0.1, DType.F32, Shape.of(256, 256)));
        Tensor h = Tensor.of(key.fold(1).uniform(-1, 1, DType.F32, Shape.of(64, 256)));
        for (int step = 0; step < 4; step++) {
            h = h.matmul(w).tanh();
        }
        Tensor loss = h.square().sum();
        Plan plan = Plan.compile(List.of(loss, Gradients.of(loss).wrt(w)));
        List<NDArray> first = plan.run(Map.of());
        for (int run = 0; run < RUNS; run++) {
            require(plan.run(Map.of()).equals(first), "other numbers in run " + run);
        }
        require(loss.value().equals(first.getFirst()), "another value");
        Set<String> threads = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .collect(Collectors.toSet());
        require(threads.contains("clew-worker-1"), "no worker among " + threads);
        require(threads.contains("clew-warm-up"), "nothing is being warmed up: " + threads);
        require(Threads.shutDown(Duration.ofSeconds(30)), "threads do not end");
        require(Threads.count() == 1, "threads are left: " + Threads.count());
        require(plan.run(Map.of()).equals(first), "other numbers after the end");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalStateException(message);
        }
    }
}
