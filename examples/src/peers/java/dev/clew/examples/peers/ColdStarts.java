package dev.clew.examples.peers;

import dev.clew.examples.benchmark.ColdStart;
import dev.clew.examples.benchmark.ColdStart.Launch;
import java.util.ArrayList;
import java.util.List;

/** Processes of this project and of the other frameworks, from their launch to the first training step. */
public final class ColdStarts {
    private static final List<String> NATIVE = List.of("--enable-native-access=ALL-UNNAMED");

    private ColdStarts() {}

    /** See {@link ColdStart}. */
    public static void main(String[] args) {
        List<Launch> launches = new ArrayList<>(ColdStart.clew());
        launches.add(new Launch("djl", NATIVE, PeerFirstStep.class, List.of("djl")));
        launches.add(new Launch("tensorflow", NATIVE, PeerFirstStep.class, List.of("tensorflow")));
        ColdStart.run(launches, args);
    }
}
