package dev.clew.examples.peers;

import dev.clew.examples.benchmark.Engine;
import dev.clew.examples.benchmark.FirstStep;
import java.io.IOException;

/** A process that trains one step of the first job in another framework, says so, and ends. */
public final class PeerFirstStep {
    private PeerFirstStep() {}

    /** The argument is the name of the engine. */
    public static void main(String[] args) throws IOException {
        Engine engine = args[0].equals("djl") ? DjlEngine.loops(1) : new TensorFlowEngine(1);
        FirstStep.take(engine);
    }
}
