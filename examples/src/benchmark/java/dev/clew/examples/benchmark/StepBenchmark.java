package dev.clew.examples.benchmark;

import dev.clew.examples.benchmark.job.Jobs;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Training steps of this project by JMH, each job in a process of its own. The losses fall while it runs; the time of a step does not
 * depend on them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class StepBenchmark {
    /** The letter of the job. */
    @Param({"A", "D", "E"})
    public String job = "";

    private Trainer trainer = () -> Double.NaN;

    /** Puts weights and data in place. */
    @Setup
    public void create() {
        trainer = ClewEngine.planned(1)
                .train(Jobs.chosen(Jobs.full(), List.of(job)).getFirst());
    }

    /** The loss, so that nothing can be left out. */
    @Benchmark
    public double step() {
        return trainer.step();
    }

    /** JMH with its own options, as in {@code -Dexample.args="StepBenchmark -p job=A"}. */
    public static void main(String[] args) throws IOException {
        org.openjdk.jmh.Main.main(Choice.split(args).toArray(new String[0]));
    }
}
