package dev.clew.examples.benchmark;

import dev.clew.array.DType;
import dev.clew.compile.Plan;
import dev.clew.examples.benchmark.job.CharacterRnn;
import dev.clew.examples.benchmark.job.Text;
import dev.clew.nn.loss.Reduce;
import dev.clew.nn.optimizer.Sgd;
import java.util.Arrays;
import java.util.Map;

public final class LongLoop {
    public static void main(String[] args) {
        int steps = Integer.parseInt(args[0]);
        double part = Double.parseDouble(args[1]);
        int rounds = Integer.parseInt(args[2]);
        System.setProperty("clew.threads", "1");
        CharacterRnn job = new CharacterRnn("G", Text.RANDOM, 65, 256, steps, 64, DType.F32, Reduce.MEAN, 0.5);
        var one = job.model();
        var two = job.model();
        long t0 = System.nanoTime();
        Plan whole = Sgd.of(one, job.rate()).compile(one.loss());
        long t1 = System.nanoTime();
        Plan small = Sgd.of(two, job.rate()).compileWithin((long) (whole.bytes() * part), two.loss());
        long t2 = System.nanoTime();
        System.out.printf("bytes %d %d (%.3f); compile %.2f s %.2f s%n", whole.bytes(), small.bytes(), small.bytes() / (double) whole.bytes(), (t1 - t0) / 1e9, (t2 - t1) / 1e9);
        System.out.println(whole.explain().lines().limit(40).reduce("", (a, b) -> a + b + "\n"));
        System.out.println(small.explain().lines().limit(60).reduce("", (a, b) -> a + b + "\n"));
        double[] a = new double[rounds];
        double[] b = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long s = System.nanoTime();
            double x = whole.run(Map.of()).getFirst().item();
            a[i] = (System.nanoTime() - s) / 1e6;
            s = System.nanoTime();
            double y = small.run(Map.of()).getFirst().item();
            b[i] = (System.nanoTime() - s) / 1e6;
            System.out.printf("%d: %.1f ms  %.1f ms  %.3f   loss %s %s%n", i, a[i], b[i], b[i] / a[i], x, x == y);
        }
        double[] as = Arrays.copyOfRange(a, rounds / 2, rounds);
        double[] bs = Arrays.copyOfRange(b, rounds / 2, rounds);
        Arrays.sort(as);
        Arrays.sort(bs);
        System.out.printf("second half: best %.1f %.1f ratio %.3f; median %.1f %.1f ratio %.3f%n", as[0], bs[0], bs[0] / as[0], as[as.length / 2], bs[bs.length / 2], bs[bs.length / 2] / as[as.length / 2]);
    }
}
