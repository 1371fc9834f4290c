package dev.clew.examples.resume;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.training.Callback;
import dev.clew.nn.training.Display;
import dev.clew.nn.training.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains twice from one seed: once without a break, and once in JVMs that are killed by SIGKILL, each of which goes on from the snapshot that the one
 * before has left. Both must end with the same bits.
 *
 * <p>A JVM that is killed so has no time to save anything: what goes on is from the last snapshot, and the steps since then are made again.
 */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Trains, is killed by SIGKILL, goes on, and ends as if nothing had been.")
public final class Resume implements Callable<Integer> {
    private static final int LONGEST_MILLIS = 20;

    @Option(names = "--units", defaultValue = "32", description = "units of the GRU; default: ${DEFAULT-VALUE}")
    private int units;

    @Option(names = "--steps", defaultValue = "600", description = "steps of training; default: ${DEFAULT-VALUE}")
    private long steps;

    @Option(names = "--kills", defaultValue = "4", description = "how often it is killed; default: ${DEFAULT-VALUE}")
    private int kills;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "seed of weights, draws and kills; default: ${DEFAULT-VALUE}")
    private long seed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (units < 1 || kills < 0 || steps < 20L * (kills + 1)) {
            throw new IllegalArgumentException("--units=" + units + " --steps=" + steps + " --kills=" + kills
                    + ": there is 1 unit or more, and there are 20 steps for each kill and for the end");
        }
        Path folder = Files.createTempDirectory("clew-resume");
        try {
            return compared(folder.resolve("whole"), folder.resolve("killed"));
        } finally {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private int compared(Path whole, Path killed) throws IOException, InterruptedException {
        Ending<Adder> ending = new LongRun(whole, units, steps, seed).trainer().start();
        if (!(ending instanceof Ending.Finished<Adder>)) {
            throw new ArithmeticException("resume: " + ending);
        }
        System.out.println("without a break: " + ending);
        List<ChildJvm.Life> lives = lives(new LongRun(killed, units, steps, seed));
        long twice = 0;
        for (int i = 1; i < lives.size(); i++) {
            twice += lives.get(i - 1).last() - lives.get(i).from();
        }
        long times = lives.stream().filter(ChildJvm.Life::isKilled).count();
        Comparison comparison = Comparison.of(whole, killed);
        System.out.printf(
                Locale.ROOT,
                "killed %d times: finished after %d steps, and %d that were made again%n%s%n",
                times,
                lives.getLast().last(),
                twice,
                comparison);
        boolean isShown = comparison.isEqual() && times == kills;
        System.out.println(isShown ? "" : "(MISSED)");
        return isShown ? 0 : 1;
    }

    private List<ChildJvm.Life> lives(LongRun run) throws IOException, InterruptedException {
        ChildJvm child = new ChildJvm(run);
        List<ChildJvm.Life> lives = new ArrayList<>();
        Callback shown = Display.isTerminal() ? Display.bar(System.err) : new Callback() {};
        for (ChildJvm.Kill kill : kills()) {
            ChildJvm.Life life = child.live(Optional.of(kill), shown);
            lives.add(life);
            told(life);
            if (!life.isKilled()) {
                return lives; // It was faster than the signal.
            }
        }
        lives.add(child.live(Optional.empty(), shown));
        told(lives.getLast());
        return lives;
    }

    private static void told(ChildJvm.Life life) {
        System.out.printf(
                Locale.ROOT,
                "%s, %s after step %d%n",
                life.from() == 0 ? "started" : "went on after step " + life.from(),
                life.isKilled() ? "killed" : "finished",
                life.last());
    }

    /** At moments that look random and follow from the seed: one in each part of the run. */
    private List<ChildJvm.Kill> kills() {
        List<ChildJvm.Kill> all = new ArrayList<>();
        double part = (double) steps / (kills + 1);
        for (int i = 0; i < kills; i++) {
            double[] drawn = RandomKey.of(seed)
                    .fold(1)
                    .fold(i)
                    .uniform(0, 1, DType.F64, Shape.of(2))
                    .toDoubles();
            long step = (long) (part * (i + 0.2 + 0.6 * drawn[0]));
            all.add(new ChildJvm.Kill(step, Duration.ofMillis((long) (LONGEST_MILLIS * drawn[1]))));
        }
        return all;
    }
}
