package dev.clew.examples.benchmark;

import dev.clew.examples.benchmark.job.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that trains one step of the first job, says so, and ends: what {@link ColdStart} starts. */
public final class FirstStep {
    private FirstStep() {}

    /** This project. */
    public static void main(String[] args) throws IOException {
        take(ClewEngine.rebuilt(1));
    }

    /** Prints the loss and the peak of the resident memory in kB, when the step is done. */
    public static void take(Engine engine) throws IOException {
        double loss = engine.train(Jobs.alphabet()).step();
        System.out.println(loss + " " + peakKilobytes());
    }

    /** What Linux calls the high-water mark of the resident set; −1 elsewhere. */
    private static long peakKilobytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D+", ""));
                }
            }
        }
        return -1;
    }
}
