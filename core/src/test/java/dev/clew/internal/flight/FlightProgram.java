package dev.clew.internal.flight;

import dev.clew.array.DType;
import dev.clew.gradient.Gradients;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Compiles, steps, and keeps more than it may, while that is recorded; fails if what was recorded is not that. */
public final class FlightProgram {
    private static final String NAMES = "dev.clew.";
    private static final int STRUCTURES = 40;

    private FlightProgram() {}

    /** The same without a recorder, in a class that does not mention it. */
    public static final class Alone {
        private Alone() {}

        public static void main(String[] arguments) {
            boolean isThere = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
            System.out.println((isThere ? "a" : "no") + " recorder, "
                    + Tensor.of(new double[] {1, 2, 3, 4}).sum().value().item());
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Files.createTempFile("flight", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(NAMES + "StepRun").withoutThreshold();
            for (String name : List.of("PlanCompiled", "BytesKept", "BytesDropped")) {
                recording.enable(NAMES + name);
            }
            recording.start();
            work();
            recording.stop();
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            plans(named(events, "PlanCompiled"));
            steps(named(events, "StepRun"));
            bytes(named(events, "BytesKept"), named(events, "BytesDropped"));
        } finally {
            Files.delete(file);
        }
        System.out.println("recorded");
    }

    private static void work() {
        Parameter w = Parameter.of(Tensor.zeros(DType.F64, 4).plus(1).value());
        Tensor loss = w.square().sum();
        Plan plan = Plan.compile(
                List.of(loss), Map.of(w, w.minus(Gradients.of(loss).wrt(w).times(0.1))));
        for (int step = 0; step < 3; step++) {
            plan.run(Map.of());
        }
        for (int i = 1; i <= STRUCTURES; i++) {
            for (int time = 0; time < 2; time++) { // The first is walked, since it may be the only one.
                Tensor.zeros(DType.F64, 100 * i).plus(1).exp().sum().value();
            }
        }
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(NAMES + name))
                .toList();
    }

    private static void plans(List<RecordedEvent> compiled) {
        require(compiled.size() > STRUCTURES, "plans", compiled);
        List<RecordedEvent> training =
                compiled.stream().filter(event -> event.getBoolean("trains")).toList();
        require(training.size() == 1, "one plan trains", training);
        RecordedEvent plan = training.getFirst();
        require(plan.getInt("nodes") > 3 && plan.getInt("records") > 0 && plan.getLong("bytes") > 0, "sizes", plan);
        require(plan.getDuration().toNanos() > 0, "a duration", plan);
        require(
                plan.getStackTrace().getFrames().stream()
                        .anyMatch(frame -> frame.getMethod().getName().equals("work")),
                "who compiled",
                plan);
    }

    private static void steps(List<RecordedEvent> steps) {
        require(steps.size() == 3 + STRUCTURES, "every run", steps.size());
        RecordedEvent step = steps.getLast();
        require(step.getDuration().toNanos() > 0, "a duration", step);
        require(step.getInt("records") > 0 && step.getInt("vectorRecords") == 0, "records", step);
    }

    private static void bytes(List<RecordedEvent> kept, List<RecordedEvent> dropped) {
        List<RecordedEvent> plans = kept.stream()
                .filter(event -> event.getString("what").equals("plans"))
                .toList();
        require(plans.size() >= STRUCTURES, "plans that are kept", kept);
        require(
                plans.getLast().getLong("bytes") > 0
                        && plans.getLast().getLong("total") > 0
                        && plans.getLast().getLong("limit") == (100L << 10) / 8 * 7,
                "bytes",
                plans.getLast());
        require(!dropped.isEmpty() && dropped.getFirst().getBoolean("makesRoom"), "plans that are dropped", dropped);
        require(dropped.getFirst().getLong("bytes") > 0, "bytes", dropped.getFirst());
    }

    private static void require(boolean holds, String what, Object found) {
        if (!holds) {
            throw new IllegalStateException(what + ": " + found);
        }
    }
}
