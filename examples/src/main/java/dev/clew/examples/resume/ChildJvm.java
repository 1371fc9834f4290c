package dev.clew.examples.resume;

import dev.clew.nn.training.Callback;
import dev.clew.nn.training.StepReport;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM as this one is, in which a run goes on or starts, until it is through or killed. */
final class ChildJvm {
    private static final String VECTORS = "jdk.incubator.vector";

    private final LongRun run;

    ChildJvm(LongRun run) {
        this.run = run;
    }

    /** When it is to be killed: some time after it has said a step, so that it is in the middle of something. */
    record Kill(long step, Duration later) {}

    /**
     * What became of it.
     *
     * @param from the step that it went on from; 0 if it began
     * @param last the last step that it made
     */
    record Life(long from, long last, boolean isKilled) {}

    /**
     * Lets it train until a kill, or to its end if there is none.
     *
     * @param shown is told all that the one that trains here would tell it
     */
    Life live(Optional<Kill> kill, Callback shown) throws IOException, InterruptedException {
        Path errors = Files.createDirectories(run.folder()).resolve("errors.txt");
        Process process =
                new ProcessBuilder(command()).redirectError(errors.toFile()).start();
        boolean isKilled = false;
        long from = 0;
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null && !isKilled; line = said.readLine()) {
                if (line.startsWith(LongRun.FROM)) {
                    from = Long.parseLong(line.substring(LongRun.FROM.length()));
                    shown.began(new Callback.Start(from, 0, Optional.of(run.steps()), Optional.empty()));
                } else if (line.startsWith(LongRun.STEP)) {
                    StepReport report = LongRun.report(line);
                    shown.stepped(report);
                    isKilled = kill.filter(each -> report.step() >= each.step).isPresent();
                }
            }
            if (isKilled) {
                Thread.sleep(kill.orElseThrow().later);
            }
        } finally {
            process.destroyForcibly(); // SIGKILL, where there are signals.
            shown.closed();
        }
        boolean isThrough = process.waitFor() == 0;
        if (!isThrough && !isKilled) {
            throw new IOException("resume: training in a JVM of its own failed: " + Files.readString(errors));
        }
        return new Life(from, StepLines.last(run.folder()), !isThrough);
    }

    private List<String> command() {
        String java = ProcessHandle.current()
                .info()
                .command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String path = Stream.of("java.class.path", "jdk.module.path")
                .map(name -> System.getProperty(name, ""))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(java, "--enable-native-access=ALL-UNNAMED"));
        if (ModuleLayer.boot().findModule(VECTORS).isPresent()) {
            command.add("--add-modules=" + VECTORS);
        }
        command.addAll(List.of(
                "-cp",
                path,
                LongRun.class.getName(),
                run.folder().toString(),
                Integer.toString(run.units()),
                Long.toString(run.steps()),
                Long.toString(run.seed())));
        return command;
    }
}
